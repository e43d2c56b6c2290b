"""Runs and rollbacks on the fake AWS: order, bounds, failures, requests."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from operations.plan.loader import load_plan
from operations.plan.obstacles import constraint_digest
from operations.plan.registers import Constraint, Severity
from state.events import RunResult
from state.projections.states import OperationState, RunState
from state.request_events import ConstraintWaived, RequestCancel, RequestPause, RequestResume
from tests.operations.engine.conftest import Bench
from tests.operations.engine.fake_aws import FakeAws
from tests.operations.engine.plans import NETWORK, parameter

MakeBench = Callable[[str], Bench]
PUT_B = """    - {api: "ssm:PutParameter", params: {Name: /b, Value: "1", Type: String}}
"""
DELETE_B = """    - {api: "ssm:DeleteParameter", params: {Name: /b}}"""
DIAMOND = parameter("a") + parameter("b", "a") + parameter("c", "a") + parameter("d", "b", "c")


def test_a_run_carries_everything_out_in_order_and_a_rollback_undoes_it_in_reverse(bench: MakeBench) -> None:
    on = bench(DIAMOND)
    assert on.run() is RunResult.SUCCEEDED
    assert set(on.aws.parameters) == {"/a", "/b", "/c", "/d"}
    put = [params["Name"] for action, params in on.aws.wire if action == "put_parameter"]
    assert put[0] == "/a"
    assert put[-1] == "/d"
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.parameters == {}
    deleted = [params["Name"] for action, params in on.aws.wire if action == "delete_parameter"]
    assert deleted[0] == "/d"
    assert deleted[-1] == "/a"
    assert on.status().in_state(OperationState.ROLLED_BACK) == ("a", "b", "c", "d")


def test_every_call_that_changes_something_has_a_durable_intent_before_it_leaves(bench: MakeBench) -> None:
    on = bench(DIAMOND + NETWORK)
    newest: list[tuple[str, str, str]] = []

    def look(action: str, params: dict[str, object]) -> None:
        if action in {"put_parameter", "create_vpc"}:
            last = on.events()[-1]
            newest.append((action, last.kind, last.data["api"]))

    on.aws.on_call = look
    on.run(max_parallel=1)
    put = ("put_parameter", "step.intent", "ssm:PutParameter")
    assert sorted(newest) == [("create_vpc", "step.intent", "ec2:CreateVpc"), put, put, put, put]


def test_no_more_run_at_once_than_allowed(bench: MakeBench) -> None:
    on = bench("".join(parameter(f"p{number}") for number in range(12)))
    assert on.run(max_parallel=3) is RunResult.SUCCEEDED
    assert 1 < on.aws.most_inflight <= 3


def test_no_more_of_a_group_run_at_once_than_it_may(bench: MakeBench) -> None:
    on = bench("".join(parameter(f"p{number}", extra="  group: G1\n") for number in range(12)))
    on.file.write_text(on.file.read_text() + "\ngroups: [{id: G1, title: One, max_parallel: 2}]\n")
    on.loaded = load_plan(on.file)
    assert on.run(max_parallel=6) is RunResult.SUCCEEDED
    assert on.aws.most_inflight == 2
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.most_inflight == 2


def test_what_is_done_already_is_left_alone(bench: MakeBench) -> None:
    on = bench(DIAMOND)
    on.run("a", "b")
    before = on.aws.count("put_parameter")
    assert on.run() is RunResult.SUCCEEDED
    assert on.aws.count("put_parameter") == before + 2


def test_throttling_is_retried_by_the_engine_one_journaled_attempt_per_wire_call(bench: MakeBench) -> None:
    on = bench(parameter("a"))
    on.aws.faults["put_parameter"] = ["throttled", "throttled"]
    assert on.run() is RunResult.SUCCEEDED
    assert on.aws.count("put_parameter") == 3
    attempts = [event.data["attempt"] for event in on.events("step.intent")]
    assert attempts == [1, 2, 3]
    assert [event.data["result"] for event in on.events("step.outcome")] == [
        "not_applied",
        "not_applied",
        "applied",
    ]


def test_a_definite_no_fails_the_operation_and_holds_the_rest(bench: MakeBench) -> None:
    on = bench(DIAMOND)
    on.aws.faults["put_parameter"] = ["denied"]
    assert on.run() is RunResult.FAILED
    assert on.state("a") is OperationState.FAILED
    assert on.state("d") is OperationState.BLOCKED
    assert on.aws.count("put_parameter") == 1
    assert on.run() is RunResult.SUCCEEDED


def test_a_verification_that_does_not_hold_fails_the_operation(bench: MakeBench) -> None:
    on = bench(parameter("a").replace("Parameter.Value == '1'", "Parameter.Value == '2'"))
    assert on.run() is RunResult.FAILED
    assert "Parameter.Value is '1'" in (on.status().of("a").why or "")
    assert on.roll_back() is RunResult.SUCCEEDED


@pytest.mark.parametrize(
    ("policy", "b_after", "left"),
    [
        ("continue", OperationState.SUCCEEDED, {"/b"}),
        ("roll_back", OperationState.PENDING, set()),
        ("hold", OperationState.PENDING, set()),
        ("retry", OperationState.SUCCEEDED, {"/a", "/b"}),
    ],
)
def test_on_failure(bench: MakeBench, policy: str, b_after: OperationState, left: set[str]) -> None:
    on = bench(parameter("a", extra=f"  on_failure: {policy}\n") + parameter("b"))
    on.aws.faults["put_parameter"] = ["denied"]
    on.run(max_parallel=1)
    assert on.state("b") is b_after
    assert set(on.aws.parameters) == left


def test_an_inverse_accepts_what_its_forward_never_made(bench: MakeBench) -> None:
    on = bench(NETWORK)
    on.aws.faults["create_vpc"] = ["denied"]
    assert on.run() is RunResult.FAILED
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.count("delete_vpc") == 0
    assert on.state("network") is OperationState.ROLLED_BACK


def test_a_rollback_leaves_alone_what_was_there_before(bench: MakeBench) -> None:
    on = bench(parameter("a"))
    on.aws.parameters["/a"] = "somebody else's"
    assert on.run() is RunResult.FAILED
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.parameters == {"/a": "somebody else's"}
    assert on.events("step.outcome")[-1].data["code"] == "NeverMade"


def test_a_rollback_undoes_the_part_that_was_made(bench: MakeBench) -> None:
    two = (
        parameter("a")
        .replace("  verify:", PUT_B + "  verify:", 1)
        .replace("  inverse:", "  inverse:\n" + DELETE_B, 1)
    )
    on = bench(two)
    on.aws.parameters["/b"] = "somebody else's"
    assert on.run() is RunResult.FAILED
    assert on.aws.parameters["/a"] == "1"
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.parameters == {"/b": "somebody else's"}


def test_an_inverse_whose_target_somebody_has_removed_is_done(bench: MakeBench) -> None:
    on = bench(NETWORK)
    on.run()
    on.aws.networks.clear()
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.events("step.outcome")[-1].data["code"] == "InvalidVpcID.NotFound"


def test_a_guard_that_does_not_hold_keeps_the_way_back_shut(bench: MakeBench) -> None:
    guard = """  guard:
    - {api: "ssm:GetParameter", params: {Name: /a}, expect: "Parameter.Value == 'empty'"}
