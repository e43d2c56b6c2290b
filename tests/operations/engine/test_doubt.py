"""Steps whose effect nobody saw: lost replies, lost requests, runners that die."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from operations.engine.lookups import LONGEST_LAG
from state.events import Result, RunResult
from state.operation_events import OperationResolved
from state.projections.states import OperationState
from tests.operations.engine.conftest import Bench
from tests.operations.engine.fake_aws import CrashError
from tests.operations.engine.plans import NETWORK, parameter

MakeBench = Callable[[str], Bench]

MESSAGE = """
- id: message
  title: Tell somebody
  kind: messaging
  forward:
    - {api: "sns:Publish", params: {TopicArn: "arn:aws:sns:us-east-1:123456789012:t", Message: hello}}
  inverse:
    - {api: "sns:Publish", params: {TopicArn: "arn:aws:sns:us-east-1:123456789012:t", Message: never mind}}
"""


def test_a_lost_reply_is_found_by_a_probe_and_nothing_is_made_twice(bench: MakeBench) -> None:
    on = bench(NETWORK)
    on.aws.faults["create_vpc"] = ["reply lost"]
    assert on.run() is RunResult.SUCCEEDED
    assert on.aws.count("create_vpc") == 1
    assert len(on.aws.networks) == 1
    resolved = on.events("operation.resolved")[0]
    assert resolved.data["result"] == "applied"
    assert on.status().of("network").saved["vpc_id"] in on.aws.networks


def test_a_lost_request_needs_agreeing_reads_beyond_every_lag_before_the_call_goes_out_again(
    bench: MakeBench,
) -> None:
    on = bench(NETWORK)
    on.aws.faults["create_vpc"] = ["request lost"]
    assert on.run() is RunResult.SUCCEEDED
    assert on.aws.count("create_vpc") == 2
    assert len(on.aws.networks) == 1
    evidence = on.events("operation.resolved")[0].data["evidence"]
    assert evidence["reads"] >= 3
    assert evidence["seconds"] > LONGEST_LAG
    assert evidence["before"] == "absent"


def test_what_cannot_be_probed_or_repeated_waits_for_a_person(bench: MakeBench) -> None:
    on = bench(MESSAGE)
    on.aws.faults["publish"] = ["reply lost"]
    assert on.run() is RunResult.IN_DOUBT
    assert on.state("message") is OperationState.IN_DOUBT
    assert on.aws.count("publish") == 1
    assert on.resume() is RunResult.IN_DOUBT
    assert on.aws.count("publish") == 1


@pytest.mark.parametrize(("fault", "calls"), [("crash before", 2), ("crash after", 1)])
def test_a_runner_that_dies_in_a_call_is_taken_over_and_nothing_is_made_twice(
    bench: MakeBench, fault: str, calls: int
) -> None:
    on = bench(NETWORK + parameter("after", "network"))
    on.aws.faults["create_vpc"] = [fault]
    with pytest.raises(CrashError):
        on.run()
    assert on.status().run is not None
    assert on.status().run.state.open
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.count("create_vpc") == calls
    assert len(on.aws.networks) == 1
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.networks == {}


@pytest.mark.parametrize("fault", ["crash before", "crash after"])
def test_a_call_that_may_be_repeated_is(bench: MakeBench, fault: str) -> None:
    on = bench(parameter("a") + parameter("b", "a"))
    on.aws.faults["put_parameter"] = [fault]
    with pytest.raises(CrashError):
        on.run()
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.parameters == {"/a": "1", "/b": "1"}


@pytest.mark.parametrize("fault", ["crash before", "crash after", "reply lost", "request lost"])
def test_a_rollback_survives_the_same(bench: MakeBench, fault: str) -> None:
    on = bench(NETWORK + parameter("after", "network"))
    on.run()
    on.aws.faults["delete_vpc"] = [fault]
    if fault.startswith("crash"):
        with pytest.raises(CrashError):
            on.roll_back()
        assert on.resume() is RunResult.SUCCEEDED
    else:
        assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.networks == {}
    assert on.state("network") is OperationState.ROLLED_BACK


RECORD = """
- id: record
  title: A record, and what its change was called
  kind: configuration
  forward:
    - api: "route53:ChangeResourceRecordSets"
      params: {HostedZoneId: Z1, ChangeBatch: {Changes: [{Action: CREATE, ResourceRecordSet: {Name: a.test, Type: CNAME, TTL: 60, ResourceRecords: [{Value: b.test}]}}]}}
      save: {change_id: ChangeInfo.Id}
    - {api: "ssm:PutParameter", params: {Name: /change, Value: "${change_id}", Type: String, Overwrite: true}}
  inverse:
    - {api: "ssm:DeleteParameter", params: {Name: /change}}
