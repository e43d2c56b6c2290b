"""Change windows on the clock: which is open, when it closes, when the next one opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from operations.plan.models import OperationKind, Plan
from operations.plan.registers import Window

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AHEAD = 8
"""Days to look ahead: every window that ever opens does so within a week."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of a window, in UTC; `opens` belongs to it, `closes` does not."""

    window: Window
    opens: datetime
    closes: datetime


def open_for(plan: Plan, kind: OperationKind, now: datetime) -> Opening | None:
    """The opening at this moment in which operations of a kind may be changed, the one that closes last; None: none."""
    found = [each for each in _openings(plan, kind, now) if each.opens <= now < each.closes]
    return max(found, key=lambda each: each.closes, default=None)


def next_for(plan: Plan, kind: OperationKind, now: datetime) -> Opening | None:
    """The next opening after this moment; None when no window ever opens for this kind."""
    found = [each for each in _openings(plan, kind, now) if each.opens > now]
    return min(found, key=lambda each: each.opens, default=None)


def is_bound(plan: Plan, kind: OperationKind) -> bool:
    """Whether the plan names any window for this kind."""
    return any(kind.value in window.allows for window in plan.windows)


def outside_windows(plan: Plan, operations: Iterable[str], now: datetime) -> tuple[str, ...]:
    """A line for each kind of operation that would run outside of every change window that the plan names for it."""
    kinds = dict.fromkeys(plan.operations[key].kind for key in operations)
    lines = []
    for kind in kinds:
        if is_bound(plan, kind) and open_for(plan, kind, now) is None:
            coming = next_for(plan, kind, now)
            when = f"; {coming.window.id} opens {coming.opens:%a %H:%MZ}" if coming else ""
            lines.append(f"outside every change window for {kind.value} operations{when}")
    return tuple(lines)


def _openings(plan: Plan, kind: OperationKind, now: datetime) -> list[Opening]:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        Opening(window, opens, opens + _length(window))
        for window in plan.windows
        if kind.value in window.allows
        for day in range(-1, _AHEAD)
        if (opens := midnight + timedelta(days=day) + _of_day(window.opens)) and _falls(window, opens)
    ]


def _falls(window: Window, opens: datetime) -> bool:
    return not window.days or WEEKDAYS[opens.weekday()] in window.days


def _of_day(text: str) -> timedelta:
    return timedelta(hours=int(text[:2]), minutes=int(text[3:]))


def _length(window: Window) -> timedelta:
    """How long it is open; one that closes before it opens does so the next day."""
    return (_of_day(window.closes) - _of_day(window.opens)) % timedelta(days=1)