"""
    on = bench(parameter("a", extra=guard))
    on.run()
    assert on.roll_back() is RunResult.HELD
    assert on.aws.parameters == {"/a": "1"}
    on.aws.parameters["/a"] = "empty"
    assert on.roll_back() is RunResult.SUCCEEDED


def test_a_watch_that_does_not_hold_fails_the_operation_while_it_bakes(bench: MakeBench) -> None:
    watch = """  bake: {minutes: 3, every_seconds: 60}
  watch:
    - {api: "ssm:GetParameter", params: {Name: /a}, expect: "Parameter.Value == '1'"}
"""
    on = bench(parameter("a", extra=watch))
    assert on.run() is RunResult.SUCCEEDED
    assert len(on.events("trigger.sample")) == 3
    assert on.roll_back() is RunResult.SUCCEEDED
    reads = iter(range(100))
    on.aws.on_call = lambda action, params: (
        on.aws.parameters.update({"/a": "9"}) if action == "get_parameter" and next(reads) == 2 else None
    )
    assert on.run() is RunResult.FAILED
    assert [event.kind for event in on.events("trigger.fired")] == ["trigger.fired"]


def test_an_approval_is_waited_for_and_binds(bench: MakeBench) -> None:
    on = bench(parameter("a", extra="  approval: {roles: [lead]}\n"))
    assert on.run() is RunResult.HELD
    assert on.aws.parameters == {}
    on.approve("a")
    assert on.resume() is RunResult.SUCCEEDED


@pytest.mark.parametrize(
    ("approval", "why"),
    [
        ({"actor": "kim@here"}, "kim@here asked for the run and cannot approve it"),
        ({"digest": "another"}, "approved another version of the plan"),
    ],
)
def test_an_approval_that_does_not_count_is_told_and_expires(
    bench: MakeBench, approval: dict[str, str], why: str
) -> None:
    on = bench(parameter("a", extra="  approval: {roles: [lead]}\n"))
    on.approve("a", **approval)
    assert on.run() is RunResult.HELD
    assert why in (on.status().of("a").why or "")
    assert [event.kind for event in on.events("approval")] == ["approval.granted", "approval.expired"]
    assert on.aws.parameters == {}


def test_a_critical_open_constraint_holds_up_what_it_blocks_until_two_people_waive_it(
    bench: MakeBench,
) -> None:
    on = bench(parameter("a") + parameter("b"))
    constraint = Constraint(
        id="C-04", title="no way in", category="security", severity=Severity.CRITICAL, blocks=("a",)
    )
    on.loaded.plan.__dict__["constraints"] = (constraint,)
    waived = ConstraintWaived(
        constraint="C-04", role=None, owner="kim", until="2100-01-01T00:00:00Z", reason="a drill",
        digest=constraint_digest(constraint),
    )  # fmt: skip
    assert on.run("b") is RunResult.SUCCEEDED
    assert on.run("a") is RunResult.HELD
    assert "blocked by C-04" in (on.status().of("a").why or "")
    on.append(waived, actor="kim@here")
    on.append(waived, actor="kim@here")
    assert on.resume() is RunResult.HELD
    on.append(waived, actor="sam@there")
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.count("put_parameter") == 2


def test_a_constraint_never_holds_up_the_way_back(bench: MakeBench) -> None:
    on = bench(parameter("a"))
    assert on.run() is RunResult.SUCCEEDED
    on.loaded.plan.__dict__["constraints"] = (
        Constraint(id="C-04", title="no", category="x", severity=Severity.CRITICAL, blocks=("a",)),
    )
    assert on.roll_back() is RunResult.SUCCEEDED


def test_a_manual_step_waits_for_the_attestation_and_goes_on_behind_it(bench: MakeBench) -> None:
    on = bench(
        parameter("a").replace("  verify:", "    - {manual: look at the lights, role: on_call}\n  verify:", 1)
    )
    assert on.run() is RunResult.HELD
    assert "look at the lights" in (on.status().of("a").why or "")
    on.approve("a")
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.count("put_parameter") == 1


def test_a_command_is_run_as_an_argument_vector(bench: MakeBench) -> None:
    command = """    - command: [echo, '{"x": "$(id)"}']
      save: {answer: x}
  verify:"""
    on = bench(parameter("a").replace("  verify:", command, 1))
    assert on.run() is RunResult.SUCCEEDED
    assert on.status().of("a").saved["answer"] == "$(id)"


def test_a_failing_command_fails_its_operation_with_its_last_words(bench: MakeBench) -> None:
    on = bench(parameter("a").replace("  verify:", "    - command: [ls, /no/such/place]\n  verify:", 1))
    assert on.run() is RunResult.FAILED
    assert "No such file" in (on.status().of("a").why or "")


def test_a_command_that_was_killed_is_in_doubt(bench: MakeBench) -> None:
    """It counted as one that had failed, and `on_failure: retry` would have made it again."""
    suicide = f"{sys.executable}, -c, 'import os; os.kill(os.getpid(), 9)'"
    on = bench(parameter("a").replace("  verify:", f"    - command: [{suicide}]\n  verify:", 1))
    assert on.run() is RunResult.IN_DOUBT
    assert "was ended by SIGKILL" in on.events("step.outcome")[-1].data["error"]


def test_a_command_that_takes_too_long_ends_with_all_it_has_started(bench: MakeBench, tmp_path: Path) -> None:
    """Only the command itself was ended, and its child went on to do what the journal says was cut short."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    script = tmp_path / "script.sh"
    script.write_text(f"sleep 600 > {pipe} &\nwait\n")
    step = f"    - command: [sh, {script}]\n      timeout_seconds: 0.2\n  verify:"
    on = bench(parameter("a").replace("  verify:", step, 1))
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert on.run() is RunResult.IN_DOUBT
        assert _is_left(reader)
    finally:
        os.close(reader)


