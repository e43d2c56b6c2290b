"""Walks through the steps of an operation, forward or back, past those that are done and those that have nothing to undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from operations.engine.context import RunContext
from operations.engine.doubt import DoubtResolver
from operations.engine.effects import changes_something, is_change
from operations.engine.errors import PartlyDoneError, PersonNeededError, StepFailedError, StepInDoubtError
from operations.engine.examining import Way
from operations.engine.hands import PlannedStep
from operations.engine.partial import Touched
from operations.engine.site import Site
from operations.engine.steps import StepRunner
from operations.plan.errors import ReferenceProblem
from operations.plan.models import Operation
from operations.plan.references import references_in
from operations.plan.steps import ApiStep, Step
from state.events import Direction, Result
from state.operation_events import StepIntent, StepOutcome
from state.projections.progress import StepKey, StepProgress

Steps = dict[StepKey, StepProgress]

_AFTER = {Way.DONE: Result.APPLIED, Way.AGAIN: Result.NOT_APPLIED, Way.REPEAT: Result.UNKNOWN}
"""What a forward step counts as on the way back; one that may have been applied is undone."""


class Walker:
    """Carries the steps of operations out for one run."""

    def __init__(self, context: RunContext, steps: StepRunner) -> None:
        self._context = context
        self._steps = steps
        self._doubt = DoubtResolver(context, steps)

    async def each(
        self,
        operation: Operation,
        direction: Direction,
        planned: Sequence[PlannedStep],
        done: Steps,
        *,
        turn: int,
        attested: bool = False,
        touched: Touched | None = None,
    ) -> None:
        """Carry the steps of one direction out, but for those that are done; `turn` as in Site.

        Raises:
            EngineError: one of them stopped the operation.
        """
        for number, step in enumerate(planned, start=1):
            self._context.pace.check()
            before = done.get((direction, number))
            site = Site(operation.id, direction, number, attested=attested, turn=turn)
            if before is not None:
                site = replace(site, attempt=before.attempt + 1, repeats=before.in_doubt)
                if before.done and not self._made_again(site, step.step, before, done):
                    continue
            never_sent = before is None or not before.mutates
            if never_sent and self._untouched(step.step, touched, done):
                self._nothing_to_undo(site, step)
            else:
                await self._one_step(site, step, before, touched)

    async def settle_forward(self, operation: Operation, done: Steps) -> Steps:
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

    def touched(self, operation: Operation, done: Steps) -> Touched | None:
        """What a forward that was cut short has touched; None after a whole one, which touched all it names."""
        forward = self._context.hands.plan_steps(operation.forward)
        carried_out = [
            forward[number - 1].step
            for (way, number), step in done.items()
            if way is Direction.FORWARD and step.result is not Result.NOT_APPLIED and number <= len(forward)
        ]
        return None if len(carried_out) == len(forward) else Touched.by(carried_out)

    def _made_again(self, site: Site, step: Step, before: StepProgress, done: Steps) -> bool:
        """Whether a step that is done is made again: what it says may no longer be so, or is needed and not known.

        A look, such as a wait until a replica has caught up, holds for the change that follows it. While nothing has
        been changed since, it is made again; after a change it would meet what the operation itself has done.
        """
        only_looks = not changes_something(self._context.gateway.catalog, step)
        return (
            self._read_again(step)
            or _ask_again(before, site, done)
            or (only_looks and not _changed_after(site, done))
        )

    def _read_again(self, step: Step) -> bool:
        """Whether a step that is done is made again for its secret, which the journal does not hold.

        Only what has no second effect: a step that changes something is not repeated to learn what it had answered.
        """
        if not isinstance(step, ApiStep) or not step.sensitive:
            return False
        return not is_change(self._context.gateway.catalog, step) or self._context.gateway.catalog.repeatable(
            step.api, step.params
        )

    def _untouched(self, step: Step, touched: Touched | None, done: Steps) -> bool:
        """Whether a step of an inverse would undo what its forward, cut short, never did."""
        if touched is None:
            return False
        return not did_anything(done) or (
            is_change(self._context.gateway.catalog, step) and not touched.covers(step)
        )

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
        name = planned.step.api if isinstance(planned.step, ApiStep) else planned.step.title
        digest = self._context.gateway.digest("outside:" + name, {})
        common = {"step": site.step, "attempt": site.attempt, "direction": site.direction}
        self._context.record(
            StepIntent(api=name, params_digest=digest, token=None, mutates=False, **common), site.operation
        )
        self._context.record(
            StepOutcome(result=Result.APPLIED, seconds=0.0, code="NeverMade", **common), site.operation
        )


def _ask_again(step: StepProgress, site: Site, done: Steps) -> bool:
    """Whether a step that AWS refused as done already is asked for again, because what came after it has not come true.

    A database that is still stopping refuses to be started as one that runs does. Only while nothing was changed after it.
    """
    later = [each for (way, number), each in done.items() if way is site.direction and number > site.step]
    waited = any(not each.mutates and not each.done for each in later)
    return step.presumed and waited and not any(each.mutates for each in later)


def _changed_after(site: Site, done: Steps) -> bool:
    """Whether a step behind this one may have changed something."""
    return any(
        way is site.direction and number > site.step and _may_have_acted(step)
        for (way, number), step in done.items()
    )


def _may_have_acted(step: StepProgress) -> bool:
    """Whether a step may have changed something; a command that failed may have done half of its work."""
    return step.mutates and (step.result is not Result.NOT_APPLIED or ":" not in step.api)


def begun_back(done: Steps) -> bool:
    """Whether something of the operation may be undone already while the rest of it still stands."""
    return any(
        way is Direction.INVERSE and step.mutates and step.result is not Result.NOT_APPLIED
        for (way, _), step in done.items()
    )


def did_anything(done: Steps) -> bool:
    """Whether a forward may have changed anything."""
    return any(way is Direction.FORWARD and _may_have_acted(step) for (way, _), step in done.items())
