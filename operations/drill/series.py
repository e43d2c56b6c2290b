"""Metric points kept by series, and statistics of the points of a period."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

Key = tuple[str, str, frozenset[tuple[str, str]]]
"""Namespace, name and dimensions: what makes a series."""

KEPT = timedelta(hours=6)
"""How long points are kept; a drill lasts two or three hours."""

_PRUNE_AT = 20_000


class SeriesList(list[Any]):
    """The list of points that moto appends to, which also finds the points of one series at once.

    Args:
        points: Points to begin with.
    """

    def __init__(self, points: Iterable[Any] = ()) -> None:
        super().__init__()
        self._series: dict[Key, list[Any]] = {}
        for point in points:
            self.append(point)

    def append(self, point: Any) -> None:
        """Add a point, and forget what is older than `KEPT` when there are many."""
        super().append(point)
        key = key_of(point.namespace, point.name, [(item.name, item.value) for item in point.dimensions])
        self._series.setdefault(key, []).append(point)
        if len(self) > _PRUNE_AT:
            self._prune()

    def series(self, key: Key) -> Sequence[Any]:
        """The points of one series, in the order in which they came."""
        return tuple(self._series.get(key, ()))

    def items(self) -> list[tuple[Key, list[Any]]]:
        """Every series with its points."""
        return list(self._series.items())

    def _prune(self) -> None:
        oldest = datetime.now(UTC) - KEPT
        kept = [point for point in self if utc(point.timestamp) >= oldest][-_PRUNE_AT * 3 // 4 :]
        self.clear()
        self._series.clear()
        for point in kept:
            self.append(point)


def key_of(namespace: str, name: str, dimensions: Iterable[tuple[str, str]]) -> Key:
    """The key of a series."""
    return (namespace, name, frozenset(dimensions))


def utc(moment: datetime) -> datetime:
    """A time in UTC, whether or not it says its zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def by_period(
    points: Iterable[Any], start: datetime, end: datetime, period: timedelta
) -> dict[datetime, list[Any]]:
    """The points from `start` up to `end`, by the beginning of their period; periods begin at multiples of their length."""
    seconds = period.total_seconds()
    floor = math.floor(start.timestamp() / seconds) * seconds
    buckets: dict[float, list[Any]] = {}
    for point in points:
        moment = utc(point.timestamp).timestamp()
        if floor <= moment < end.timestamp():
            buckets.setdefault(math.floor(moment / seconds) * seconds, []).append(point)
    return {datetime.fromtimestamp(moment, UTC): buckets[moment] for moment in sorted(buckets)}


def statistic(points: Sequence[Any], name: str) -> float | None:
    """A statistic by its CloudWatch name: `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount` or a percentile such as `p99.9`.

    Returns:
        None for a percentile of points that are only known as statistics.
    """
    values = [point.value for point in points if hasattr(point, "value")]
    if name[:1] == "p" and name[1:].replace(".", "", 1).isdigit():
        return percentile(values, float(name[1:])) if values else None
    sets = [point for point in points if not hasattr(point, "value")]
    count = len(values) + sum(point.sample_count for point in sets)
    total = sum(values) + sum(point.sum for point in sets)
    return {
        "Sum": total,
        "SampleCount": float(count),
        "Average": total / count if count else None,
        "Minimum": min([*values, *(point.min for point in sets)]),
        "Maximum": max([*values, *(point.max for point in sets)]),
    }.get(name)


def percentile(values: Sequence[float], percent: float) -> float:
    """The percentile of at least one value, with linear interpolation between neighbours."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
