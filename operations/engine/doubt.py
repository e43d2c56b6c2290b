"""Settles steps whose effect nobody saw: replay or repeat what cannot be doubled, look for the rest, else ask a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.types import Effect
from operations.aws.probes.probe import Probe, ProbeVerdict
from operations.aws.redaction import jsonable
from operations.engine.context import RunContext
from operations.engine.errors import (
    AnswerUnseenError,
    PartlyDoneError,
    StepFailedError,
    StepInDoubtError,
)
from operations.engine.evidence import AGREEING_READS, Proposal, gather, propose
from operations.engine.filling import fill_step, step_name, with_token
from operations.engine.hands import PlannedStep
from operations.engine.lookups import Sighting, glance, look
from operations.engine.steps import Site, StepRunner
from operations.plan.errors import ReferenceProblem
from operations.plan.steps import ApiStep, HttpStep, Step, WaitStep
from state.events import Result
from state.kinds import Kind
from state.operation_events import OperationInDoubt, OperationResolved, StepOutcome
from state.projections.progress import StepProgress, fold_progress
from state.reader import JournalReader

TOKEN_SECONDS = 8 * 3600.0
"""Plan seconds after the first intent for which a client token is replayed: the shortest validity that AWS documents."""
REPEATS = 3
"""How often a step that falls into doubt again and again is repeated before a person is asked."""
_SECOND_CALL_TELLS = frozenset({"route53:ChangeResourceRecordSets"})
"""Calls that AWS refuses as a whole when they were applied before, in words that say so."""


class Way(Enum):
    """How to go on with a step that was in doubt."""

    DONE = "done"
    AGAIN = "again"  # it surely had no effect
    REPEAT = "repeat"  # nobody knows, and a second call cannot double the effect


@dataclass(frozen=True, slots=True)
class Examination:
    """What is known about a step in doubt.

    Attributes:
        way: How to go on; None when only a person can say.
        by: What settles it.
        evidence: What was seen, for the journal.
        proposal: What a person is advised to answer.
        response: For a call that a probe found applied: what it would have answered.
    """

    way: Way | None
    by: str
    evidence: dict[str, Any]
    proposal: Proposal | None = None
    response: Mapping[str, Any] | None = None


class DoubtResolver:
    """Resolves doubt about single steps, with the evidence in the journal. It trusts the journal, never its caller."""

    def __init__(self, context: RunContext, steps: StepRunner) -> None:
        self._context = context
        self._steps = steps

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
            last = self._journaled(site)
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
        examined = await self.examine(site, planned, repeats=repeats)
        if examined.way is None:
            raise self._handed_over(site, planned, why, examined)
        if examined.way is Way.DONE:
            self._note_applied(site, planned.step, examined)
        if examined.way is not Way.REPEAT:
            result = Result.APPLIED if examined.way is Way.DONE else Result.NOT_APPLIED
            self._note_resolved(site, result, examined.by, examined.evidence)
        return examined

    async def examine(
        self, site: Site, planned: PlannedStep, *, repeats: bool = True, patient: bool = True
    ) -> Examination:
        """What is known about a step in doubt; reads, and writes nothing.

        Args:
            site: Where the step stands.
            planned: The step.
            repeats: Whether a call may be repeated to settle it.
            patient: Look for as long as reads may lag; else once, which settles nothing and only shows.
        """
        journaled = self._journaled(site)
        step = planned.step
        if not isinstance(step, ApiStep):
            return await self._for_a_person(site, journaled, None, {}, patient)
        try:
            filled = fill_step(step, self._context, site.operation)
        except ReferenceProblem as problem:
            return await self._for_a_person(site, journaled, None, {"reference": problem.message}, patient)
        assert isinstance(filled, ApiStep)  # noqa: S101 - fill_step keeps the form
        facts = self._facts(filled, journaled)
        way = self._without_looking(filled, journaled, facts, repeats=repeats)
        if way is not None:
            return way
        return await self._looked(site, filled, journaled, facts, patient=patient)

    def _facts(self, step: ApiStep, journaled: StepProgress | None) -> dict[str, Any]:
        """What the journal says about the call in doubt, beside what is read."""
        facts: dict[str, Any] = {}
        if journaled is None:
            return {"journal": "no intent"}
        if journaled.digest != self._context.gateway.digest(step.api, step.params):
            facts["parameters"] = "not those of the journaled intent"
        if journaled.token is not None:
            facts["age_seconds"] = round(self._age(journaled), 1)
        if journaled.precondition is not None:
            facts["before"] = journaled.precondition
        if journaled.items is not None:
            facts["items"] = journaled.items
        return facts

    def _without_looking(
        self, step: ApiStep, journaled: StepProgress | None, facts: dict[str, Any], *, repeats: bool
    ) -> Examination | None:
        """Calls that cannot have a second effect are simply made again: the surest answer there is."""
        catalog = self._context.gateway.catalog
        same = journaled is not None and "parameters" not in facts
        valid = same and journaled is not None and journaled.token is not None
        if valid and repeats and 0 <= facts["age_seconds"] <= TOKEN_SECONDS:
            return Examination(Way.REPEAT, "token replay", facts)
        if catalog.repeatable(step.api, step.params) or (step.api in _SECOND_CALL_TELLS and same):
            return Examination(Way.REPEAT, "safe repeat", facts)
        return None

    async def _looked(
        self,
        site: Site,
        step: ApiStep,
        journaled: StepProgress | None,
        facts: dict[str, Any],
        *,
        patient: bool,
    ) -> Examination:
        token = journaled.token if journaled else None
        sent = with_token(self._context.gateway.catalog, step.api, step.params, token)
        probe = self._context.probes.probe_for(step.api, sent)
        if probe is None:
            return await self._for_a_person(site, journaled, None, facts, patient)
        proves = patient and journaled is not None and "parameters" not in facts
        if proves and journaled is not None and journaled.precondition == "absent":
            sighting = await look(self._context, probe, sent)
            way = _WAYS.get(sighting.verdict)
            if way is not None:
                return Examination(
                    way, f"probe {probe.read}", {**facts, **sighting.as_dict()}, None, sighting.response
                )
        else:
            sighting = await self._glanced(probe, sent)
        return await self._for_a_person(site, journaled, sighting, {**facts, **sighting.as_dict()}, patient)

    async def _glanced(self, probe: Probe, sent: Mapping[str, Any]) -> Sighting:
        finding = await glance(self._context, probe, sent)
        return Sighting(finding.verdict, probe.read, 1, 0.0, finding.reason, finding.response)

    async def _for_a_person(
        self,
        site: Site,
        journaled: StepProgress | None,
        sighting: Sighting | None,
        facts: dict[str, Any],
        patient: bool,
    ) -> Examination:
        operation = self._context.loaded.plan.operations[site.operation]
        rounds = AGREEING_READS if patient else 1
        seen = await gather(
            self._context, operation, self._checkpoint(site.operation), site.direction, rounds
        )
        others = self._other_changes(site)
        seen = replace(seen, alone=not others, last=not any(number > site.step for number in others))
        before = journaled.precondition if journaled else None
        partly = journaled is not None and journaled.items is not None
        proposal = propose(seen, sighting, before, partly=partly)
        return Examination(None, "a person", {**facts, **seen.as_dict()}, proposal)

    def _other_changes(self, site: Site) -> list[int]:
        """The steps of the same direction that change something, this one aside."""
        catalog = self._context.gateway.catalog
        operation = self._context.loaded.plan.operations[site.operation]
        steps = self._context.hands.plan_steps(operation.sections()[site.direction.value])
        return [
            number
            for number, planned in enumerate(steps, start=1)
            if number != site.step and changes_something(catalog, planned.step)
        ]

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
        journaled = self._journaled(site)
        facts: dict[str, Any] = {"items": journaled.items} if journaled and journaled.items else {}
        examined = await self._for_a_person(site, journaled, None, facts, patient=True)
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

    def _journaled(self, site: Site) -> StepProgress | None:
        with JournalReader(self._context.journal.path) as reader:
            progress = fold_progress(reader.events())
        return progress.get(site.operation, {}).get((site.direction, site.step))

    def _unsettled(self, site: Site) -> bool:
        journaled = self._journaled(site)
        return journaled is not None and journaled.in_doubt

    def _checkpoint(self, operation: str) -> Mapping[str, Any]:
        with JournalReader(self._context.journal.path) as reader:
            found = reader.newest(1, operation=operation, kind=Kind.OPERATION_CHECKPOINT.value)
        return found[0].data["evidence"] if found else {}

    def _age(self, journaled: StepProgress) -> float:
        """Plan seconds since the token was first intended; negative when the clock was put back."""
        since = datetime.fromisoformat(journaled.since)
        return (self._context.clock() - since).total_seconds() * self._context.pace.speed

    def _note_applied(self, site: Site, step: Any, examined: Examination) -> None:
        saved = self._steps.save(site.operation, step, jsonable(examined.response or {}))
        last = self._journaled(site)
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
            last = self._journaled(site)
            evidence = {**examined.evidence, "attempt": last.attempt if last else site.attempt}
            self._note_resolved(site, Result.APPLIED, examined.by, evidence)

    def _note_resolved(self, site: Site, result: Result, by: str, evidence: Mapping[str, Any]) -> None:
        resolved = OperationResolved(step=site.step, result=result, by=by, evidence=jsonable(dict(evidence)))
        self._context.record(resolved, site.operation)


_WAYS = {ProbeVerdict.APPLIED: Way.DONE, ProbeVerdict.NOT_APPLIED: Way.AGAIN}


def next_attempt(site: Site) -> Site:
    """The site of the attempt after one that was in doubt."""
    return replace(site, attempt=site.attempt + 1, repeats=True)


def changes_something(catalog: ApiCatalog, step: Step) -> bool:
    """Whether a step may change something: not a read, a wait or a look at an address."""
    if isinstance(step, ApiStep):
        return catalog.effect(step.api, step.params) is Effect.MUTATE
    return not isinstance(step, (WaitStep, HttpStep))
