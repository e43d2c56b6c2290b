"""The folds: what screens and commands say about a journal follows from its events, however they are read."""

import ast
import inspect
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.errors import JournalDamagedError
from state.events import CheckStage, Direction, Event, Payload, Result, RunResult, Verdict
from state.kinds import Kind
from state.operation_events import (
    CheckResult,
    OperationBlocked,
    OperationCheckpoint,
    OperationFailed,
    OperationHeld,
    OperationRolledBack,
    OperationSkipped,
    OperationSucceeded,
    TriggerArmed,
    TriggerSample,
)
from state.projections import status as of_plan
from state.projections.detail import OperationDetail, StepState, fold_detail
from state.projections.progress import fold_progress
from state.projections.states import OperationState, OperationStatus, PlanStatus, RunState
from state.projections.status import fold
from state.projections.timeline import timeline
from state.request_events import ApprovalGranted, RequestArm, RequestCancel, RequestDisarm, RequestNote
from state.run_events import LeaseTaken, RunFinished, RunInterrupted, RunPaused, RunResumed
from tests.state.eventful import (
    Note,
    at,
    check,
    histories,
    in_doubt,
    intent,
    made,
    operation_started,
    outcome,
    resolved,
    rolling_back,
    run_started,
)

quick = settings(max_examples=150, deadline=None)


def of_vpc(*payloads: Payload, run: str = "A") -> list[Note]:
    return [(payload, "vpc", run) for payload in payloads]


def vpc(*payloads: Payload) -> OperationStatus:
    return fold(made(of_vpc(*payloads))).of("vpc")


def detail(*payloads: Payload) -> OperationDetail:
    return fold_detail(made(of_vpc(*payloads)), OperationDetail("vpc"))


@quick
@given(events=histories, data=st.data())
def test_a_status_is_the_same_however_its_events_are_split(events: list[Event], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(events)), max_size=5)))
    status = PlanStatus()
    for start, end in zip([0, *cuts], [*cuts, len(events)], strict=True):
        status = fold(events[start:end], status)
    assert status == fold(events)


@quick
@given(events=histories, data=st.data())
def test_a_detail_is_the_same_however_its_events_are_split(events: list[Event], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(events)))
    first = fold_detail(events[:cut], OperationDetail("vpc"))
    before = replace(first)
    assert fold_detail(events[cut:], first) == fold_detail(events, OperationDetail("vpc"))
    assert first == before, "a fold has changed what it started from"


@pytest.mark.parametrize(("function", "looked_at"), [("_overall", "_OF_ALL"), ("_operation", "_OF_ONE")])
def test_every_kind_that_a_status_makes_something_of_is_looked_at(function: str, looked_at: str) -> None:
    """Other kinds are passed over unseen, so one that is missing there would be ignored without a word."""
    tree = ast.parse(inspect.getsource(getattr(of_plan, function)))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & set(Kind.__members__)
    assert named
    assert {Kind[name] for name in named} <= getattr(of_plan, looked_at)


@quick
@given(events=histories)
def test_a_status_knows_the_newest_row(events: list[Event]) -> None:
    status = fold(events)
    newest = (events[-1].seq, events[-1].hash, events[-1].at) if events else (0, "", "")
    assert (status.seq, status.hash, status.at) == newest


def test_an_intent_after_the_way_back_is_not_taken_for_undone() -> None:
    """Nothing hides a call that may have left, whatever comes behind it."""
    steps = detail(OperationRolledBack(seconds=1), intent(2), STARTED).steps
    assert steps[Direction.FORWARD, 2].state in (StepState.RUNNING, StepState.UNKNOWN)


@pytest.mark.parametrize("result", Result)
def test_an_outcome_of_an_earlier_attempt_says_nothing_of_the_last(result: Result) -> None:
    """A runner that lost its lease may tell late what came of its own."""
    steps = detail(STARTED, intent(attempt=2), outcome(result)).steps
    assert steps[Direction.FORWARD, 1].state is StepState.RUNNING


def test_an_attempt_that_surely_failed_settles_nothing_of_the_one_before() -> None:
    failed = outcome(Result.NOT_APPLIED, attempt=2)
    steps = detail(STARTED, intent(), outcome(Result.UNKNOWN), intent(attempt=2), failed).steps
    assert steps[Direction.FORWARD, 1].state is StepState.UNKNOWN