"""


def test_an_answer_that_later_steps_need_and_no_read_shows_is_asked_of_a_person(bench: MakeBench) -> None:
    """The refusal of the repeated call says that the record is there; the later step got no id, and failed for good."""
    on = bench(RECORD)
    records: list[str] = []

    def change(HostedZoneId: str, ChangeBatch: dict[str, Any]) -> dict[str, Any]:
        if records:
            said = {
                "Code": "InvalidChangeBatch",
                "Message": "[Tried to create resource record set [name='a.test.', type='CNAME'] but it already exists]",
            }
            raise ClientError({"Error": said, "ResponseMetadata": {"HTTPStatusCode": 400}}, "Change")
        records.append(HostedZoneId)
        return {"ChangeInfo": {"Id": "/change/C1"}}

    on.aws.change_resource_record_sets = change  # type: ignore[attr-defined]
    on.aws.faults["change_resource_record_sets"] = ["reply lost"]
    assert on.run() is RunResult.IN_DOUBT
    assert on.aws.count("change_resource_record_sets") == 2
    asked = on.events("operation.in_doubt")[-1].data
    assert asked["proposal"] == "done"
    assert "change_id was in the answer that was lost" in asked["why"]
    told = OperationResolved(step=1, result=Result.APPLIED, by="kim", saved={"change_id": "/change/C1"})
    on.append(told, "record")
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.count("change_resource_record_sets") == 2
    assert on.aws.parameters == {"/change": "/change/C1"}


SAYS = '{api: "sns:Publish", params: {TopicArn: "arn:aws:sns:us-east-1:123456789012:t", Message: hello}}'
SETS = '{api: "ssm:PutParameter", params: {Name: /gate, Value: GO, Type: String, Overwrite: true}}'


@pytest.mark.parametrize(
    ("steps", "gate", "proposal"),
    [
        ((SAYS, SETS), "NO", None),  # the verification fails for want of the step that is still to come
        ((SETS, SAYS), "GO", None),  # it holds by the step before
        ((SAYS,), "GO", None),  # it held before
        ((SAYS,), "NO", "not-done"),
    ],
)
def test_a_verification_suggests_an_answer_only_where_it_is_about_the_step(
    bench: MakeBench, steps: tuple[str, ...], gate: str, proposal: str | None
) -> None:
    forward = "".join(f"\n    - {step}" for step in steps)
    on = bench(f"""
- id: gate
  title: Say it, and set it
  kind: cutover
  checkpoint:
    - {{api: "ssm:GetParameters", params: {{Names: [/gate]}}, save: {{gate_before: "Parameters[].Value"}}}}
  forward:{forward}
  verify:
    - {{api: "ssm:GetParameter", params: {{Name: /gate}}, expect: "Parameter.Value == 'GO'"}}
  inverse:
    - {{api: "ssm:DeleteParameter", params: {{Name: /gate}}}}
""")
    on.aws.parameters["/gate"] = gate
    on.aws.faults["publish"] = ["reply lost"]
    assert on.run() is RunResult.IN_DOUBT
    assert on.events("operation.in_doubt")[-1].data["proposal"] == proposal


def test_a_verification_suggests_done_when_the_only_change_of_its_operation_shows(bench: MakeBench) -> None:
    on = bench(f"""
- id: gate
  title: Say it
  kind: cutover
  checkpoint:
    - {{api: "ssm:GetParameters", params: {{Names: [/gate]}}, save: {{gate_before: "Parameters[].Value"}}}}
  forward:
    - {SAYS}
  verify:
    - {{api: "ssm:GetParameter", params: {{Name: /gate}}, expect: "Parameter.Value == 'GO'"}}
  inverse:
    - {{api: "ssm:DeleteParameter", params: {{Name: /gate}}}}
""")

    def publish(**_: str) -> dict[str, Any]:
        on.aws.parameters["/gate"] = "GO"  # somebody hears it, and does it
        return {"MessageId": "m"}

    on.aws.publish = publish  # type: ignore[assignment, method-assign]
    on.aws.faults["publish"] = ["reply lost"]
    assert on.run() is RunResult.IN_DOUBT
    assert on.events("operation.in_doubt")[-1].data["proposal"] == "done"
