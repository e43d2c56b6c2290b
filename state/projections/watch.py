"""Who is on: people seen in the journal, who is armed, who has the lease, and how the watch was handed over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from state.errors import MALFORMED, unreadable
from state.events import Event
from state.kinds import Kind

KEPT = 20
"""Hand-overs that are kept, newest last."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wrote events: when last and what, and the phases that they are armed for (`*`: all)."""

    actor: str
    at: str
    kind: str
    seq: int
    armed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LeaseSeen:
    """The lease as the journal tells of it: the kind of its last event, and who took it, where and since when."""

    kind: str
    number: int
    pid: int
    host: str
    since: str
    at: str


@dataclass(frozen=True, slots=True)
class Handover:
    """The watch offered to somebody; `head` is the row whose phrase both sides compare."""

    seq: int
    at: str
    actor: str
    to: str
    summary: str
    head: int
    phrase: str
    accepted_by: str | None = None
    accepted_at: str | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything of it, by what the journal says."""

    people: Mapping[str, Person] = field(default_factory=dict)
    lease: LeaseSeen | None = None
    handovers: tuple[Handover, ...] = ()

    @property
    def offer(self) -> Handover | None:
        """The hand-over that waits for somebody to accept it: the newest, if nobody has."""
        last = self.handovers[-1] if self.handovers else None
        return last if last is not None and last.accepted_by is None else None

    @property
    def accepted(self) -> Handover | None:
        """The newest hand-over that was accepted: whoever did has the watch."""
        return next((each for each in reversed(self.handovers) if each.accepted_by), None)


_TOLD = {Kind.REQUEST_ARM, Kind.REQUEST_DISARM, Kind.REQUEST_HANDOVER}
_LEASE = {Kind.LEASE_TAKEN, Kind.LEASE_RELEASED, Kind.LEASE_LOST}


def fold_watch(events: Iterable[Event], start: Watch | None = None) -> Watch:
    """Who is on after these events, which continue those that `start` was made of.

    Raises:
        JournalDamagedError: a row's data is not what its kind says.
    """
    watch = start or Watch()
    newest: dict[str, Event] = {}
    armed = {actor: person.armed for actor, person in watch.people.items()}
    for event in events:
        newest[event.actor] = event
        if event.kind not in _TOLD and event.kind not in _LEASE:
            continue
        try:
            watch = _told(watch, armed, event)
        except MALFORMED as error:
            raise unreadable(event.seq) from error
    if not newest:
        return watch
    fresh = {
        actor: Person(actor, event.at, event.kind, event.seq, armed.get(actor, frozenset()))
        for actor, event in newest.items()
    }
    return replace(watch, people={**watch.people, **fresh})


def _told(watch: Watch, armed: dict[str, frozenset[str]], event: Event) -> Watch:
    if event.kind == Kind.REQUEST_ARM:
        armed[event.actor] = armed.get(event.actor, frozenset()) | {event.data.get("phase") or "*"}
        return watch
    if event.kind == Kind.REQUEST_DISARM:
        armed[event.actor] = frozenset()
        return watch
    if event.kind == Kind.REQUEST_HANDOVER:
        return replace(watch, handovers=_handed_over(watch.handovers, event))
    data, before = event.data, watch.lease
    number = data.get("number", 0)
    since = before.since if before is not None and before.number == number else event.at
    lease = LeaseSeen(event.kind, number, data["pid"], data["host"], since, event.at)
    return replace(watch, lease=lease)


def _handed_over(before: tuple[Handover, ...], event: Event) -> tuple[Handover, ...]:
    data = event.data
    accepts = data.get("accepts")
    if accepts is None:
        offer = Handover(
            event.seq, event.at, event.actor, data["to"], data["summary"], data["head"], data["phrase"]
        )
        return (*before, offer)[-KEPT:]
    return tuple(
        replace(each, accepted_by=event.actor, accepted_at=event.at) if each.seq == accepts else each
        for each in before
    )
