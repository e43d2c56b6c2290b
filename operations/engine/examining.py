"""Looks into a step in doubt: what the journal says, what reads show, and how it can be gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from operations.aws.probes.probe import Probe, ProbeVerdict
from operations.engine.context import RunContext
from operations.engine.effects import changes_something
from operations.engine.evidence import AGREEING_READS, Proposal, gather, propose
from operations.engine.filling import fill_step, with_token
from operations.engine.hands import PlannedStep
from operations.engine.lookups import Sighting, glance, look
from operations.engine.site import Site
from operations.plan.errors import ReferenceProblem
from operations.plan.steps import ApiStep
from state.kinds import Kind
from state.projections.progress import StepProgress, fold_progress
from state.reader import JournalReader

TOKEN_SECONDS = 8 * 3600.0
"""Plan seconds after the first intent for which a client token is replayed: the shortest validity that AWS documents."""
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


class Examiner:
    """Examines steps in doubt of one run; reads, and writes nothing. It trusts the journal, never its caller."""

    def __init__(self, context: RunContext) -> None:
        self._context = context

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
        journaled = self.journaled(site)
        step = planned.step
        if not isinstance(step, ApiStep):
            return await self.for_a_person(site, journaled, None, {}, patient)
        try:
            filled = fill_step(step, self._context, site.operation)
        except ReferenceProblem as problem:
            return await self.for_a_person(site, journaled, None, {"reference": problem.message}, patient)
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
            return await self.for_a_person(site, journaled, None, facts, patient)
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
        return await self.for_a_person(site, journaled, sighting, {**facts, **sighting.as_dict()}, patient)

    async def _glanced(self, probe: Probe, sent: Mapping[str, Any]) -> Sighting:
        finding = await glance(self._context, probe, sent)
        return Sighting(finding.verdict, probe.read, 1, 0.0, finding.reason, finding.response)

    async def for_a_person(
        self,
        site: Site,
        journaled: StepProgress | None,
        sighting: Sighting | None,
        facts: dict[str, Any],
        patient: bool,
    ) -> Examination:
        """What a person is shown, and the answer that it suggests."""
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

    def journaled(self, site: Site) -> StepProgress | None:
        """What the journal says of the step now."""
        with JournalReader(self._context.journal.path) as reader:
            progress = fold_progress(reader.events())
        return progress.get(site.operation, {}).get((site.direction, site.step))

    def _checkpoint(self, operation: str) -> Mapping[str, Any]:
        with JournalReader(self._context.journal.path) as reader:
            found = reader.newest(1, operation=operation, kind=Kind.OPERATION_CHECKPOINT.value)
        return found[0].data["evidence"] if found else {}

    def _age(self, journaled: StepProgress) -> float:
        """Plan seconds since the token was first intended; negative when the clock was put back."""
        since = datetime.fromisoformat(journaled.since)
        return (self._context.clock() - since).total_seconds() * self._context.pace.speed


_WAYS = {ProbeVerdict.APPLIED: Way.DONE, ProbeVerdict.NOT_APPLIED: Way.AGAIN}
