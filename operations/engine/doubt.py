"""Settles steps whose effect nobody saw: replay or repeat what cannot be doubled, look for the rest, else ask a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from operations.aws.redaction import jsonable
from operations.engine.context import RunContext
from operations.engine.errors import (
    AnswerUnseenError,
    PartlyDoneError,
    StepFailedError,
    StepInDoubtError,
)
from operations.engine.evidence import Proposal
from operations.engine.examining import Examination, Examiner, Way
from operations.engine.filling import step_name
from operations.engine.hands import PlannedStep
from operations.engine.site import Site
from operations.engine.steps import StepRunner
from operations.plan.expressions import ExpressionError
from state.events import Result
from state.operation_events import OperationInDoubt, OperationResolved, StepOutcome

REPEATS = 3
"""How often a step that falls into doubt again and again is repeated before a person is asked."""


class DoubtResolver:
    """Resolves doubt about single steps, with the evidence in the journal."""

    def __init__(self, context: RunContext, steps: StepRunner) -> None:
        self._context = context
        self._steps = steps
        self._examiner = Examiner(context)

    async def see_through(self, site: Site, planned: PlannedStep, why: str) -> None:
        """Settle a step and carry it out where it was not.

        Raises:
            StepInDoubtError: only a person can tell; the operation stays in doubt.
            StepFailedError: it surely had no effect, and cannot have any.
        """
        for _ in range(REPEATS):
            examined = await self._settle(site, planned, why, repeats=True)
            if examined.way is Way.DONE:
                return
            last = self._examiner.journaled(site)
            site = next_attempt(replace(site, attempt=last.attempt if last else site.attempt))
            if last is not None and "parameters" not in examined.evidence:
                site = replace(site, token=last.token)
            known = last.precondition if last else None
            before = "absent" if examined.way is Way.AGAIN else known or "unknown"
            site = replace(site, precondition=before)
            try:
                await self._steps.run(site, planned)
            except AnswerUnseenError as error:
                raise await self.left_to_a_person(site, planned, str(error), applied=True) from error
            except PartlyDoneError as error:
                why = str(error)
                break
            except StepInDoubtError as error:
                why = str(error)
                continue
            except StepFailedError as error:
                if not self._unsettled(site):
                    self._note_repeated(site, examined)
                    raise
                why = f"the repeated call was refused ({error}), which says nothing about the first"
                break
            self._note_repeated(site, examined)
            return
        raise await self.left_to_a_person(site, planned, why)

    async def settle(self, site: Site, planned: PlannedStep, why: str) -> Way:
        """Find out by looking alone whether a step had its effect: for the way back, which repeats nothing.

        Returns:
            DONE or AGAIN for what was seen, REPEAT for a call whose inverse is safe whether it was applied or not.

        Raises:
            StepInDoubtError: only a person can tell.
        """
        return (await self._settle(site, planned, why, repeats=False)).way or Way.REPEAT

    async def _settle(self, site: Site, planned: PlannedStep, why: str, *, repeats: bool) -> Examination:
        doubt = OperationInDoubt(
            step=site.step, api=step_name(planned.step), why=why, direction=site.direction
        )
        self._context.record(doubt, site.operation)
        examined = await self._examiner.examine(site, planned, repeats=repeats)
        if examined.way is None:
            raise self._handed_over(site, planned, why, examined)
        if examined.way is Way.DONE:
            try:
                self._note_applied(site, planned.step, examined)
            except ExpressionError as error:
                unseen = f"what it answered shows only in part: {error}"
                raise await self.left_to_a_person(site, planned, unseen, applied=True) from error
        if examined.way is not Way.REPEAT:
            result = Result.APPLIED if examined.way is Way.DONE else Result.NOT_APPLIED
            self._note_resolved(site, result, examined.by, examined.evidence)
        return examined

    async def left_to_a_person(
        self, site: Site, planned: PlannedStep, why: str, *, applied: bool = False
    ) -> StepInDoubtError:
        """Journal what is seen and what it suggests; the error to stop the operation with.

        Args:
            site: Where the step stands.
            planned: The step.
            why: What nobody knows.
            applied: It was carried out, and only its answer is not known.
        """
        journaled = self._examiner.journaled(site)
        facts: dict[str, Any] = {"items": journaled.items} if journaled and journaled.items else {}
        examined = await self._examiner.for_a_person(site, journaled, None, facts, patient=True)
        if applied:
            examined = replace(examined, proposal=Proposal.DONE)
        return self._handed_over(site, planned, why, examined)

    def _handed_over(
        self, site: Site, planned: PlannedStep, why: str, examined: Examination
    ) -> StepInDoubtError:
        name = step_name(planned.step)
        why = f"{name} may have been carried out ({why}); look, then `cutover resolve PLAN {site.operation}`"
        doubt = OperationInDoubt(
            step=site.step,
            api=name,
            why=why,
            direction=site.direction,
            evidence=jsonable(examined.evidence),
            proposal=examined.proposal.value if examined.proposal else None,
        )
        self._context.record(doubt, site.operation)
        return StepInDoubtError(site.step, name, why)

    def _unsettled(self, site: Site) -> bool:
        journaled = self._examiner.journaled(site)
        return journaled is not None and journaled.in_doubt

    def _note_applied(self, site: Site, step: Any, examined: Examination) -> None:
        saved = self._steps.save(site.operation, step, jsonable(examined.response or {}))
        last = self._examiner.journaled(site)
        outcome = StepOutcome(
            step=site.step,
            attempt=last.attempt if last else site.attempt,
            direction=site.direction,
            result=Result.APPLIED,
            seconds=0.0,
            saved=saved,
        )
        self._context.record(outcome, site.operation)

    def _note_repeated(self, site: Site, examined: Examination) -> None:
        if examined.way is Way.REPEAT:
            last = self._examiner.journaled(site)
            evidence = {**examined.evidence, "attempt": last.attempt if last else site.attempt}
            self._note_resolved(site, Result.APPLIED, examined.by, evidence)

    def _note_resolved(self, site: Site, result: Result, by: str, evidence: Mapping[str, Any]) -> None:
        resolved = OperationResolved(step=site.step, result=result, by=by, evidence=jsonable(dict(evidence)))
        self._context.record(resolved, site.operation)


def next_attempt(site: Site) -> Site:
    """The site of the attempt after one that was in doubt."""
    return replace(site, attempt=site.attempt + 1, repeats=True)
