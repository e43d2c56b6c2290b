"""One operation's life: checkpoint, forward, verify, bake; or guard and inverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from operations.aws.model.types import Effect
from operations.engine.checking import Checker
from operations.engine.context import RunContext
from operations.engine.doubt import DoubtResolver, Way
from operations.engine.errors import (
    EngineError,
    PartlyDoneError,
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


_AFTER = {Way.DONE: Result.APPLIED, Way.AGAIN: Result.NOT_APPLIED, Way.REPEAT: Result.UNKNOWN}
"""What a forward step counts as on the way back; one that may have been applied is undone."""


def _begun_back(done: Steps) -> bool:
    """Whether something of the operation may be undone already while the rest of it still stands."""
    return any(
        way is Direction.INVERSE and step.mutates and step.result is not Result.NOT_APPLIED
        for (way, _), step in done.items()
    )


def _did_anything(done: Steps) -> bool:
    """Whether a forward may have changed anything; a command that failed may have done half of its work."""
    return any(
        way is Direction.FORWARD
        and step.mutates
        and (step.result is not Result.NOT_APPLIED or ":" not in step.api)
        for (way, _), step in done.items()
    )


class OperationRunner:
    """Carries operations out and back, going on where an earlier runner stopped."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._steps = StepRunner(context)
        self.checks = Checker(context, self._steps)
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
        if _begun_back(done):
            why = "its way back was begun and is not done; roll it back first, then run it again"
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
                await self.checks.checkpoint(operation)
            await self._each_step(operation, Direction.FORWARD, planned, done, attested=approved)
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
            if not operation.reversible:
                raise PersonNeededError(f"there is no way back: {operation.irreversible}")
            if not going_on:
                rolling = OperationRollingBack(
                    attempt=status.attempt + 1,
                    steps=tuple(step.step.title for step in planned),
                    loses=operation.loses,
                )
                context.record(rolling, operation.id)
                if not _begun_back(done):
                    await self.checks.guard(operation)
            done = await self._settle_forward(operation, done)
            touched = self._touched(operation, done)
            await self._each_step(
                operation, Direction.INVERSE, planned, done, attested=False, touched=touched
            )
        except EngineError as error:
            return self._stopped(operation, Direction.INVERSE, error)
        seconds = round(context.monotonic() - started, 3)
        context.record(OperationRolledBack(seconds=seconds, retains=operation.retains), operation.id)
        return Ending.DONE

    async def _settle_forward(self, operation: Operation, done: Steps) -> Steps:
        """Find out what forward steps in doubt have done: what nobody knows of cannot be undone.

        Raises:
            StepInDoubtError: only a person can tell.
        """
        settled = dict(done)
        forward = self._context.hands.plan_steps(operation.forward)
        for (way, number), step in sorted(done.items()):
            if way is Direction.FORWARD and step.in_doubt and number <= len(forward):
                site = Site(operation.id, way, number, step.attempt)
                found = await self._doubt.settle(site, forward[number - 1], "the way back begins")
                settled[way, number] = replace(step, result=_AFTER[found])
        return settled

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
            never_sent = before is None or not before.mutates
            if never_sent and self._untouched(step.step, touched, done):
                self._nothing_to_undo(site, step)
            else:
                await self._one_step(site, step, before, touched)

    def _untouched(self, step: Step, touched: Touched | None, done: Steps) -> bool:
        """Whether a step of an inverse would undo what its forward, cut short, never did."""
        if touched is None:
            return False
        return not _did_anything(done) or (self._is_change(step) and not touched.covers(step))

    async def _one_step(
        self, site: Site, planned: PlannedStep, before: StepProgress | None, touched: Touched | None
    ) -> None:
        try:
            if before is not None and before.in_doubt:
                why = "a runner stopped between the intent and the outcome"
                await self._doubt.see_through(site, planned, why)
            else:
                await self._first_try(site, planned)
        except ReferenceProblem as problem:
            if site.direction is Direction.FORWARD or not self._never_made(site, planned.step, touched):
                raise StepFailedError(planned.step.title, problem.message) from problem
            self._nothing_to_undo(site, planned)

    async def _first_try(self, site: Site, planned: PlannedStep) -> None:
        try:
            await self._steps.run(site, planned)
        except PartlyDoneError as error:
            raise await self._doubt.left_to_a_person(site, planned, str(error)) from error
        except StepInDoubtError as error:
            await self._doubt.see_through(site, planned, str(error))

    def _never_made(self, site: Site, step: Step, touched: Touched | None) -> bool:
        """Whether an inverse refers to something that its own forward, cut short, never saved.

        Raises:
            PersonNeededError: it was made, and nobody has told what it is called.
        """
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
        missing = [
            ref.name
            for ref in own
            if ref.name in saved and f"{site.operation}.{ref.name}" not in values.saved
        ]
        made = [name for name in missing if touched is None or touched.saves(name)]
        if made:
            raise PersonNeededError(
                f"{step.title} needs `{made[0]}`, which was made and never seen;"
                " undo it by hand and mark it done, or orphan it"
            )
        return bool(missing)

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
