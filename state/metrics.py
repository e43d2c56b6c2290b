"""Metric readings as screens and commands show them: values with their times, age and threshold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """How a metric stands to its threshold; no data is a standing of its own."""

    HOLDS = "holds"
    BREACHED = "breached"
    NO_DATA = "no data"
    NO_THRESHOLD = "no threshold"


@dataclass(frozen=True, slots=True)
class MetricReading:
    """One metric at one look. Times are UTC; the newest point may still change and is `provisional`.

    Attributes:
        id: the metric's id in the plan.
        title: what screens call it.
        unit: CloudWatch's unit, or nothing.
        times: when each point begins, oldest first.
        values: the points.
        threshold: the bound as text (`<= 5`), None without one.
        bound: the bound as a number, for the plot.
        standing: judged on the newest point that is no longer provisional.
        period: seconds that a point covers.
        provisional: whether the newest point may still change.
    """

    id: str
    title: str
    unit: str | None
    times: tuple[datetime, ...]
    values: tuple[float, ...]
    threshold: str | None
    bound: float | None
    standing: Standing
    period: int
    provisional: bool

    @property
    def latest(self) -> float | None:
        """The newest value, None without data."""
        return self.values[-1] if self.values else None


@dataclass(frozen=True, slots=True)
class MetricsSnapshot:
    """All readings of one look, when it was made, and what went wrong if something did.

    Attributes:
        readings: of every metric, in the plan's order.
        fetched_at: when it was looked; where nothing could be read, when that was last so.
        error: what went wrong, None when nothing did.
        asked: metrics that were asked for, by this look or since the console opened; each costs the same, one by one or
            in a batch.
        unread: ids of those that could not be read; what is shown of them is older.
        every: seconds between two looks.
        paused: why nothing is asked for at present, None while it is.
    """

    readings: tuple[MetricReading, ...] = ()
    fetched_at: datetime | None = None
    error: str | None = None
    asked: int = 0
    unread: frozenset[str] = frozenset()
    every: float = 0.0
    paused: str | None = None
