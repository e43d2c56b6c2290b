"""One operation's life: checkpoint, forward, verify, bake; or guard and inverse."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from operations.aws.model.types import Effect
from operations.engine.checking import Checker
from operations.engine.context import RunContext
from operations.engine.doubt import DoubtResolver, Way, next_attempt
from operations.engine.errors import (
    EngineError,
    PersonNeededError,
    RunStoppedError,
    StepFailedError,
    StepInDoubtError,
    WatchFiredError,
)
from operations.engine.hands import PlannedStep
from operations.engine.partial import Touched
from operations.engine.steps import Site, StepRunner
from operations.plan.errors import ReferenceProblem
from operations.plan.models import Operation
from operations.plan.references import references_in
from operations.plan.steps import ApiStep, Step
from state.events import Direction, Result
from state.operation_events import (
    OperationFailed,
    OperationHeld,
    OperationRolledBack,
    OperationRollingBack,
    OperationSkipped,
    OperationStarted,
    OperationSucceeded,
    StepOutcome,
)
from state.projections.progress import StepKey, StepProgress
from state.projections.states import OperationState, OperationStatus
from state.request_events import ApprovalGranted


class Ending(Enum):
    """How an operation's turn in a run ended."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    HELD = "held"
    IN_DOUBT = "in_doubt"
    STOPPED = "stopped"


Steps = dict[StepKey, StepProgress]


class OperationRunner:
    """Carries operations out and back, going on where an earlier runner stopped."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._steps = StepRunner(context)
        self._checks = Checker(context, self._steps)
        self._doubt = DoubtResolver(context, self._steps)

    async def forward(
        self, operation: Operation, status: OperationStatus, done: Steps, approved: bool
    ) -> Ending:
        """Carry an operation out."""
        context = self._context
        gap = context.hands.gap(operation)
        if gap is not None:
            context.record(OperationSkipped(reason=gap), operation.id)
            return Ending.SKIPPED
        if operation.approval is not None and not approved and not self._approve(operation):
            roles = " or ".join(operation.approval.roles)
            why = f"needs the approval of {roles}: `cutover approve PLAN {operation.id} --reason …`"
            context.record(OperationHeld(why=why), operation.id)
            return Ending.HELD
        planned = context.hands.plan_steps(operation.forward)
        context.values.runs.setdefault(operation.id, context.run)
        started = context.monotonic()
        going_on = self._goes_on(status, Direction.FORWARD)
        if not going_on:
            context.record(self._started(operation, status, planned), operation.id)
        try:
            if not any(key[0] is Direction.FORWARD for key in done):
                await self._checks.checkpoint(operation)
            await self._each_step(operation, Direction.FORWARD, planned, done, attested=approved)
            await self._checks.verify(operation)
            await self._checks.bake(operation)
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

    def _approve(self, operation: Operation) -> bool:
        signature = self._context.hands.approval(operation)
        if signature is None:
            return False
        granted = ApprovalGranted(
            role=signature.role, digest=self._context.loaded.digest, reason=signature.reason
        )
        self._context.record(granted, operation.id)
        return True

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
            if not going_on:
                rolling = OperationRollingBack(
                    attempt=status.attempt + 1,
                    steps=tuple(step.step.title for step in planned),
                    loses=operation.loses,
                )
                context.record(rolling, operation.id)
                await self._checks.guard(operation)
            touched = self._touched(operation, done)
            await self._each_step(
                operation, Direction.INVERSE, planned, done, attested=False, touched=touched
            )
        except EngineError as error:
            return self._stopped(operation, Direction.INVERSE, error)
        seconds = round(context.monotonic() - started, 3)
        context.record(OperationRolledBack(seconds=seconds, retains=operation.retains), operation.id)
        return Ending.DONE

    def _touched(self, operation: Operation, done: Steps) -> Touched | None:
        """What a forward that was cut short has touched; None after a whole one, which touched all it names."""
        forward = self._context.hands.plan_steps(operation.forward)
        carried_out = [
            forward[number - 1].step
            for (way, number), step in done.items()
            if way is Direction.FORWARD and step.result is not Result.NOT_APPLIED and number <= len(forward)
        ]
        return None if len(carried_out) == len(forward) else Touched.by(carried_out)

    def _is_change(self, step: Step) -> bool:
        return (
            isinstance(step, ApiStep)
            and self._context.gateway.catalog.effect(step.api, step.params) is Effect.MUTATE
        )

    async def _each_step(
        self,
        operation: Operation,
        direction: Direction,
        planned: Sequence[PlannedStep],
        done: Steps,
        *,
        attested: bool,
        touched: Touched | None = None,
    ) -> None:
        for number, step in enumerate(planned, start=1):
            self._context.pace.check()
            before = done.get((direction, number))
            site = Site(operation.id, direction, number, attested=attested)
            if before is not None:
                site = Site(operation.id, direction, number, before.attempt + 1, before.in_doubt, attested)
                if before.done and not getattr(step.step, "sensitive", ()):
                    continue
            if (
                touched is not None
                and before is None
                and self._is_change(step.step)
                and not touched.covers(step.step)
            ):
                self._nothing_to_undo(site, step)
            else:
                await self._one_step(site, step, before)

    async def _one_step(self, site: Site, planned: PlannedStep, before: StepProgress | None) -> None:
        if before is not None and before.in_doubt:
            why = "a runner stopped between the intent and the outcome"
            way = await self._doubt.settle(
                Site(site.operation, site.direction, site.step, before.attempt), planned, why
            )
            if way is Way.DONE:
                return
        try:
            await self._steps.run(site, planned)
        except StepInDoubtError as error:
            if await self._doubt.settle(site, planned, str(error)) is Way.AGAIN:
                await self._steps.run(next_attempt(site), planned)
        except ReferenceProblem as problem:
            if site.direction is Direction.FORWARD or not self._never_made(site, planned.step):
                raise StepFailedError(planned.step.title, problem.message) from problem
            self._nothing_to_undo(site, planned)

    def _never_made(self, site: Site, step: Step) -> bool:
        """Whether an inverse refers to something that its own forward, cut short, never saved."""
        values = self._context.values
        own = [
            ref
            for ref in references_in(getattr(step, "params", {}))
            if ref.operation in (None, site.operation)
        ]
        saved = {
            name
            for each in self._context.loaded.plan.operations[site.operation].forward
            for name in getattr(each, "save", {})
        }
        return any(ref.name in saved and f"{site.operation}.{ref.name}" not in values.saved for ref in own)

    def _nothing_to_undo(self, site: Site, planned: PlannedStep) -> None:
        from state.operation_events import StepIntent

        name = planned.step.api if isinstance(planned.step, ApiStep) else planned.step.title
        digest = self._context.gateway.digest("outside:" + name, {})
        common = {"step": site.step, "attempt": site.attempt, "direction": site.direction}
        self._context.record(
            StepIntent(api=name, params_digest=digest, token=None, mutates=False, **common), site.operation
        )
        self._context.record(
            StepOutcome(result=Result.APPLIED, seconds=0.0, code="NeverMade", **common), site.operation
        )

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
            case _:
                raise error
        self._context.record(failed, operation.id)
        return Ending.FAILED
