"""Armed or not: what the console may ask for, and when it falls back to read-only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from operations.plan.models import Plan
from screens.ports import Banner
from state.kinds import Kind
from state.projections.timeline import TimelineEntry

IDLE_MINUTES = 15
"""Without a key for this long the console disarms itself, unless the settings say otherwise."""
ALL = "*"
"""Stands for every phase."""


@dataclass(frozen=True, slots=True)
class Arming:
    """Which phases are armed; none means read-only."""

    phases: frozenset[str] = frozenset()
    touched: datetime | None = None

    def allows(self, plan: Plan, operations: Iterable[str]) -> bool:
        """Whether all of these operations lie in armed phases."""
        if ALL in self.phases:
            return True
        return bool(self.phases) and all(
            operation in plan.place and plan.place[operation][0].id in self.phases for operation in operations
        )

    def idle_for(self, now: datetime) -> timedelta:
        """How long ago the last key was."""
        return timedelta(0) if self.touched is None else now - self.touched

    def expired(self, now: datetime, idle_minutes: int) -> bool:
        """Whether it must fall back to read-only."""
        return bool(self.phases) and self.idle_for(now) >= timedelta(minutes=idle_minutes)


def ends_disarmed(entries: Iterable[TimelineEntry]) -> bool:
    """Whether the last word of these events on arming is that it is over."""
    last = [entry.kind for entry in entries if entry.kind in (Kind.REQUEST_ARM, Kind.REQUEST_DISARM)]
    return bool(last) and last[-1] == Kind.REQUEST_DISARM


def ends_by(before: Banner, after: Banner) -> str | None:
    """Why it falls back to read-only now that AWS takes the console for somebody else, or by other credentials; None: it does not."""
    if before.identity and after.identity != before.identity:
        return f"another identity: {after.identity}"
    if after.login_by is not None and after.login_by != before.login_by:
        return "new credentials"
    return None
