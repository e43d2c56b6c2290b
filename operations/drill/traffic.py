"""The traffic of a sandbox: metrics that move around their normal value, with an hour of history."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from operations.drill import estate
from operations.drill.world import ACCOUNT, REGION

HISTORY = timedelta(hours=1)
"""How much history a sandbox begins with, at one point a minute."""

_MINUTE = timedelta(minutes=1)
_PULL = 0.2  # part of the way back to normal that each step goes
_STEP = 0.04  # standard deviation of a step, in parts of the normal value
_REACH = 0.25  # how far a value may stray, in parts of the normal value


@dataclass(frozen=True)
class TrafficMetric:
    """One metric that the traffic publishes.

    Attributes:
        namespace: CloudWatch namespace.
        name: Metric name.
        dimensions: Name and value of each. A value with `${` in it is filled in from what the sandbox holds by then.
        unit: CloudWatch unit.
        normal: The value that it hovers around.
        added_over: For a metric read as a sum, the seconds over which `normal` adds up; None for one that is averaged.
    """

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()
    unit: str = "None"
    normal: float = 0.0
    added_over: float | None = None


class Walk:
    """A value that strays from its normal and is pulled back.

    Args:
        normal: The value to hover around.
        ceiling: The most that it may be; None for no bound.
    """

    def __init__(self, normal: float, ceiling: float | None = None) -> None:
        self._normal = normal
        self._ceiling = ceiling
        self._value = normal

    def next(self, chance: random.Random) -> float:
        """The next value: never below zero, nor above the ceiling, nor further from normal than a quarter of it."""
        size = abs(self._normal)
        if self._ceiling is not None:
            size = min(
                size, 4 * max(self._ceiling - self._normal, 0.0)
            )  # 99.9 percent strays by tenths, not by tens
        step = _PULL * (self._normal - self._value) + chance.gauss(0.0, _STEP * size)
        low, high = self._normal - _REACH * size, self._normal + _REACH * size
        self._value = min(max(self._value + step, low), high)
        bounded = max(self._value, 0.0)
        return bounded if self._ceiling is None else min(bounded, self._ceiling)


class Publisher:
    """Writes points of a list of metrics straight into the sandbox's CloudWatch.

    Args:
        metrics: What to publish.
        chance: The source of randomness, seeded by whoever wants the same traffic again.
        now: Tells the time, in UTC.
    """

    def __init__(
        self, metrics: Sequence[TrafficMetric], chance: random.Random, now: Callable[[], datetime]
    ) -> None:
        self._metrics = [metric for metric in metrics if metric.namespace not in estate.OWN]
        self._chance = chance
        self._now = now
        self._walks: dict[object, Walk] = {}

    def backfill(self) -> None:
        """Write the hour before now."""
        now = self._now()
        moment = now - HISTORY
        while moment < now:
            self._publish(self._metrics, moment, _MINUTE.total_seconds())
            moment += _MINUTE

    def tick(self, seconds: float) -> None:
        """Write one point of every metric, and of what the sandbox's own resources publish that the list does not have.

        Args:
            seconds: How long since the tick before; a metric that is added up gets its part for this time.
        """
        planned = {series for metric in self._metrics for series in _series(metric)}
        others = [metric for metric in estate.metrics() if planned.isdisjoint(_series(metric))]
        self._publish([*self._metrics, *others], self._now(), seconds)

    def _publish(self, metrics: Iterable[TrafficMetric], moment: datetime, seconds: float) -> None:
        from moto.cloudwatch.models import MetricDatum, cloudwatch_backends

        points = cloudwatch_backends[ACCOUNT][REGION].metric_data
        for metric in metrics:
            value = self._walk(metric).next(self._chance)
            if metric.added_over:
                value *= seconds / metric.added_over
            for dimensions in estate.fill(metric.dimensions):
                wire = [{"Name": name, "Value": held} for name, held in dimensions]
                points.append(MetricDatum(metric.namespace, metric.name, value, wire, moment, metric.unit))

    def _walk(self, metric: TrafficMetric) -> Walk:
        ceiling = 100.0 if metric.unit == "Percent" else None
        return self._walks.setdefault(metric, Walk(metric.normal, ceiling))


def _series(metric: TrafficMetric) -> list[tuple[str, str, frozenset[tuple[str, str]]]]:
    """The series that a metric's points go to by now."""
    return [(metric.namespace, metric.name, frozenset(held)) for held in estate.fill(metric.dimensions)]


@dataclass
class Traffic:
    """The thread that keeps a publisher going; it ends with the process, or when told to.

    Attributes:
        publisher: What it drives.
        seconds: Time between two points.
        quiet: Held while points are written; whoever forks the process holds it too.
    """

    publisher: Publisher
    seconds: float
    quiet: threading.Lock = field(default_factory=threading.Lock)
    _end: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Write the history, then go on in a thread of its own."""
        self.publisher.backfill()
        self.go_on()

    def go_on(self) -> None:
        """Write points from now on."""
        threading.Thread(target=self._run, name="traffic", daemon=True).start()

    def stop(self) -> None:
        """End the thread after the point that it is writing."""
        self._end.set()

    def _run(self) -> None:
        while True:
            with self.quiet:
                self.publisher.tick(self.seconds)
            if self._end.wait(self.seconds):
                return


def from_rows(rows: Iterable[Mapping[str, Any]]) -> list[TrafficMetric]:
    """Metrics of a plan file (`metrics:` in docs/plan-format.md); rows without namespace or name are left out."""
    return [_from_row(row) for row in rows if row.get("namespace") and row.get("name")]


def _from_row(row: Mapping[str, Any]) -> TrafficMetric:
    dimensions = row.get("dimensions") or {}
    added = float(row.get("period") or 60) if row.get("statistic") == "Sum" else None
    return TrafficMetric(
        namespace=str(row["namespace"]),
        name=str(row["name"]),
        dimensions=tuple(sorted((str(name), str(value)) for name, value in dimensions.items())),
        unit=str(row.get("unit") or "None"),
        normal=_normal(row),
        added_over=added,
    )


def _normal(row: Mapping[str, Any]) -> float:
    """The value that is normal: as the plan says, else a value well on the good side of the threshold."""
    if row.get("normal") is not None:
        return float(row["normal"])
    threshold = row.get("threshold") or {}
    value = float(threshold.get("value") or 0.0)
    return value * (1.05 if str(threshold.get("op", "<=")).startswith(">") else 0.4)