@quick
@given(events=histories)
def test_progress_and_detail_agree_on_which_steps_are_applied_or_in_doubt(events: list[Event]) -> None:
    progress = fold_progress(events).get("vpc", {})
    steps = fold_detail(events, OperationDetail("vpc")).steps
    for key, step in progress.items():
        assert step.done == (steps[key].state is StepState.APPLIED)
        assert step.in_doubt == (steps[key].state in (StepState.RUNNING, StepState.UNKNOWN))


@quick
@given(events=histories)
def test_what_is_in_doubt_stands_and_is_never_satisfied(events: list[Event]) -> None:
    for status in fold(events).operations.values():
        if status.state is OperationState.IN_DOUBT:
            assert status.state.stands
            assert not status.state.satisfied


@quick
@given(events=histories)
def test_the_timeline_has_one_line_for_every_event(events: list[Event]) -> None:
    lines = timeline(events)
    assert [line.seq for line in lines] == [event.seq for event in events]
    assert [line.kind for line in lines] == [event.kind for event in events]


STARTED = operation_started()
VERIFIED = check(CheckResult, CheckStage.VERIFY)


@pytest.mark.parametrize(
    ("payloads", "state", "why", "ended"),
    [
        ([STARTED], "running", None, False),
        ([STARTED, intent(), outcome(Result.APPLIED)], "running", None, False),
        ([STARTED, VERIFIED], "verifying", None, False),
        ([STARTED, VERIFIED, TriggerArmed(watches=(), minutes=1, every_seconds=5)], "baking", None, False),
        ([STARTED, OperationSucceeded(seconds=1)], "succeeded", None, True),
        ([STARTED, OperationFailed(step="create", error="LimitExceeded")], "failed", "LimitExceeded", True),
        ([STARTED, intent(), in_doubt()], "in_doubt", "no answer", False),
        ([STARTED, intent(), in_doubt(), resolved(Result.APPLIED)], "running", None, False),
        ([OperationHeld(why="needs an approval")], "held", "needs an approval", True),
        ([OperationBlocked(by=("vpc", "dns"))], "blocked", "waits for vpc, dns", False),
        ([OperationSkipped(reason="no stand-in")], "skipped", "no stand-in", True),
        ([STARTED, rolling_back()], "rolling_back", None, False),
        ([STARTED, rolling_back(), intent(1, Direction.INVERSE), in_doubt()], "in_doubt", "no answer", False),
        (
            [STARTED, rolling_back(), in_doubt(), resolved(Result.NOT_APPLIED)],
            "rolling_back",
            None,
            False,
        ),
        ([STARTED, rolling_back(), OperationRolledBack(seconds=1)], "rolled_back", None, True),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_events_lead_to_states(payloads: list[Payload], state: str, why: str | None, *, ended: bool) -> None:
    status = vpc(*payloads)
    assert (status.state.value, status.why) == (state, why)
    assert status.ended_at == (at(len(payloads)) if ended else None)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Kind.OPERATION_READY, OperationState.READY),
        (Kind.OPERATION_MARKED_DONE, OperationState.MARKED_DONE),
        (Kind.OPERATION_ORPHANED, OperationState.ORPHANED),
    ],
)
def test_kinds_that_only_later_writers_use_are_understood(kind: Kind, state: OperationState) -> None:
    event = replace(made(of_vpc(STARTED))[0], kind=kind.value, data={"reason": "by hand"})
    assert fold([event]).of("vpc").state is state


def test_every_kind_of_an_operation_moves_it_or_is_known_not_to() -> None:
    still = {Kind.OPERATION_CHECKPOINT}
    skeleton = {"attempt": 1, "step": 1, "result": "applied", "by": ["x"], "evidence": {}, "why": "w"}
    for kind in Kind:
        if kind.startswith("operation.") and kind not in still:
            event = replace(made(of_vpc(STARTED))[0], kind=kind.value, data=skeleton)
            assert fold([event]).of("vpc").state is not OperationState.PENDING, kind


def test_an_operation_without_events_is_pending() -> None:
    assert fold([]).of("vpc") == OperationStatus("vpc", OperationState.PENDING)


def test_blocked_in_a_rollback_it_still_stands() -> None:
    status = vpc(STARTED, OperationSucceeded(seconds=1), OperationBlocked(by=("dns",)))
    assert (status.state, status.why) == (OperationState.SUCCEEDED, "waits for dns")


