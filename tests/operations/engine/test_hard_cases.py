"""Rare orders of events that had fooled the engine: each a run that once ended with a second effect or a lost outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from operations.aws.gateway import Access, Gateway
from operations.aws.redaction import Redactor
from operations.aws.secret_words import REDACTED
from operations.engine import parking
from operations.engine.context import RunContext
from operations.engine.pace import Pace
from operations.engine.runner import Assignment, Runner
from state.boot import boot_clock
from state.errors import LeaseLostError
from state.events import Direction, RunResult
from state.journal import Journal
from state.lease import lease_path
from state.lease_record import LeaseRecord
from state.projections.progress import fold_progress
from state.projections.states import OperationState
from state.request_events import RequestRun
from tests.operations.engine.conftest import CATALOG, Bench
from tests.operations.engine.fake_aws import CrashError, FakeSessions, _error
from tests.operations.engine.plans import NETWORK, parameter
from tests.operations.engine.test_lease_loss import CHAIN, Clock, go, slow_at

MakeBench = Callable[[str], Bench]
Answers = Callable[[str, dict[str, Any]], dict[str, Any]]

GATEWAY = """
- id: nat
  title: A way out
  kind: infrastructure
  on_failure: roll_back
  forward:
    - api: "ec2:CreateNatGateway"
      params: {SubnetId: subnet-1, TagSpecifications: [{ResourceType: natgateway, Tags: [{Key: Name, Value: n}]}]}
      save: {nat: NatGateway.NatGatewayId}
    - {api: "ssm:PutParameter", params: {Name: /a, Value: "1", Type: String}}
  inverse:
    - {api: "ssm:DeleteParameter", params: {Name: /a}}
    - {api: "ec2:DeleteNatGateway", params: {NatGatewayId: "${nat}"}}
"""


def answered_by(bench: Bench, answers: Answers) -> None:
    """Have everything but the question who we are answered by a function."""

    async def handle(action: str, params: dict[str, Any]) -> dict[str, Any]:
        if action == "get_caller_identity":
            return bench.aws.get_caller_identity()
        return answers(action, params)

    bench.aws.handle = handle  # type: ignore[method-assign]


def at_the_clocks_pace(bench: Bench, monkeypatch: pytest.MonkeyPatch, ahead: list[float]) -> None:
    """Have plan seconds last as long as the clock's, which goes ahead: a token is not old because a test was slow."""
    made = bench._context

    def context(journal: Journal, gateway: Gateway, run: str) -> RunContext:
        clock = lambda: datetime.now(UTC) + timedelta(seconds=ahead[0])  # noqa: E731
        return replace(made(journal, gateway, run), clock=clock, pace=Pace(1.0))

    monkeypatch.setattr(bench, "_context", context)


def test_a_guard_is_made_by_the_next_runner_when_the_first_died_before_its_verdict(bench: MakeBench) -> None:
    """A way back that had been begun counted as one whose guards had held."""
    guard = '  guard:\n    - {api: "ssm:GetParameter", params: {Name: /safe}, expect: "Parameter.Value == \'yes\'"}'
    on = bench(parameter("a", extra=guard))
    on.aws.parameters["/safe"] = "no"
    on.run()
    on.aws.faults["get_parameter"] = ["crash before"]
    with pytest.raises(CrashError):
        on.roll_back()
    assert on.resume() is RunResult.HELD
    assert on.aws.parameters == {"/safe": "no", "/a": "1"}


def test_a_look_is_made_again_before_the_change_that_rests_on_it(bench: MakeBench) -> None:
    """The replica had caught up when the first run failed; days later it was promoted on the strength of that."""
    on = bench(
        parameter("a").replace(
            "  forward:\n",
            '  forward:\n    - {api: "ssm:GetParameter", params: {Name: /lag}, until: "Parameter.Value == \'0\'", timeout_seconds: 5}\n',
        )
    )
    on.aws.parameters["/lag"] = "0"
    on.aws.faults["put_parameter"] = ["denied"]
    assert on.run() is RunResult.FAILED
    on.aws.parameters["/lag"] = "900"
    assert on.run() is RunResult.FAILED
    assert "/a" not in on.aws.parameters
    on.aws.parameters["/lag"] = "0"
    assert on.run() is RunResult.SUCCEEDED


