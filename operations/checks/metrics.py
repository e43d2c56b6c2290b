"""Reads the plan's metrics from CloudWatch: one batched call a look, the newest point marked as provisional.

`GetMetricData` takes up to 500 queries a call; asking more often than a metric's period buys nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
        try:
            found = await self._fetch(now)
        except GatewayError as error:
            return MetricsSnapshot(
                tuple(_reading(metric, [], now) for metric in self._metrics), now, str(error)
            )
        readings = tuple(
            _reading(metric, found.get(index, []), now) for index, metric in enumerate(self._metrics)
        )
        return MetricsSnapshot(readings, now)

    async def _fetch(self, now: datetime) -> dict[int, list[tuple[datetime, float]]]:
        queries = [
            query for index, metric in enumerate(self._metrics) if (query := self._query(index, metric))
        ]
        found: dict[int, list[tuple[datetime, float]]] = {}
        longest = max((metric.period for metric in self._metrics), default=60)
        end = now + timedelta(seconds=60)
        start = now - timedelta(seconds=POINTS * longest)
        for first in range(0, len(queries), QUERIES_PER_CALL):
            params = {
                "MetricDataQueries": queries[first : first + QUERIES_PER_CALL],
                "StartTime": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "EndTime": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "ScanBy": "TimestampAscending",
            }
            await self._pages(params, found)
        return found

    async def _pages(self, params: dict[str, Any], found: dict[int, list[tuple[datetime, float]]]) -> None:
        token: str | None = None
        while True:
            answer = await self._read(
                "cloudwatch:GetMetricData", {**params, **({"NextToken": token} if token else {})}
            )
            for result in answer.response.get("MetricDataResults", []):
                points = zip(result.get("Timestamps", []), result.get("Values", []), strict=False)
                found.setdefault(int(result["Id"][1:]), []).extend(
                    (_utc(at), float(value)) for at, value in points
                )
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
