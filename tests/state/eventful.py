"""Events without a journal: single ones, and any sequence of them for Hypothesis."""

from collections.abc import Sequence

from hypothesis import strategies as st

from state.events import CheckStage, Direction, Event, Payload, Result, RunResult, Verdict
from state.operation_events import (
    CheckResult,
    OperationBlocked,
    OperationCheckpoint,
    OperationFailed,
    OperationHeld,
    OperationInDoubt,
    OperationResolved,
    OperationRolledBack,
    OperationRollingBack,
    OperationSkipped,
    OperationStarted,
    OperationSucceeded,
    StepIntent,
    StepOutcome,
    TriggerArmed,
    TriggerSample,
)
from state.request_events import (
    ApprovalGranted,
    RequestArm,
    RequestCancel,
    RequestDisarm,
    RequestNote,
    RequestRun,
)
from state.run_events import RunFinished, RunInterrupted, RunPaused, RunResumed, RunStarted

Note = tuple[Payload, str | None, str | None]
"""A payload, its operation and its run."""

OPERATIONS = ("vpc", "dns")
RUNS = ("A", "B")


def made(notes: Sequence[Note], first: int = 1) -> list[Event]:
    """Events numbered from `first`, a second apart."""
    return [
        Event(
            seq=seq,
            at=at(seq),
            run=run,
            kind=payload.kind.value,
            operation=operation,
            actor="ana@bastion",
            identity=None,
            data=payload.model_dump(mode="json"),
            prev=f"{seq - 1:064x}",
            hash=f"{seq:064x}",
        )
        for seq, (payload, operation, run) in enumerate(notes, start=first)
    ]


def at(seq: int) -> str:
    return f"2026-11-20T03:{seq // 60:02d}:{seq % 60:02d}.000000Z"


def run_started(direction: Direction = Direction.FORWARD) -> RunStarted:
    return RunStarted(
        direction=direction,
        operations=OPERATIONS,
        digest="d" * 64,
        setting="DRILL",
        account="123456789012",
        region="us-east-1",
        endpoint="http://127.0.0.1:5000",
        max_parallel=4,
        request=2,
        pid=77,
    )


def operation_started(attempt: int = 1) -> OperationStarted:
    return OperationStarted(attempt=attempt, estimate_minutes=2, steps=("create",), way_back=("delete",))


def rolling_back(attempt: int = 1) -> OperationRollingBack:
    return OperationRollingBack(attempt=attempt, steps=("delete",), loses="nothing")


def intent(step: int = 1, direction: Direction = Direction.FORWARD, attempt: int = 1) -> StepIntent:
    return StepIntent(
        step=step,
        attempt=attempt,
        direction=direction,
        api="ec2:CreateVpc",
        params_digest="0" * 64,
        token=None,
        mutates=True,
    )


def outcome(
    result: Result, step: int = 1, direction: Direction = Direction.FORWARD, attempt: int = 1, **saved: str
) -> StepOutcome:
    return StepOutcome(
        step=step, attempt=attempt, direction=direction, result=result, seconds=0.5, saved=dict(saved)
    )


def in_doubt(step: int = 1, direction: Direction = Direction.FORWARD) -> OperationInDoubt:
    return OperationInDoubt(step=step, api="ec2:CreateVpc", why="no answer", direction=direction)


def resolved(result: Result, step: int = 1) -> OperationResolved:
    return OperationResolved(step=step, result=result, by="probe ec2:DescribeVpcs")


def check(kind: type[CheckResult], stage: CheckStage, verdict: Verdict = Verdict.PASS) -> CheckResult:
    return kind(stage=stage, check="it is there", verdict=verdict, message="1 found")


_directions = st.sampled_from(Direction)
_results = st.sampled_from(Result)
_steps = st.integers(1, 3)
_texts = st.text(max_size=5)
_of_operations: st.SearchStrategy[Payload] = st.one_of(
    st.builds(operation_started, st.integers(1, 3)),
    st.builds(rolling_back, st.integers(1, 3)),
    st.builds(intent, _steps, _directions, st.integers(1, 3)),
    st.builds(lambda r, s, d: outcome(r, s, d, vpc_id=f"vpc-{s}"), _results, _steps, _directions),
    st.builds(in_doubt, _steps, _directions),
    st.builds(resolved, st.sampled_from([Result.APPLIED, Result.NOT_APPLIED]), _steps),
    st.builds(OperationCheckpoint, evidence=st.dictionaries(_texts, _texts, max_size=2)),
    st.builds(OperationBlocked, by=st.just(("vpc",))),
    st.builds(OperationSucceeded, seconds=st.just(1.0)),
    st.builds(OperationFailed, step=_texts, error=_texts),
    st.builds(OperationHeld, why=_texts),
    st.builds(OperationRolledBack, seconds=st.just(1.0)),
    st.builds(OperationSkipped, reason=_texts),
    st.builds(ApprovalGranted, role=st.none(), digest=st.just("d"), reason=_texts),
    st.builds(check, st.just(CheckResult), st.just(CheckStage.VERIFY), st.sampled_from(Verdict)),
    st.builds(check, st.just(TriggerSample), st.just(CheckStage.WATCH), st.sampled_from(Verdict)),
    st.builds(TriggerArmed, watches=st.just(("w",)), minutes=st.just(1.0), every_seconds=st.just(5.0)),
    st.builds(RequestNote, text=_texts),
)
_of_runs: st.SearchStrategy[Payload] = st.one_of(
    st.builds(run_started, _directions),
    st.builds(RunPaused, why=_texts),
    st.builds(RunResumed, pid=st.integers(1, 9)),
    st.builds(RunFinished, result=st.sampled_from(RunResult), counts=st.just({}), seconds=st.just(1.0)),
    st.builds(RunInterrupted, signal=st.just("SIGTERM"), left=st.just(())),
    st.builds(RequestCancel),
    st.builds(RequestArm, phase=st.none() | st.just("6"), alias=_texts),
    st.builds(RequestDisarm, why=_texts),
    st.builds(RequestRun, operations=st.just(OPERATIONS), confirmed=_texts),
)
_notes: st.SearchStrategy[Note] = st.one_of(
    st.tuples(_of_operations, st.sampled_from(OPERATIONS), st.sampled_from(RUNS)),
    st.tuples(_of_runs, st.none(), st.sampled_from(RUNS)),
)
histories: st.SearchStrategy[list[Event]] = st.lists(_notes, max_size=40).map(made)
"""Any events in any order: more than a sound runner would ever write."""
