"""Which metrics a look asks for, and what is kept of those that it does not: no metric more often than it has points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from operations.plan.registers import Metric
from state.metrics import MetricReading, MetricsSnapshot

EARLY = 0.1
"""A metric whose period is over but for this part of it is asked for: else one look in two would just miss it."""


class MetricRounds:
    """Remembers when each metric was asked for, and its last reading."""

    def __init__(self, metrics: Sequence[Metric], speed: float = 1.0) -> None:
        """Look after these; `speed` is how many seconds of the metrics' time go by in one of the clock's."""
        self._metrics = tuple(metrics)
        self._speed = speed
        self._asked_at: dict[str, datetime] = {}
        self._readings: dict[str, MetricReading] = {}
        self._fetched_at: datetime | None = None
        self._asked = 0

    def due(self, now: datetime) -> list[Metric]:
        """Those that may have a point more than when they were last asked for."""
        return [metric for metric in self._metrics if self._is_due(metric, now)]

    def _is_due(self, metric: Metric, now: datetime) -> bool:
        at = self._asked_at.get(metric.id)
        return at is None or (now - at) * self._speed >= timedelta(seconds=metric.period * (1 - EARLY))

    def merge(self, look: MetricsSnapshot, now: datetime) -> MetricsSnapshot:
        """A look at some of them, with what is known of the others; what could not be read stays as it was."""
        self._asked += look.asked
        for reading in look.readings:
            if reading.id not in look.unread:
                self._asked_at[reading.id] = now
            if reading.id not in look.unread or reading.id not in self._readings:
                self._readings[reading.id] = reading
        if len(look.unread) < len(look.readings):
            self._fetched_at = look.fetched_at
        known = tuple(self._readings[each.id] for each in self._metrics if each.id in self._readings)
        return replace(look, readings=known, fetched_at=self._fetched_at, asked=self._asked)
