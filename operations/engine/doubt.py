"""Settles steps whose effect nobody saw: look first, repeat only what may be repeated, else ask a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from operations.aws.outcome import CallFailedError, GatewayError
from operations.aws.probes.probe import Finding, Probe, ProbeVerdict
from operations.aws.redaction import jsonable
from operations.engine.context import RunContext
from operations.engine.errors import StepInDoubtError
from operations.engine.filling import fill_step, with_token
from operations.engine.hands import PlannedStep
from operations.engine.reads import read
from operations.engine.steps import Site, StepRunner
from operations.plan.steps import ApiStep
from state.events import Result
from state.operation_events import OperationInDoubt, OperationResolved, StepOutcome

AGREEING_READS = 3
"""A single read that finds nothing proves nothing: EC2 and others answer from before a change for a while."""
READ_PAUSE = 10.0
"""Plan seconds between agreeing reads."""


class Way(Enum):
    """How to go on with a step that was in doubt."""

    DONE = "done"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class _Settled:
    result: Result
    by: str
    evidence: dict[str, Any]
    response: Any = None


class DoubtResolver:
    """Resolves doubt about single steps, with the evidence in the journal."""

    def __init__(self, context: RunContext, steps: StepRunner) -> None:
        self._context = context
        self._steps = steps

    async def settle(self, site: Site, planned: PlannedStep, why: str) -> Way:
        """Find out whether a step had its effect.

        Raises:
            StepInDoubtError: it cannot be found out safely; the operation stays in doubt.
        """
        step = planned.step
        name = step.api if isinstance(step, ApiStep) else step.title
        doubt = OperationInDoubt(step=site.step, api=name, why=why, direction=site.direction)
        self._context.record(doubt, site.operation)
        settled = await self._find_out(site, step) if isinstance(step, ApiStep) else None
        if settled is None:
            why = f"{name} may have been carried out ({why}); look, then `cutover resolve`"
            raise StepInDoubtError(site.step, name, why)
        if settled.result is Result.APPLIED:
            self._note_applied(site, step, settled)
        resolved = OperationResolved(
            step=site.step, result=settled.result, by=settled.by, evidence=jsonable(settled.evidence)
        )
        self._context.record(resolved, site.operation)
        return Way.DONE if settled.result is Result.APPLIED else Way.AGAIN

    async def _find_out(self, site: Site, step: ApiStep) -> _Settled | None:
        filled = fill_step(step, self._context, site.operation)
        assert isinstance(filled, ApiStep)  # noqa: S101 - fill_step keeps the form
        sent = self._as_sent(site, filled)
        probe = self._context.probes.probe_for(filled.api, sent)
        if probe is not None:
            found = await self._probe(probe, sent)
            if found is not None:
                return found
        if self._context.gateway.catalog.repeatable(filled.api, filled.params):
            return _Settled(Result.NOT_APPLIED, "may be repeated", {"repeatable": filled.api})
        return None

    def _as_sent(self, site: Site, step: ApiStep) -> dict[str, Any]:
        """The parameters with the client token that every attempt at this step carries."""
        gateway = self._context.gateway
        token = self._steps.token(site, step.api, gateway.digest(step.api, step.params))
        return with_token(gateway.catalog, step.api, step.params, token)

    async def _probe(self, probe: Probe, sent: dict[str, Any]) -> _Settled | None:
        api, params = probe.read_call(sent)
        for count in range(1, AGREEING_READS + 1):
            finding = await self._look(probe, sent, api, params)
            evidence = {"read": api, "reads": count, "reason": finding.reason}
            if finding.verdict is ProbeVerdict.APPLIED:
                return _Settled(Result.APPLIED, f"probe {api}", evidence, finding.response)
            if finding.verdict is ProbeVerdict.UNSURE:
                return None
            if count < AGREEING_READS:
                await self._context.pace.sleep(READ_PAUSE)
        return _Settled(Result.NOT_APPLIED, f"probe {api}", evidence)

    async def _look(self, probe: Probe, sent: dict[str, Any], api: str, params: dict[str, Any]) -> Finding:
        try:
            answer = await read(self._context, api, params)
        except CallFailedError as error:
            return probe.finding(sent, error=error.code)
        except GatewayError as error:
            why = f"{probe.api} is in doubt and cannot be looked up: {error}"
            raise StepInDoubtError(0, probe.api, why) from error
        return probe.finding(sent, answer.response)

    def _note_applied(self, site: Site, step: Any, settled: _Settled) -> None:
        saved = self._steps.save(site.operation, step, jsonable(settled.response or {}))
        outcome = StepOutcome(
            step=site.step,
            attempt=site.attempt,
            direction=site.direction,
            result=Result.APPLIED,
            seconds=0.0,
            saved=saved,
        )
        self._context.record(outcome, site.operation)


def next_attempt(site: Site) -> Site:
    """The site of the attempt after one that was in doubt."""
    return replace(site, attempt=site.attempt + 1, repeats=True)