def _is_left(pipe: int) -> bool:
    """Whether nobody has a pipe open for writing, or lets go of it within ten seconds."""
    try:
        return os.read(pipe, 1) == b""
    except BlockingIOError:
        poll = select.poll()
        poll.register(pipe, 0)
        return bool(poll.poll(10_000))


def _when(aws: FakeAws, name: str, act: Callable[[], None]) -> None:
    def look(action: str, params: dict[str, object]) -> None:
        if action == "put_parameter" and params["Name"] == name:
            act()

    aws.on_call = look


def test_a_cancel_finishes_what_is_in_flight_and_says_what_is_left(bench: MakeBench) -> None:
    on = bench(parameter("a") + parameter("b", "a") + parameter("c", "b"))
    _when(on.aws, "/b", lambda: on.append(RequestCancel()))
    assert on.run() is RunResult.CANCELLED
    interrupted = on.events("run.interrupted")[0]
    assert "c" in interrupted.data["left"]
    assert on.status().run is not None
    assert on.status().run.state is RunState.INTERRUPTED
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.count("put_parameter") == 3


def test_a_cancel_never_cancels_a_rollback(bench: MakeBench) -> None:
    on = bench(DIAMOND)
    on.run()
    on.aws.on_call = lambda action, params: (
        on.append(RequestCancel()) if action == "delete_parameter" else None
    )
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.parameters == {}


def test_a_pause_starts_nothing_new_until_it_ends(bench: MakeBench) -> None:
    on = bench(parameter("a") + parameter("b", "a"))

    def pause_then_go_on() -> None:
        on.append(RequestPause())
        on.append(RequestResume())

    _when(on.aws, "/a", pause_then_go_on)
    assert on.run() is RunResult.SUCCEEDED
    kinds = [event.kind for event in on.events("run.")]
    assert kinds == ["run.started", "run.paused", "run.resumed", "run.finished"]