def test_a_checkpoint_is_made_again_while_nothing_was_changed(bench: MakeBench) -> None:
    """The way back put back what had been there before an attempt that had changed nothing."""
    on = bench(
        """
- id: weight
  title: A weight
  kind: configuration
  checkpoint:
    - {api: "ssm:GetParameter", params: {Name: /w}, save: {before: Parameter.Version}}
  forward:
    - {api: "ssm:PutParameter", params: {Name: /w, Value: "new", Type: String, Overwrite: true}}
  inverse:
    - {api: "ssm:PutParameter", params: {Name: /w, Value: "${before}", Type: String, Overwrite: true}}
"""
    )
    version = [1]
    on.aws.get_parameter = lambda Name: {"Parameter": {"Name": Name, "Version": version[0]}}  # type: ignore[method-assign]
    on.aws.faults["put_parameter"] = ["denied"]
    assert on.run() is RunResult.FAILED
    version[0] = 2
    assert on.run() is RunResult.SUCCEEDED
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.parameters == {"/w": 2}


def test_a_run_whose_own_way_back_is_in_doubt_says_so(bench: MakeBench) -> None:
    """It ended as failed, with an exit code that told nobody that somebody has to look."""
    on = bench(
        parameter("a", extra="  on_failure: roll_back\n").replace(
            "  inverse:\n",
            '  inverse:\n    - {api: "sns:Publish", params: {TopicArn: "arn:t", Message: /a}}\n',
        )
    )
    on.aws.get_parameter = lambda Name: {"Parameter": {"Name": Name, "Value": "other"}}  # type: ignore[method-assign]
    on.aws.faults["publish"] = ["reply lost"]
    assert on.run() is RunResult.IN_DOUBT
    assert on.state("a") is OperationState.IN_DOUBT


def test_a_client_token_is_not_used_again_for_what_was_undone_in_the_same_run(bench: MakeBench) -> None:
    """AWS would have answered with the gateway that had been deleted."""
    on = bench(GATEWAY)
    tokens: list[str] = []

    def answers(action: str, params: dict[str, Any]) -> dict[str, Any]:
        if action == "create_nat_gateway":
            tokens.append(params["ClientToken"])
            return {"NatGateway": {"NatGatewayId": f"nat-{len(tokens)}"}}
        if action == "put_parameter" and len(tokens) == 1:
            raise _error(action, "AccessDeniedException", 400)
        if action == "get_parameter":
            raise _error(action, "ParameterNotFound", 400)
        return {"NatGateways": []} if action == "describe_nat_gateways" else {}

    answered_by(on, answers)
    assert on.run() is RunResult.FAILED
    assert on.state("nat") is OperationState.ROLLED_BACK
    assert on.resume() is RunResult.SUCCEEDED
    assert len(set(tokens)) == 2


