"""What rehearsals leave in a journal, as payloads of events."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from state.events import Payload
from state.kinds import Kind


class Proof(StrEnum):
    """What a rehearsal of an operation came to."""

    PROVEN = "proven"
    FAILED = "failed"
    GAP = "gap"
    IRREVERSIBLE = "irreversible"


class DrillStarted(Payload):
    """A drill, by its scenario; the same scenario and seed make the same faults: `faults` are all of them."""

    kind = Kind.DRILL_STARTED
    scenario: str
    seed: int
    faults: tuple[dict[str, Any], ...] = ()


class DrillInject(Payload):
    """Faults that somebody put on the wire in the middle of a drill; none: all were taken off."""

    kind = Kind.DRILL_INJECT
    faults: tuple[dict[str, Any], ...] = ()


class DrillScore(Payload):
    """One operation, or the whole plan when the event names none, rehearsed forward, verified and back in a sandbox.

    `digest` is that of what was rehearsed: a badge does not outlive a change. Seconds are the sandbox's, not AWS's;
    `differences` are resources that stood otherwise afterwards, as `service/type/id: change`.
    """

    kind = Kind.DRILL_SCORE
    result: Proof
    digest: str
    forward_seconds: float = 0.0
    back_seconds: float = 0.0
    differences: tuple[str, ...] = ()
    why: str | None = None
