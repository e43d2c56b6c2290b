"""What rehearsals leave in a journal, as payloads of events."""

from __future__ import annotations

from enum import StrEnum

from state.events import Payload
from state.kinds import Kind


class Proof(StrEnum):
    """What a rehearsal of an operation came to."""

    PROVEN = "proven"
    FAILED = "failed"
    GAP = "gap"
    IRREVERSIBLE = "irreversible"


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
