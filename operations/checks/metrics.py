"""Reads the plan's metrics from CloudWatch: a batched call for each period, the newest point marked as provisional.

Every look reads all points shown anew, so that those that came late are there. `GetMetricData` takes up to 500 queries a call; asking more often than a metric's period buys nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from operations.aws.outcome import GatewayError
from operations.checks.evaluate import Read
from operations.plan.errors import ReferenceProblem
from operations.plan.references import Lookup, fill
from operations.plan.registers import Metric
from state.metrics import MetricReading, MetricsSnapshot, Standing

POINTS = 60
"""Points of history that a look asks for."""
QUERIES_PER_CALL = 500


WHOLE = frozenset({"Complete", "PartialData"})
"""Statuses of a result with which its points count; `PartialData` goes on in the next page, or lacks the newest."""


@dataclass
class _Found:
    """What came of one look, by the number of the metric."""

    points: dict[int, list[tuple[datetime, float]]] = field(default_factory=dict)
    status: dict[int, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    asked: int = 0

    def take(self, response: Mapping[str, Any]) -> None:
        """Take a page in; the last page's status of a metric is the one that counts."""
        for result in response.get("MetricDataResults", []):
            index = int(result["Id"][1:])
            points = zip(result.get("Timestamps", []), result.get("Values", []), strict=False)
            self.points.setdefault(index, []).extend((_utc(at), float(value)) for at, value in points)
            self.status[index] = result.get("StatusCode", "Complete")
        for each in response.get("Messages", []):
            self.told.append(f"{each.get('Code', 'message')}: {each.get('Value', '')}")

    @property
    def unread(self) -> list[int]:
        """Those that CloudWatch could not read."""
        return [index for index, status in self.status.items() if status not in WHOLE]

    def trouble(self, metrics: Sequence[Metric]) -> str | None:
        """What CloudWatch says went wrong, None when nothing did."""
        said = [f"{metrics[i].id}: {code}" for i, code in self.status.items() if code != "Complete"]
        return "; ".join(["CloudWatch " + ", ".join(said)] * bool(said) + self.told) or None


def span(now: datetime, period: int) -> tuple[datetime, datetime]:
    """From when to when a look asks: whole periods, the one that is going on among them; the end is exclusive."""
    end = (int(now.timestamp()) // period + 1) * period
    return datetime.fromtimestamp(end - (POINTS + 1) * period, UTC), datetime.fromtimestamp(end, UTC)


class MetricPoller:
    """Reads metrics through the gateway.

    A dimension that refers to something not made yet has no data rather than an error.
    """

    def __init__(
        self, metrics: Sequence[Metric], read: Read, clock: Callable[[], datetime], lookup: Lookup
    ) -> None:
        self._metrics = tuple(metrics)
        self._read = read
        self._clock = clock
        self._lookup = lookup

    async def look(self) -> MetricsSnapshot:
        """All metrics as they are now; what goes wrong is said in the snapshot."""
        now = self._clock().astimezone(UTC)
        found = _Found()
        try:
            await self._fetch(now, found)
        except GatewayError as error:
            every = frozenset(metric.id for metric in self._metrics)
            empty = tuple(_reading(metric, [], now) for metric in self._metrics)
            return MetricsSnapshot(empty, now, str(error), found.asked, every)
        readings = tuple(
            _reading(metric, found.points.get(index, []), now) for index, metric in enumerate(self._metrics)
        )
        unread = frozenset(self._metrics[index].id for index in found.unread)
        return MetricsSnapshot(readings, now, found.trouble(self._metrics), found.asked, unread)

    async def _fetch(self, now: datetime, found: _Found) -> None:
        """A call for each period, so that a long one does not have all others answer with thousands of points."""
        by_period: dict[int, list[dict[str, Any]]] = {}
        for index, metric in enumerate(self._metrics):
            query = self._query(index, metric)
            if query is not None:
                by_period.setdefault(metric.period, []).append(query)
        for period, queries in by_period.items():
            start, end = span(now, period)
            for first in range(0, len(queries), QUERIES_PER_CALL):
                params = {
                    "MetricDataQueries": queries[first : first + QUERIES_PER_CALL],
                    "StartTime": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "EndTime": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "ScanBy": "TimestampAscending",
                }
                found.asked += len(params["MetricDataQueries"])
                await self._pages(params, found)

    async def _pages(self, params: dict[str, Any], found: _Found) -> None:
        token: str | None = None
        while True:
            answer = await self._read(
                "cloudwatch:GetMetricData", {**params, **({"NextToken": token} if token else {})}
            )
            found.take(answer.response)
            token = answer.response.get("NextToken")
            if not token:
                return

    def _query(self, index: int, metric: Metric) -> dict[str, Any] | None:
        try:
            dimensions = fill(dict(metric.dimensions), self._lookup)
        except ReferenceProblem:
            return None
        return {
            "Id": f"m{index}",
            "MetricStat": {
                "Metric": {
                    "Namespace": metric.namespace,
                    "MetricName": metric.name,
                    "Dimensions": [{"Name": name, "Value": str(value)} for name, value in dimensions.items()],
                },
                "Period": metric.period,
                "Stat": metric.statistic,
            },
            "ReturnData": True,
        }


def _utc(at: datetime | str) -> datetime:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(UTC)


def _reading(metric: Metric, points: Iterable[tuple[datetime, float]], now: datetime) -> MetricReading:
    ordered = sorted(points)[-POINTS:]
    provisional = bool(ordered) and ordered[-1][0] + timedelta(seconds=metric.period) > now
    settled = ordered[:-1] if provisional else ordered
    threshold = metric.threshold
    return MetricReading(
        id=metric.id,
        title=metric.title,
        unit=metric.unit,
        times=tuple(at for at, _ in ordered),
        values=tuple(value for _, value in ordered),
        threshold=f"{threshold.op.value} {threshold.value:g}" if threshold else None,
        bound=threshold.value if threshold else None,
        standing=_standing(metric, settled),
        period=metric.period,
        provisional=provisional,
    )


def _standing(metric: Metric, settled: Sequence[tuple[datetime, float]]) -> Standing:
    if not settled:
        return Standing.NO_DATA
    if metric.threshold is None:
        return Standing.NO_THRESHOLD
    holds = metric.threshold.op.holds(settled[-1][1], metric.threshold.value)
    return Standing.HOLDS if holds else Standing.BREACHED
