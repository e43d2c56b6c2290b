"""One operation's life: checkpoint, forward, verify, bake; or guard and inverse."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from operations.engine.checking import Checker
from operations.engine.context import RunContext
from operations.engine.errors import (
    EngineError,
    PersonNeededError,
    RunStoppedError,
    StepFailedError,
    StepInDoubtError,
    TriggerFiredError,
    WatchFiredError,
)
from operations.engine.hands import PlannedStep
from operations.engine.steps import StepRunner
from operations.engine.walking import Steps, Walker, begun_back, did_anything
from operations.plan.errors import ReferenceProblem
from operations.plan.models import Operation
from state.events import Direction
from state.operation_events import (
    OperationFailed,
    OperationHeld,
    OperationRolledBack,
    OperationRollingBack,
    OperationSkipped,
    OperationStarted,
    OperationSucceeded,
)
from state.projections.states import OperationState, OperationStatus


class Ending(Enum):
    """How an operation's turn in a run ended."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    HELD = "held"
    IN_DOUBT = "in_doubt"
    GOES_BACK = "goes_back"  # a trigger has it undone, perhaps with others
    STOPPED = "stopped"


class OperationRunner:
    """Carries operations out and back, going on where an earlier runner stopped."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        steps = StepRunner(context)
        self.checks = Checker(context, steps)
        self._walker = Walker(context, steps)

    async def forward(
        self,
        operation: Operation,
        status: OperationStatus,
        done: Steps,
        approved: bool,
        refused: str | None = None,
    ) -> Ending:
        """Carry an operation out; `refused` says why it may not begin. One that was begun goes on all the same."""
        context = self._context
        gap = context.hands.gap(operation)
        if gap is not None:
            context.record(OperationSkipped(reason=gap), operation.id)
            return Ending.SKIPPED
        going_on = self._goes_on(status, Direction.FORWARD)
        if refused is not None and not going_on:
            context.record(OperationHeld(why=refused), operation.id)
            return Ending.HELD
        if begun_back(done):
            why = "its way back was begun and is not done; roll it back first, then run it again"
            context.record(OperationHeld(why=why), operation.id)
            return Ending.HELD
        planned = context.hands.plan_steps(operation.forward)
        context.values.runs.setdefault(operation.id, context.run)
        started = context.monotonic()
        try:
            if not going_on:
                await self.checks.prove(operation)
                context.record(self._started(operation, status, planned), operation.id)
            if not did_anything(done):
                await self.checks.checkpoint(operation)
            turn = status.attempt if going_on else status.attempt + 1
            await self._walker.each(operation, Direction.FORWARD, planned, done, turn=turn, attested=approved)
            await self.checks.verify(operation)
            await self.checks.bake(operation)
        except EngineError as error:
            return self._stopped(operation, Direction.FORWARD, error)
        except ReferenceProblem as problem:
            return self._stopped(operation, Direction.FORWARD, StepFailedError("reference", problem.message))
        seconds = round(context.monotonic() - started, 3)
        context.record(OperationSucceeded(seconds=seconds), operation.id)
        return Ending.DONE

    def _goes_on(self, status: OperationStatus, direction: Direction) -> bool:
        """Whether an earlier runner of this run had begun the operation and not ended it."""
        begun = status.state.active or status.state is OperationState.IN_DOUBT
        return begun and status.run == self._context.run and status.direction is direction

    def _started(
        self, operation: Operation, status: OperationStatus, planned: Sequence[PlannedStep]
    ) -> OperationStarted:
        way_back = self._context.hands.plan_steps(operation.inverse)
        return OperationStarted(
            attempt=status.attempt + 1,
            estimate_minutes=operation.estimate,
            steps=tuple(step.step.title for step in planned),
            way_back=tuple(step.step.title for step in way_back),
            irreversible=operation.irreversible,
        )

    async def inverse(self, operation: Operation, status: OperationStatus, done: Steps) -> Ending:
        """Carry an operation back, whatever part of it had been carried out."""
        context = self._context
        planned = context.hands.plan_steps(operation.inverse)
        started = context.monotonic()
        going_on = self._goes_on(status, Direction.INVERSE)
        try:
            if not operation.reversible:
                raise PersonNeededError(f"there is no way back: {operation.irreversible}")
            if not going_on:
                rolling = OperationRollingBack(
                    attempt=status.attempt + 1,
                    steps=tuple(step.step.title for step in planned),
                    loses=operation.loses,
                )
                context.record(rolling, operation.id)
            if did_anything(done) and not begun_back(done):
                await self.checks.guard(operation)
            done = await self._walker.settle_forward(operation, done)
            touched = self._walker.touched(operation, done)
            turn = status.attempt if going_on else status.attempt + 1
            await self._walker.each(operation, Direction.INVERSE, planned, done, turn=turn, touched=touched)
        except EngineError as error:
            return self._stopped(operation, Direction.INVERSE, error)
        seconds = round(context.monotonic() - started, 3)
        context.record(OperationRolledBack(seconds=seconds, retains=operation.retains), operation.id)
        return Ending.DONE

    def _stopped(self, operation: Operation, direction: Direction, error: EngineError) -> Ending:
        redact = self._context.gateway.redactor.redact_text
        match error:
            case PersonNeededError():
                self._context.record(OperationHeld(why=redact(str(error))), operation.id)
                return Ending.HELD
            case StepInDoubtError():
                return Ending.IN_DOUBT
            case RunStoppedError():
                return Ending.STOPPED
            case StepFailedError():
                failed = OperationFailed(
                    step=error.step, error=redact(str(error)), code=error.code, direction=direction
                )
            case WatchFiredError():
                failed = OperationFailed(
                    step=f"watch {error.check}", error=redact(str(error)), direction=direction
                )
            case TriggerFiredError():
                failed = OperationFailed(
                    step=f"trigger {error.trigger}", error=redact(str(error)), direction=direction
                )
                self._context.record(failed, operation.id)
                return Ending.GOES_BACK
            case _:
                raise error
        self._context.record(failed, operation.id)
        return Ending.FAILED
