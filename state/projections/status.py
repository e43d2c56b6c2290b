"""Where a plan stands: the state of every operation, folded from events alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from state.errors import MALFORMED, unreadable
from state.events import Direction, Event
from state.kinds import Kind
from state.projections.consents import Consent, ConstraintWaiver
from state.projections.states import OperationState, OperationStatus, PlanStatus, RunState, RunStatus


def fold(events: Iterable[Event], start: PlanStatus | None = None) -> PlanStatus:
    """The status after these events, which continue those that `start` was made of.

    Raises:
        JournalDamagedError: a row's data is not what its kind says.
    """
    status = start or PlanStatus()
    operations = dict(status.operations)
    last: Event | None = None
    for event in events:
        try:
            if event.kind in _OF_ALL:
                status = _overall(status, event)
            if event.operation is not None:
                before = operations.get(event.operation)
                if before is None or event.kind in _OF_ONE:
                    before = before or OperationStatus(event.operation)
                    operations[event.operation] = _operation(before, event)
        except MALFORMED as error:
            raise unreadable(event.seq) from error
        last = event
    if last is not None:
        status = replace(status, seq=last.seq, hash=last.hash, at=last.at)
    return replace(status, operations=operations)


_OF_ALL = frozenset(
    {
        Kind.RUN_STARTED,
        Kind.RUN_PAUSED,
        Kind.RUN_RESUMED,
        Kind.RUN_FINISHED,
        Kind.RUN_INTERRUPTED,
        Kind.REQUEST_CANCEL,
        Kind.REQUEST_ARM,
        Kind.REQUEST_DISARM,
        Kind.REQUEST_RUN,
        Kind.REQUEST_ROLLBACK,
        Kind.APPROVAL_GRANTED,
        Kind.APPROVAL_EXPIRED,
        Kind.WAIVER_SIGNED,
    }
)
"""Kinds that `_overall` makes something of: most rows of a long journal are of no such kind, and asked about nothing else."""


def _overall(status: PlanStatus, event: Event) -> PlanStatus:
    match event.kind:
        case Kind.RUN_STARTED:
            return replace(status, run=_run_started(event))
        case (
            Kind.RUN_PAUSED
            | Kind.RUN_RESUMED
            | Kind.RUN_FINISHED
            | Kind.RUN_INTERRUPTED
            | Kind.REQUEST_CANCEL
        ):
            return replace(status, run=_run_changed(status.run, event))
        case Kind.REQUEST_ARM:
            return replace(status, armed=status.armed | {event.data.get("phase") or "*"})
        case Kind.REQUEST_DISARM:
            return replace(status, armed=frozenset())
        case Kind.REQUEST_RUN | Kind.REQUEST_ROLLBACK:
            return replace(status, asked_by=event.actor)
        case Kind.APPROVAL_GRANTED if event.operation:
            consents = {**status.consents, event.operation: Consent.of(event)}
            return replace(status, approvals=status.approvals | {event.operation}, consents=consents)
        case Kind.APPROVAL_EXPIRED if event.operation:
            return replace(status, approvals=status.approvals - {event.operation})
        case Kind.WAIVER_SIGNED if "constraint" in event.data:
            return replace(status, waivers=(*status.waivers, ConstraintWaiver.of(event)))
    return status


def _run_started(event: Event) -> RunStatus:
    data = event.data
    return RunStatus(
        id=event.run or "",
        state=RunState.RUNNING,
        direction=Direction(data["direction"]),
        operations=tuple(data["operations"]),
        started_at=event.at,
        digest=data["digest"],
        setting=data["setting"],
        account=data["account"],
        region=data["region"],
        endpoint=data["endpoint"],
        identity=event.identity,
        max_parallel=data["max_parallel"],
        pid=data["pid"],
    )


def _run_changed(run: RunStatus | None, event: Event) -> RunStatus | None:
    if run is None or event.run not in (None, run.id):
        return run
    match event.kind:
        case Kind.RUN_PAUSED:
            return replace(run, state=RunState.PAUSED, why=event.data.get("why"))
        case Kind.RUN_RESUMED:
            return replace(
                run, state=RunState.RUNNING, pid=event.data["pid"], ended_at=None, cancelled=False, why=None
            )
        case Kind.RUN_INTERRUPTED:
            return replace(run, state=RunState.INTERRUPTED, ended_at=event.at, why=None)
        case Kind.REQUEST_CANCEL:
            return replace(run, cancelled=True)
    return replace(run, state=RunState(event.data["result"]), ended_at=event.at)


_STATE_AFTER: Mapping[str, OperationState] = {
    Kind.OPERATION_READY: OperationState.READY,
    Kind.OPERATION_BLOCKED: OperationState.BLOCKED,
    Kind.OPERATION_SUCCEEDED: OperationState.SUCCEEDED,
    Kind.OPERATION_FAILED: OperationState.FAILED,
    Kind.OPERATION_IN_DOUBT: OperationState.IN_DOUBT,
    Kind.OPERATION_HELD: OperationState.HELD,
    Kind.OPERATION_ROLLED_BACK: OperationState.ROLLED_BACK,
    Kind.OPERATION_SKIPPED: OperationState.SKIPPED,
    Kind.OPERATION_MARKED_DONE: OperationState.MARKED_DONE,
    Kind.OPERATION_ORPHANED: OperationState.ORPHANED,
    Kind.TRIGGER_ARMED: OperationState.BAKING,
}
_OF_ONE = frozenset(
    {
        Kind.OPERATION_STARTED,
        Kind.OPERATION_ROLLING_BACK,
        Kind.OPERATION_RESOLVED,
        Kind.OPERATION_CHECKPOINT,
        Kind.STEP_OUTCOME,
        Kind.CHECK_RESULT,
        *_STATE_AFTER,
    }
)
"""Kinds that `_operation` makes something of."""
_ENDS = {
    OperationState.SUCCEEDED,
    OperationState.FAILED,
    OperationState.ROLLED_BACK,
    OperationState.SKIPPED,
    OperationState.MARKED_DONE,
    OperationState.ORPHANED,
    OperationState.HELD,
}


def _operation(before: OperationStatus, event: Event) -> OperationStatus:
    data = event.data
    if event.kind == Kind.CHECK_RESULT:
        verifies = data["stage"] == "verify" and before.state is OperationState.RUNNING
        return replace(before, state=OperationState.VERIFYING) if verifies else before
    match event.kind:
        case Kind.OPERATION_STARTED:
            return _begun(before, event, OperationState.RUNNING, Direction.FORWARD)
        case Kind.OPERATION_ROLLING_BACK:
            return _begun(before, event, OperationState.ROLLING_BACK, Direction.INVERSE)
        case Kind.OPERATION_RESOLVED:
            state = (
                OperationState.ROLLING_BACK
                if before.direction is Direction.INVERSE
                else OperationState.RUNNING
            )
            saved = {**before.saved, **data.get("saved", {})}
            return replace(before, state=state, why=None, ended_at=None, saved=saved)
        case Kind.STEP_OUTCOME:
            saved = {**before.saved, **data.get("saved", {})}
            applied = before.applied or (data["result"] != "not_applied" and data["direction"] == "forward")
            return replace(before, saved=saved, applied=applied)
        case Kind.OPERATION_CHECKPOINT:
            return replace(before, saved={**before.saved, **data["evidence"]})
        case Kind.OPERATION_MARKED_DONE if data.get("direction") == Direction.INVERSE:
            return _moved(before, event, OperationState.ROLLED_BACK)
        case Kind.OPERATION_MARKED_DONE:
            before = replace(before, saved={**before.saved, **data.get("saved", {})})
        case Kind.OPERATION_BLOCKED if before.state.stands:
            return replace(before, why=f"waits for {', '.join(data['by'])}")
    following = _STATE_AFTER.get(event.kind)
    return before if following is None else _moved(before, event, following)


def _begun(
    before: OperationStatus, event: Event, state: OperationState, direction: Direction
) -> OperationStatus:
    fresh = before.run != event.run or before.direction is not direction
    return replace(
        before,
        state=state,
        direction=direction,
        run=event.run,
        forward_run=before.forward_run or event.run,
        attempt=event.data["attempt"],
        started_at=event.at if fresh or before.started_at is None else before.started_at,
        ended_at=None,
        why=None,
    )


def _moved(before: OperationStatus, event: Event, state: OperationState) -> OperationStatus:
    data = event.data
    by = data.get("by")
    blocked = f"waits for {', '.join(by)}" if isinstance(by, list) else None
    why = data.get("error") or data.get("why") or data.get("reason") or blocked
    ended = event.at if state in _ENDS else None
    if state is OperationState.ROLLED_BACK:
        return replace(
            before, state=state, ended_at=ended, why=None, applied=False, saved={}, forward_run=None
        )
    return replace(before, state=state, ended_at=ended, why=why, run=event.run or before.run)
