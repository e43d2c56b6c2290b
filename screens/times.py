"""Times and durations as people read them; every time of day is printed with its zone."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum


class Zone(Enum):
    """Which zone times are shown in."""

    UTC = "UTC"
    LOCAL = "local"

    @property
    def other(self) -> Zone:
        """The one that `z` goes to."""
        return Zone.LOCAL if self is Zone.UTC else Zone.UTC


def parsed(at: str | None) -> datetime | None:
    """The time of an event, None where there is none or it cannot be read."""
    if not at:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def time_of_day(at: datetime, zone: Zone) -> str:
    """Such as `01:25:03Z`, or `03:25:03+02:00` in local time."""
    if zone is Zone.UTC:
        return at.astimezone(UTC).strftime("%H:%M:%SZ")
    local = at.astimezone()
    return local.strftime("%H:%M:%S") + _offset(local)


def _offset(local: datetime) -> str:
    text = local.strftime("%z") or "+0000"
    return f"{text[:3]}:{text[3:5]}"


def seconds_since(at: str | None, now: datetime) -> float | None:
    """Seconds from an event's time to now, never negative; None without a time."""
    moment = parsed(at)
    return None if moment is None else max(0.0, (now - moment).total_seconds())


def seconds_between(start: str | None, end: str | None) -> float | None:
    """Seconds from one event to another, None when one of them is missing."""
    begun, ended = parsed(start), parsed(end)
    return None if begun is None or ended is None else max(0.0, (ended - begun).total_seconds())


def stopwatch(seconds: float) -> str:
    """A running time: `0:07`, `3:12`, `1:02:45`."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def took(seconds: float) -> str:
    """How long something took: `0.4 s`, `58 s`, `3:12`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 100 else stopwatch(seconds)


def minutes_text(minutes: float) -> str:
    """A planned duration: `<1 min`, `31 min`, `2 h 12 min`."""
    if 0 < minutes < 1:
        return "<1 min"
    whole = round(minutes)
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{whole} min"
    return f"{hours} h {rest:02} min" if rest else f"{hours} h"


def about(minutes: float) -> str:
    """A duration that is only guessed at: `~31 min`; what is under a minute says so itself."""
    text = minutes_text(minutes)
    return text if text.startswith("<") else f"~{text}"


def age_text(seconds: float) -> str:
    """An age, coarse enough not to change at every look: `5 s`, `40 s`, `3 min`, `2 h`."""
    if seconds < 60:
        return f"{int(seconds // 5 * 5)} s"
    if seconds < 5400:
        return f"{int(seconds // 60)} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} d"


class Freshness(Enum):
    """How much what was fetched can be relied on, by how many of its periods ago that was."""

    FRESH = "fresh"
    OLD = "old"
    STALE = "stale"


OLD_AFTER = 2
"""Periods after which what was fetched is shown dim."""
STALE_AFTER = 3
"""Periods after which it is called stale."""


def freshness(seconds: float, period: float) -> Freshness:
    """How fresh something is that was fetched so many seconds ago and is fetched every `period` seconds."""
    if seconds > STALE_AFTER * period:
        return Freshness.STALE
    return Freshness.OLD if seconds > OLD_AFTER * period else Freshness.FRESH


FRESH_SECONDS = 10
"""What was fetched later is all of one age: in a drill metrics come every 5 s, and a figure that counts costs bytes for ever."""


def fetched_text(seconds: float | None, period: float) -> str:
    """The age of what was fetched: `15 s old`, `STALE 4 min`, `never read`."""
    if seconds is None:
        return "never read"
    if seconds < FRESH_SECONDS:
        return f"<{FRESH_SECONDS} s old"
    stale = freshness(seconds, period) is Freshness.STALE
    return f"STALE {age_text(seconds)}" if stale else f"{age_text(seconds)} old"


def day_and_time(at: datetime) -> str:
    """Such as `2026-11-20 01:25Z`: for what may be days old."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ")


def age_of(at: str | None, now: datetime) -> str:
    """The age of an event in minutes, hours or days, so that it seldom changes; `unknown` where its time says nothing."""
    seconds = seconds_since(at, now)
    return "unknown" if seconds is None else "<1 min" if seconds < 60 else age_text(seconds)


def aged(at: str | None, now: datetime) -> str:
    """When an event was, and how long ago."""
    moment = parsed(at)
    return "an unknown day" if moment is None else f"{day_and_time(moment)}, {age_of(at, now)} ago"