def test_the_run_that_carried_it_out_is_kept_while_it_stands() -> None:
    there = of_vpc(STARTED, OperationSucceeded(seconds=1), run="A")
    back = of_vpc(rolling_back(), run="B")
    status = fold(made([*there, *back])).of("vpc")
    assert (status.forward_run, status.run) == ("A", "B")
    gone = fold(made([*there, *back, *of_vpc(OperationRolledBack(seconds=1), run="B")])).of("vpc")
    assert gone.forward_run is None
    again = fold(made([*there, *back, *of_vpc(OperationRolledBack(seconds=1), STARTED, run="C")])).of("vpc")
    assert (again.forward_run, again.run) == ("C", "C")


def test_what_was_saved_is_forgotten_when_it_is_rolled_back() -> None:
    events = made(
        of_vpc(
            STARTED,
            OperationCheckpoint(evidence={"before": 1}),
            intent(),
            outcome(Result.APPLIED, vpc_id="vpc-1"),
        )
    )
    status = fold(events)
    assert status.saved == {"vpc.before": 1, "vpc.vpc_id": "vpc-1"}
    assert status.of("vpc").applied
    back = fold(made(of_vpc(rolling_back(), OperationRolledBack(seconds=1)), 5), status)
    assert back.saved == {}
    assert not back.of("vpc").applied


def test_an_operation_that_goes_on_in_the_same_run_keeps_its_start() -> None:
    assert vpc(STARTED, in_doubt(), operation_started(2)).started_at == at(1)
    there_and_back = fold(made([*of_vpc(STARTED), *of_vpc(rolling_back(), run="B")]))
    assert there_and_back.of("vpc").started_at == at(2)


def whole_run(*payloads: Payload) -> PlanStatus:
    return fold(made([(payload, None, "A") for payload in (run_started(), *payloads)]))


@pytest.mark.parametrize(
    ("payloads", "state", "takes_up"),
    [
        ([], RunState.RUNNING, True),
        ([RunPaused(why="asked")], RunState.PAUSED, True),
        ([RunPaused(why="asked"), RunResumed(pid=5)], RunState.RUNNING, True),
        ([RunInterrupted(signal="SIGTERM", left=("vpc",))], RunState.INTERRUPTED, True),
        ([RunInterrupted(signal="SIGTERM", left=()), RunResumed(pid=5)], RunState.RUNNING, True),
        *(
            ([RunFinished(result=result, counts={}, seconds=1)], RunState(result.value), False)
            for result in RunResult
        ),
    ],
)
def test_runs_have_states(payloads: list[Payload], state: RunState, *, takes_up: bool) -> None:
    run = whole_run(*payloads).run
    assert run is not None
    assert (run.state, run.state.open) == (state, takes_up)


def test_a_cancel_is_remembered_until_the_run_is_resumed() -> None:
    cancelled = whole_run(RequestCancel())
    assert cancelled.run is not None
    assert cancelled.run.cancelled
    resumed = whole_run(RequestCancel(), RunResumed(pid=5))
    assert resumed.run is not None
    assert not resumed.run.cancelled


def test_arming_adds_up_and_disarming_ends_it_all() -> None:
    armed = whole_run(RequestArm(phase="6", alias="x"), RequestArm(phase=None, alias="x"))
    assert armed.armed == {"6", "*"}
    assert whole_run(RequestArm(phase="6", alias="x"), RequestDisarm(why="idle")).armed == frozenset()


def test_an_approval_counts_until_it_expires() -> None:
    granted = ApprovalGranted(role="tech_lead", digest="d", reason="go")
    events = made(of_vpc(granted))
    assert fold(events).approvals == {"vpc"}
    expired = replace(made(of_vpc(granted), 2)[0], kind=Kind.APPROVAL_EXPIRED.value)
    assert fold([*events, expired]).approvals == frozenset()


def test_a_step_is_in_doubt_from_its_intent_to_its_outcome() -> None:
    key = (Direction.FORWARD, 1)
    open_ = fold_progress(made(of_vpc(STARTED, intent())))["vpc"][key]
    assert (open_.in_doubt, open_.done) == (True, False)
    for result, doubt, done in (
        (Result.APPLIED, False, True),
        (Result.NOT_APPLIED, False, False),
        (Result.UNKNOWN, True, False),
    ):
        step = fold_progress(made(of_vpc(STARTED, intent(), outcome(result))))["vpc"][key]
        assert (step.in_doubt, step.done) == (doubt, done)


