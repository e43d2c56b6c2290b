"""Metrics at a moment of the past: what was journaled of them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from operations.plan.registers import Metric
from state.events import Event
from state.metrics import MetricReading, MetricsSnapshot, Standing
from state.projections.samples import JournaledSample, journaled_samples

NONE = "no metrics at this moment: the journal holds none"
POINTS = 60
"""Points of a metric that are shown."""


def metrics_from(metrics: Sequence[Metric], events: Iterable[Event], at: datetime) -> MetricsSnapshot:
    """The readings that samples in these events make up, as old as the newest of them; says so where there is none."""
    found = [sample for sample in journaled_samples(events) if sample.at <= at]
    by_id: dict[str, list[JournaledSample]] = {}
    for sample in found:
        by_id.setdefault(sample.metric, []).append(sample)
    known = {metric.id: metric for metric in metrics}
    told = [metric.id for metric in metrics if metric.id in by_id] + [
        key for key in by_id if key not in known
    ]
    readings = tuple(_reading(known.get(key) or _unknown(key), by_id[key]) for key in told)
    if not readings:
        return MetricsSnapshot(error=NONE)
    return MetricsSnapshot(readings, max(sample.at for sample in found))


def _unknown(key: str) -> Metric:
    """A metric that the journal has and the plan has not."""
    return Metric(id=key, title=key, namespace="unknown", name=key)


def _reading(metric: Metric, samples: Sequence[JournaledSample]) -> MetricReading:
    shown = sorted(samples, key=lambda sample: sample.at)[-POINTS:]
    bound = metric.threshold
    holds = bound is not None and bound.op.holds(shown[-1].value, bound.value)
    judged = Standing.HOLDS if holds else Standing.BREACHED
    return MetricReading(
        id=metric.id,
        title=metric.title,
        unit=metric.unit,
        times=tuple(sample.at for sample in shown),
        values=tuple(sample.value for sample in shown),
        threshold=f"{bound.op.value} {bound.value:g}" if bound else None,
        bound=bound.value if bound else None,
        standing=judged if bound else Standing.NO_THRESHOLD,
        period=metric.period,
        provisional=False,
    )
