"""Badges: what rehearsals have proven about each operation, folded from their scores."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from state.drill_events import Proof
from state.errors import MALFORMED, unreadable
from state.events import Event
from state.kinds import Kind

WHOLE = ""
"""The key of the whole plan's badge."""


@dataclass(frozen=True, slots=True)
class Badge:
    """The last result, and what the proofs before it came to.

    Attributes:
        result: what the last rehearsal came to.
        at: when that was, as events tell time.
        digest: of what was rehearsed then.
        why: what went wrong, or why it cannot be proven.
        proofs: how often in a row it was proven in this form.
        seconds: how long the way back took each of these times, in the sandbox.
    """

    result: Proof
    at: str
    digest: str
    why: str | None = None
    proofs: int = 0
    seconds: tuple[float, ...] = ()

    @property
    def p95(self) -> float | None:
        """The way back's 95th percentile by nearest rank, in seconds of the sandbox; None without a proof."""
        if not self.seconds:
            return None
        return sorted(self.seconds)[math.ceil(0.95 * len(self.seconds)) - 1]

    def holds_for(self, digest: str) -> bool:
        """Whether it is about the operation as it is now."""
        return self.digest == digest


def fold_badges(events: Iterable[Event], start: Mapping[str, Badge] | None = None) -> dict[str, Badge]:
    """The badges by operation after these events, which continue those that `start` was made of.

    Raises:
        JournalDamagedError: a row's data is not what its kind says.
    """
    badges = dict(start or {})
    for event in events:
        if event.kind != Kind.DRILL_SCORE:
            continue
        try:
            key = event.operation or WHOLE
            badges[key] = _after(badges.get(key), event)
        except MALFORMED as error:
            raise unreadable(event.seq) from error
    return badges


def _after(before: Badge | None, event: Event) -> Badge:
    data = event.data
    now = Badge(Proof(data["result"]), event.at, data["digest"], data.get("why"))
    if now.result is not Proof.PROVEN:
        return now
    goes_on = before is not None and before.result is Proof.PROVEN and before.digest == now.digest
    earlier = before.seconds if goes_on and before is not None else ()
    seconds = (*earlier, float(data["back_seconds"]))
    return replace(now, proofs=len(seconds), seconds=seconds)
