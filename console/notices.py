"""Which events of a journal deserve that somebody is called: few, or nobody would listen to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from state.kinds import Kind
from state.projections.timeline import TimelineEntry


class Urgency(StrEnum):
    """How much a notice matters; the words are apprise's types of messages."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told: one line, and how much it matters. `seq` is the event's, 0 where it is no event's."""

    title: str
    urgency: Urgency
    seq: int = 0


_WORDS = {
    Kind.OPERATION_FAILED: ("failed", Urgency.FAILURE),
    Kind.OPERATION_IN_DOUBT: ("is in doubt", Urgency.FAILURE),
    Kind.OPERATION_HELD: ("waits for a person", Urgency.WARNING),
    Kind.TRIGGER_FIRED: ("breached a threshold", Urgency.FAILURE),
    Kind.APPROVAL_EXPIRED: ("lost its approval", Urgency.WARNING),
    Kind.LEASE_LOST: ("the runner lost its lease", Urgency.FAILURE),
    Kind.RUN_PAUSED: ("the run is paused", Urgency.INFO),
    Kind.RUN_INTERRUPTED: ("the run was interrupted", Urgency.FAILURE),
}
"""What happened, behind an operation's id or alone."""


def notice_of(entry: TimelineEntry) -> Notice | None:
    """The notice that an event deserves, None for most."""
    if entry.kind == Kind.RUN_FINISHED:
        good = "succeeded" in entry.text
        urgency = Urgency.SUCCESS if good else Urgency.FAILURE
        return Notice(f"the run ended: {entry.text or 'no result'}", urgency, entry.seq)
    if entry.kind not in _WORDS:
        return None
    words, urgency = _WORDS[Kind(entry.kind)]
    about = f"{entry.operation} {words}" if entry.operation else words
    return Notice(f"{about}: {entry.text}" if entry.text else about, urgency, entry.seq)


def notices(entries: Iterable[TimelineEntry]) -> list[Notice]:
    """The notices that some events deserve, in order."""
    return [notice for notice in map(notice_of, entries) if notice is not None]


_RANK = {Urgency.INFO: 0, Urgency.SUCCESS: 1, Urgency.WARNING: 2, Urgency.FAILURE: 3}


def loudest(some: Iterable[Notice]) -> Notice | None:
    """The one that matters most, the newest of those; None of none."""
    return max(some, key=lambda notice: (_RANK[notice.urgency], notice.seq), default=None)
