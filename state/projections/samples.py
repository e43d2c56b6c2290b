"""What was measured, as far as the journal says it: the samples of triggers, by metric."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from state.events import Event
from state.kinds import Kind

_SEEN = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9._-]{0,63}) is (-?\d[\d.]*(?:e[+-]?\d+)?) at (\d\d):(\d\d):(\d\d)Z, rings at "
)
"""As `operations/checks/triggers.py` words a sample."""


@dataclass(frozen=True, slots=True)
class JournaledSample:
    """One value of a metric and when it was measured, UTC."""

    metric: str
    at: datetime
    value: float


def journaled_samples(events: Iterable[Event]) -> list[JournaledSample]:
    """The values that trigger samples rest on, in the order of the events; the same point counts once."""
    found: dict[tuple[str, datetime], JournaledSample] = {}
    for event in events:
        if event.kind != Kind.TRIGGER_SAMPLE:
            continue
        match = _SEEN.match(str(event.data.get("message", "")))
        written = _written(event.at)
        if match is None or written is None:
            continue
        at = written.replace(hour=int(match[3]), minute=int(match[4]), second=int(match[5]), microsecond=0)
        if at > written + timedelta(minutes=5):
            at -= timedelta(days=1)
        found[match[1], at] = JournaledSample(match[1], at, float(match[2]))
    return list(found.values())


def _written(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