def test_a_doubt_that_is_settled_on_the_way_back_leaves_the_way_there_in_doubt() -> None:
    history = (
        STARTED,
        intent(),
        outcome(Result.UNKNOWN),
        in_doubt(),
        rolling_back(),
        intent(1, Direction.INVERSE),
        in_doubt(1, Direction.INVERSE),
        resolved(Result.NOT_APPLIED),
    )
    steps = fold_progress(made(of_vpc(*history)))["vpc"]
    assert steps[Direction.INVERSE, 1].result is Result.NOT_APPLIED
    assert steps[Direction.FORWARD, 1].in_doubt
    shown = detail(*history).steps
    assert shown[Direction.INVERSE, 1].state is StepState.NOT_APPLIED
    assert shown[Direction.FORWARD, 1].state is StepState.UNKNOWN


def test_progress_starts_anew_after_a_rollback() -> None:
    there = (STARTED, intent(), outcome(Result.APPLIED))
    assert fold_progress(made(of_vpc(*there, rolling_back(), OperationRolledBack(seconds=1)))) == {"vpc": {}}


def test_a_detail_shows_each_step_with_its_last_attempt() -> None:
    shown = detail(
        STARTED,
        intent(),
        outcome(Result.NOT_APPLIED),
        intent(attempt=2),
        outcome(Result.APPLIED, attempt=2, vpc_id="v"),
    )
    (step,) = shown.going(Direction.FORWARD)
    assert (step.attempt, step.state, step.seconds, step.saved) == (
        2,
        StepState.APPLIED,
        0.5,
        {"vpc_id": "v"},
    )
    assert shown.going(Direction.INVERSE) == ()


def test_a_detail_counts_how_often_a_check_was_made() -> None:
    sample = check(TriggerSample, CheckStage.WATCH)
    last = check(TriggerSample, CheckStage.WATCH, Verdict.FAIL)
    (shown,) = detail(STARTED, sample, sample, last).checks.values()
    assert (shown.times, shown.verdict, shown.at) == (3, "fail", at(4))


def test_a_detail_of_one_operation_passes_the_others_over() -> None:
    others = made([(STARTED, "dns", "A"), (intent(), "dns", "A")])
    assert fold_detail(others, OperationDetail("vpc")) == OperationDetail("vpc")


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (intent(), "ec2:CreateVpc"),
        (intent(1, Direction.INVERSE, 2), "inverse  ec2:CreateVpc  attempt 2"),
        (outcome(Result.NOT_APPLIED), "not applied  0.5 s"),
        (VERIFIED, "pass  it is there  1 found"),
        (OperationSucceeded(seconds=61.4), "61 s"),
        (OperationBlocked(by=("a", "b", "c", "d", "e")), "a, b, c and 2 more"),
        (run_started(), "forward  vpc, dns"),
        (RequestNote(text="calling the network team"), "calling the network team"),
        (LeaseTaken(pid=7, host="bastion"), "pid 7  bastion"),
    ],
)
def test_the_timeline_says_the_one_thing_worth_knowing(payload: Payload, text: str) -> None:
    (line,) = timeline(made([(payload, "vpc", "A")]))
    assert line.text == text


@pytest.mark.parametrize(
    "payload", [run_started(), operation_started(), outcome(Result.APPLIED), VERIFIED], ids=lambda p: p.kind
)
def test_a_row_without_what_its_kind_has_is_called_unreadable(payload: Payload) -> None:
    start = made(of_vpc(STARTED, intent()))
    emptied = replace(made(of_vpc(payload), 3)[0], data={})
    with pytest.raises(JournalDamagedError, match="row 3 of the journal cannot be read"):
        fold([*start, emptied])


def test_details_and_progress_call_it_unreadable_too() -> None:
    emptied = [*made(of_vpc(STARTED)), replace(made(of_vpc(intent()), 2)[0], data={"step": "one"})]
    with pytest.raises(JournalDamagedError, match="row 2"):
        fold_progress(emptied)
    with pytest.raises(JournalDamagedError, match="row 2"):
        fold_detail(emptied, OperationDetail("vpc"))
    (_, line) = timeline(emptied)
    assert line.kind == "step.intent"


def test_the_timeline_survives_whatever_a_changed_row_holds() -> None:
    for payload in (intent(), outcome(Result.APPLIED), VERIFIED, STARTED, run_started()):
        for value in (None, 7, [1], {"a": 1}, "text"):
            event = made(of_vpc(payload))[0]
            (line,) = timeline([replace(event, data=dict.fromkeys(event.data, value))])
            assert line.seq == 1
