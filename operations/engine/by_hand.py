"""What people settle by hand: an operation skipped, marked done after a look, or orphaned, so that the rest goes on."""

from __future__ import annotations

from collections.abc import Sequence

from operations.checks.evaluate import CheckOutcome
from operations.engine.checking import Checker
from operations.engine.context import RunContext
from operations.plan.models import Operation
from state.events import Direction, Event, Verdict
from state.kinds import Kind
from state.operation_events import OperationHeld, OperationMarkedDone, OperationOrphaned, OperationSkipped
from state.projections.states import OperationStatus

REQUESTS = frozenset({Kind.REQUEST_SKIP, Kind.REQUEST_MARK_DONE, Kind.REQUEST_ORPHAN})


def pending(events: Sequence[Event]) -> list[Event]:
    """The requests by hand that no runner has answered: nothing has happened to their operations since."""
    newest: dict[str, Event] = {}
    for event in events:
        if event.operation is not None and (event.kind in REQUESTS or event.kind.startswith("operation.")):
            newest[event.operation] = event
    return [event for event in newest.values() if event.kind in REQUESTS]


class ByHand:
    """Answers requests by hand for one run. A request is never believed where the account says otherwise."""

    def __init__(self, context: RunContext, checks: Checker, direction: Direction) -> None:
        self._context = context
        self._checks = checks
        self._direction = direction

    async def answer(
        self, request: Event, operation: Operation, status: OperationStatus, *, in_doubt: bool
    ) -> bool:
        """Do what is asked, or say why not; whether the operation is settled by it."""
        refused = self._refusal(request, status, in_doubt)
        saved = dict(request.data.get("saved") or {})
        if refused is None:
            self._context.values.save(operation.id, saved)
            refused = await self._contradiction(request, operation)
        if refused is not None:
            self._context.record(OperationHeld(why=refused), operation.id)
            return False
        reason, by = str(request.data["reason"]), request.actor
        match request.kind:
            case Kind.REQUEST_SKIP:
                self._context.record(OperationSkipped(reason=f"{by}: {reason}"), operation.id)
            case Kind.REQUEST_ORPHAN:
                self._context.record(OperationOrphaned(reason=reason, by=by), operation.id)
            case _:
                done = OperationMarkedDone(reason=reason, by=by, direction=self._direction, saved=saved)
                self._context.record(done, operation.id)
        return True

    def _refusal(self, request: Event, status: OperationStatus, in_doubt: bool) -> str | None:
        return refusal(request.kind, self._direction, status, in_doubt=in_doubt)

    async def _contradiction(self, request: Event, operation: Operation) -> str | None:
        """What the operation's own verification says against it being done, or undone, by hand."""
        if request.kind != Kind.REQUEST_MARK_DONE or not operation.verify:
            return None
        outcomes = await self._checks.look(operation)
        said = contradiction(outcomes, self._direction)
        return None if said is None else f"not marked done: {said}"


def refusal(kind: str, direction: Direction, status: OperationStatus, *, in_doubt: bool) -> str | None:
    """Why a request by hand cannot be granted in a run of this direction, None when nothing in the journal is against it."""
    if kind == Kind.REQUEST_ORPHAN:
        return None if direction is Direction.INVERSE else "only a way back can be given up"
    if in_doubt:
        return "a step of it is in doubt: settle that with `cutover resolve` first"
    if kind == Kind.REQUEST_SKIP:
        if direction is Direction.INVERSE:
            return "a way back is not skipped; mark it done by hand, or orphan it"
        return "it was begun; roll it back, then skip it" if status.applied else None
    return None


def contradiction(outcomes: Sequence[CheckOutcome], direction: Direction) -> str | None:
    """What an operation's own verification says against it being done, or undone, by hand; nothing where it has none."""
    failing = next((each for each in outcomes if each.verdict is not Verdict.PASS), None)
    if not outcomes:
        return None
    if direction is Direction.FORWARD:
        return None if failing is None else f"{failing.check}: {failing.verdict}: {failing.message}"
    return "its verification still holds, so it is still there" if failing is None else None
