"""Looks whether a call had its effect: by its probe, several times, for longer than reads may lag behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from operations.aws.outcome import CallFailedError, GatewayError
from operations.aws.probes.probe import Finding, Probe, ProbeUnsureError, ProbeVerdict
from operations.engine.context import RunContext
from operations.engine.reads import read

LONGEST_LAG = 300.0
"""Plan seconds for which a read may answer from before a change (EC2 user guide, eventual consistency: minutes)."""
LOOK_AFTER = (0.0, 10.0, 40.0, 120.0, LONGEST_LAG + 20.0)
"""Plan seconds after the doubt began at which a probe reads. What is there shows early; that it is not there shows
only the last one, so no fewer than all of them are enough for `not applied`."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What looking brought: `reads` agree on the verdict, the last of them `span` plan seconds after the first."""

    verdict: ProbeVerdict
    read: str
    reads: int
    span: float
    reason: str
    response: Mapping[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """For the journal."""
        return {"read": self.read, "reads": self.reads, "seconds": self.span, "reason": self.reason}


async def look(context: RunContext, probe: Probe, sent: Mapping[str, Any]) -> Sighting:
    """Read until the effect shows, or until it would have shown.

    Raises:
        RunStoppedError: the run was asked to stop between two reads.
    """
    finding, reads, last = await glance(context, probe, sent), 1, LOOK_AFTER[0]
    for at in LOOK_AFTER[1:]:
        if finding.verdict is not ProbeVerdict.NOT_APPLIED:
            break
        await context.pace.sleep(at - last)
        finding, reads, last = await glance(context, probe, sent), reads + 1, at
    return Sighting(finding.verdict, probe.read, reads, last, finding.reason, finding.response)


async def glance(context: RunContext, probe: Probe, sent: Mapping[str, Any]) -> Finding:
    """Read once; a read that fails leaves it open."""
    try:
        api, params = probe.read_call(sent)
        answer = await read(context, api, params)
    except ProbeUnsureError as unsure:
        return Finding(ProbeVerdict.UNSURE, None, str(unsure))
    except CallFailedError as error:
        return probe.finding(sent, error=error.code)
    except GatewayError as error:
        return Finding(ProbeVerdict.UNSURE, None, f"{probe.read} cannot be asked: {error}")
    return await _followed(context, probe, probe.finding(sent, answer.response))


async def _followed(context: RunContext, probe: Probe, finding: Finding) -> Finding:
    """The finding with what a second read adds to it; open where that read fails."""
    if finding.response is None:
        return finding
    try:
        further = probe.follow_call(finding.response)
        if further is None:
            return finding
        answer = await read(context, *further)
    except (GatewayError, ProbeUnsureError) as error:
        return Finding(ProbeVerdict.UNSURE, None, f"{probe.read} shows it, but not all of it: {error}")
    return replace(finding, response={**finding.response, **answer.response})


async def precondition(context: RunContext, api: str, params: Mapping[str, Any]) -> str | None:
    """What a probe shows before a call that a repeat could not settle, nor a token on the way back or after its time.

    Returns:
        `absent`: an effect that shows later is this call's. `present`: it was there before. `unknown`: it cannot be
        told. None: the call needs no such look, or none is possible.
    """
    catalog = context.gateway.catalog
    if catalog.repeatable(api, params):
        return None
    probe = context.probes.probe_for(api, params)
    if probe is None:
        return None
    finding = await glance(context, probe, params)
    return _PRECONDITIONS[finding.verdict]


_PRECONDITIONS = {
    ProbeVerdict.APPLIED: "present",
    ProbeVerdict.NOT_APPLIED: "absent",
    ProbeVerdict.UNSURE: "unknown",
}
