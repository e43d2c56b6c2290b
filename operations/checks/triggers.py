"""Triggers judged on a look at their metrics: whether each rings, and whether there was anything to judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from operations.plan.registers import Metric
from operations.plan.watching import MissingData, Trigger
from state.events import Verdict
from state.metrics import MetricReading, MetricsSnapshot

FRESH_PERIODS = 3
FRESH_SECONDS = 300.0
"""A newest point older than so many periods, and than so many seconds, tells nothing of now: metrics of a minute arrive
up to a few minutes late (CloudWatch user guide, "Metrics retention" and the services' own pages)."""
ADDED_UP = frozenset({"Sum", "SampleCount"})
"""Statistics of which a period that is not over shows only a part."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One trigger at one look: `pass` does not ring, `fail` rings, the others tell nothing.

    Attributes:
        trigger: the trigger.
        verdict: what was judged.
        message: the value with its time, or why there is none.
        counts: whether a sample without a verdict counts as a look that saw nothing.
    """

    trigger: Trigger
    verdict: Verdict
    message: str
    counts: bool = True

    @property
    def blind(self) -> bool:
        """Whether nothing was seen that could be judged."""
        return self.verdict not in (Verdict.PASS, Verdict.FAIL)


def judge(trigger: Trigger, metric: Metric, snapshot: MetricsSnapshot, now: datetime) -> Sample:
    """The sample of a trigger that is measured by this metric.

    The newest point counts even while its period lasts, unless it is added up; a point that is too old does not.
    """
    if metric.id in snapshot.unread:
        return Sample(trigger, Verdict.ERROR, f"{metric.id} cannot be read: {snapshot.error}")
    reading = next((each for each in snapshot.readings if each.id == metric.id), None)
    point = None if reading is None else _newest(metric, reading)
    if point is None:
        return _unseen(trigger, f"{metric.id} has no data")
    at, value = point
    age = now.astimezone(UTC) - at
    if age > timedelta(seconds=max(FRESH_PERIODS * metric.period, FRESH_SECONDS)):
        return _unseen(
            trigger, f"{metric.id} was {value:g} at {at:%H:%M:%SZ}, {age.total_seconds():.0f} s ago"
        )
    bound = trigger.rings
    assert bound is not None  # noqa: S101 - `metric` and `rings` go together
    rings = bound.op.holds(value, bound.value)
    seen = f"{metric.id} is {value:g} at {at:%H:%M:%SZ}, rings at {bound.op.value} {bound.value:g}"
    return Sample(trigger, Verdict.FAIL if rings else Verdict.PASS, seen)


def _newest(metric: Metric, reading: MetricReading) -> tuple[datetime, float] | None:
    points = list(zip(reading.times, reading.values, strict=True))
    if reading.provisional and metric.statistic in ADDED_UP:
        points = points[:-1]
    return points[-1] if points else None


def _unseen(trigger: Trigger, why: str) -> Sample:
    match trigger.missing:
        case MissingData.BREACHING:
            return Sample(trigger, Verdict.FAIL, f"{why}, which the plan takes for ringing")
        case MissingData.NOT_BREACHING:
            return Sample(trigger, Verdict.PASS, f"{why}, which the plan takes for not ringing")
        case MissingData.IGNORE:
            return Sample(trigger, Verdict.INCONCLUSIVE, f"{why}, which the plan passes over", counts=False)
    return Sample(trigger, Verdict.INCONCLUSIVE, why)