def test_a_token_is_not_replayed_when_the_login_took_longer_than_it_is_valid(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first call had its effect, its repeat met expired credentials, and nine hours later came a second effect."""
    on, ahead, sent = bench(GATEWAY), [0.0], []
    at_the_clocks_pace(on, monkeypatch, ahead)

    def answers(action: str, params: dict[str, Any]) -> dict[str, Any]:
        if action == "create_nat_gateway":
            sent.append(params["ClientToken"])
            if len(sent) == 1:
                raise ReadTimeoutError(endpoint_url="http://fake")
            if len(sent) == 2:
                ahead[0] = 9 * 3600.0
                raise _error(action, "ExpiredToken", 400)
        if action == "get_parameter":
            raise _error(action, "ParameterNotFound", 400)
        there = [{"NatGatewayId": "nat-1", "SubnetId": "subnet-1"}] if sent else []
        return {"NatGateways": there} if action == "describe_nat_gateways" else {}

    monkeypatch.setattr(parking, "LOOK_SECONDS", 0.001)
    answered_by(on, answers)
    assert on.run() is RunResult.SUCCEEDED
    assert len(sent) == 2
    assert on.status().of("nat").saved["nat"] == "nat-1"


def test_what_was_there_before_is_not_taken_for_our_own_because_a_repeat_meets_it(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup plan of somebody else's was adopted, and the way back deleted it."""
    on = bench(
        """
- id: plan
  title: A backup plan
  kind: configuration
  forward:
    - {api: "backup:CreateBackupPlan", params: {BackupPlan: {BackupPlanName: p, Rules: []}}, save: {plan_id: BackupPlanId}}
  inverse:
    - {api: "backup:DeleteBackupPlan", params: {BackupPlanId: "${plan_id}"}}
"""
    )
    at_the_clocks_pace(on, monkeypatch, [0.0])
    calls: list[str] = []

    def answers(action: str, params: dict[str, Any]) -> dict[str, Any]:
        del params
        if action == "list_backup_plans":
            return {"BackupPlansList": [{"BackupPlanName": "p", "BackupPlanId": "somebody-elses"}]}
        calls.append(action)
        if len(calls) == 1:
            raise ReadTimeoutError(endpoint_url="http://fake")
        raise _error(action, "AlreadyExistsException", 400)

    answered_by(on, answers)
    assert on.run() is RunResult.IN_DOUBT
    assert on.roll_back() is RunResult.IN_DOUBT
    assert calls == ["create_backup_plan"] * 2


def test_an_outcome_is_told_when_its_expectation_cannot_be_filled_in(bench: MakeBench) -> None:
    """The call had its effect, and the journal said that nobody knew."""
    on = bench(
        parameter("a").replace(
            "Type: String}}", "Type: String}, save: {tier: Tier}, expect: \"Tier == '${tier}'\"}"
        )
    )
    assert on.run() is RunResult.FAILED
    (outcome,) = on.events("step.outcome")
    assert outcome.data["result"] == "applied"
    assert "tier" in outcome.data["error"]


@pytest.mark.parametrize(
    ("save", "instead", "fault", "result"),
    [
        ('"Vpcs[].VpcId"', '"length(Nope)"', [], RunResult.FAILED),
        ("vpc_id: Vpc.VpcId", 'vpc_id: Vpc.VpcId, n: "length(Vpc.Nope)"', ["reply lost"], RunResult.IN_DOUBT),
    ],
)
def test_what_cannot_be_saved_ends_the_operation_and_not_the_runner(
    bench: MakeBench, save: str, instead: str, fault: list[str], result: RunResult
) -> None:
    """An expression that a checkpoint, or a probe's answer, did not fit ended every runner that took the run up."""
    on = bench(NETWORK.replace(save, instead))
    on.aws.faults["create_vpc"] = list(fault)
    assert on.run() is result
    assert on.events("run.finished")
    assert len(on.aws.networks) == len(fault)


@pytest.mark.parametrize(
    "answer",
    [
        {"FailedResourcesMap": {"arn:aws:s3:::b": {"StatusCode": 400, "ErrorCode": "InvalidParameter"}}},
        {"tasks": [{"taskArn": "x"}], "failures": [{"reason": "InvalidParameter"}]},
        {"Unsuccessful": [{"ResourceId": "x", "Error": {"Code": "InvalidParameter"}}]},
    ],
)
def test_a_batch_that_is_not_known_by_name_is_not_done_while_its_answer_lists_failures(
    bench: MakeBench, answer: dict[str, Any]
) -> None:
    on = bench(parameter("a"))
    on.aws.put_parameter = lambda **_: answer  # type: ignore[method-assign, assignment]
    assert on.run() is RunResult.IN_DOUBT
    doubt = on.events("operation.in_doubt")[-1].data
    assert doubt["proposal"] == "partial"
    assert doubt["evidence"]["items"]["failed"][0]["code"] == "InvalidParameter"


def test_a_command_that_was_not_started_for_want_of_the_lease_is_not_in_doubt(bench: MakeBench) -> None:
    command = '    - {api: "ssm:GetParameter", params: {Name: /x}}\n    - command: ["true"]\n  verify:'
    on, clock = bench(parameter("a").replace("  verify:", command, 1)), Clock()
    on.aws.parameters["/x"] = "1"

    def on_call(action: str, params: dict[str, Any]) -> None:
        if action == "get_parameter" and params["Name"] == "/x":
            clock.ahead += 31

    on.aws.on_call = on_call
    with pytest.raises(LeaseLostError):
        go(on, clock)
    assert not [step for step in fold_progress(on.events())["a"].values() if step.in_doubt]


def test_secrets_of_any_type_are_masked_wherever_they_turn_up(bench: MakeBench) -> None:
    reads = '    - {api: "ec2:DescribeVpcs", params: {}, save: {pin: "Vpcs[0].Pin", all: "Vpcs[].Harm"}, sensitive: [pin, all]}\n'
    on = bench(
        parameter("a")
        .replace("  forward:\n", "  forward:\n" + reads)
        .replace("Type: String}}", 'Type: String, Description: "${pin}", AllowedPattern: "${all}"}}')
    )
    on.aws.describe_vpcs = lambda: {"Vpcs": [{"Harm": "hush-hush", "Pin": 48151623}]}  # type: ignore[method-assign, assignment]
    on.aws.put_parameter = lambda **sent: on.aws.parameters.update({sent["Name"]: sent["Value"]}) or {}  # type: ignore[method-assign, func-returns-value]
    assert on.run() is RunResult.SUCCEEDED
    raw = str([event.data for event in on.events()])
    assert "48151623" not in raw
    assert "hush-hush" not in raw


def test_a_secret_is_masked_before_what_was_seen_is_cut_short(bench: MakeBench) -> None:
    """The first 76 characters of a longer secret stood in the message of a verification that failed."""
    secret = "".join(f"k{number:03d}" for number in range(60))
    verify = '  verify:\n    - {api: "secretsmanager:GetSecretValue", params: {SecretId: s}, expect: "SecretString == \'x\'"}'
    on = bench(parameter("a").replace("  verify:", verify, 1))
    on.aws.get_secret_value = lambda SecretId: {"SecretString": secret}  # type: ignore[attr-defined]
    assert on.run() is RunResult.FAILED
    assert "k000k001" not in str([event.data for event in on.events()])
    assert f"SecretString is '{REDACTED}'" in on.events("check.result")[-1].data["message"]


def test_a_runner_that_was_taken_over_tells_what_came_of_its_call_and_nothing_more(bench: MakeBench) -> None:
    """It went on to begin the next operation in the journal, which the other one had carried out by then."""
    on, clock = bench(CHAIN), Clock()

    async def runner(take_over: int | None = None, run: str | None = None) -> RunResult:
        operations = tuple(on.loaded.plan.operations)
        with on.journal() as journal:
            asked = journal.append(RequestRun(operations=operations, confirmed="test"))
            gateway = Gateway(
                FakeSessions(on.aws),
                Access.ARMED,
                CATALOG,
                Redactor(CATALOG),
                monotonic=boot_clock,
                rates={"ssm": 1e6},
            )
            async with gateway:
                context = on._context(journal, gateway, run or f"01J{asked.seq:023d}")
                made = Runner(context, lease_seconds=30, boot=clock, take_over=take_over)
                return await made.run(
                    Assignment(Direction.FORWARD, operations, 1, asked.seq, run is not None)
                )

    async def both() -> int:
        under_way, answered = asyncio.Event(), asyncio.Event()
        slow_at(on, 1, under_way, answered)
        first = asyncio.create_task(runner())
        await under_way.wait()
        clock.ahead += 31
        record, status = LeaseRecord.decoded(lease_path(on.path).read_bytes()), on.status()
        assert record is not None
        assert status.run is not None
        assert await runner(record.number, status.run.id) is RunResult.SUCCEEDED
        seq = on.status().seq
        answered.set()
        with pytest.raises(LeaseLostError):
            await first
        return seq

    since = asyncio.run(both())
    assert [event.kind for event in on.events() if event.seq > since] == ["step.outcome", "lease.lost"]
    assert {on.state(f"p{number}") for number in range(1, 5)} == {OperationState.SUCCEEDED}
    assert on.aws.count("put_parameter") == 4
