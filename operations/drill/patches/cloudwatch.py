"""CloudWatch: series found by index, exact dimensions, percentiles, metric arithmetic, and alarms that follow their metric."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from operations.drill.patches import cloudwatch_alarms
from operations.drill.patches.support import Method, put, wrap
from operations.drill.series import SeriesList, by_period, key_of, statistic
from operations.drill.world import World


def apply(world: World) -> None:
    """Replace the reading side of moto's CloudWatch, whose cost grows with all points of all metrics."""
    from moto.cloudwatch import models, responses

    backend = models.CloudWatchBackend
    wrap(backend, "__init__", _indexed)
    put(backend, "get_metric_data", get_metric_data)
    put(backend, "list_metrics", _list_metrics)
    put(responses.CloudWatchResponse, "get_metric_statistics", _get_metric_statistics)
    cloudwatch_alarms.apply(world)


def _indexed(original: Method) -> Method:
    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.metric_data = SeriesList(self.metric_data)

    return initialise


def points_of(backend: Any, metric: dict[str, Any], unit: str | None = None) -> Iterable[Any]:
    """The points of one metric, named as in the API: `Namespace`, `MetricName`, `Dimensions`."""
    dimensions = [(item["Name"], item["Value"]) for item in metric.get("Dimensions") or []]
    key = key_of(metric["Namespace"], metric["MetricName"], dimensions)
    points = backend.metric_data.series(key)
    return [point for point in points if point.unit == unit] if unit else points


def get_metric_data(
    self: Any,
    queries: list[dict[str, Any]],
    start_time: datetime,
    end_time: datetime,
    scan_by: str = "TimestampDescending",
) -> list[dict[str, Any]]:
    """Answer GetMetricData.

    Raises:
        ServiceException: The times are the wrong way round, or an expression cannot be worked out.
    """
    from moto.cloudwatch.exceptions import ValidationError

    from operations.drill.arithmetic import ExpressionError, evaluate

    start, end = aware(start_time), aware(end_time)
    if start >= end:
        raise ValidationError("The parameter EndTime must be greater than StartTime.")
    found: dict[str, dict[datetime, float]] = {}
    for query in [query for query in queries if "MetricStat" in query]:
        stat = query["MetricStat"]
        period = timedelta(seconds=int(stat["Period"]))
        points = points_of(self, stat["Metric"], stat.get("Unit"))
        buckets = by_period(points, start, end, period)
        values = {moment: statistic(bucket, stat["Stat"]) for moment, bucket in buckets.items()}
        found[query["Id"]] = {moment: value for moment, value in values.items() if value is not None}
    for query in [query for query in queries if "Expression" in query]:
        try:
            found[query["Id"]] = evaluate(query["Expression"], found)
        except ExpressionError as error:
            raise ValidationError(f"Error in expression '{query['Id']}': {error}") from error
    wanted = [query for query in queries if query.get("ReturnData", True)]
    return [
        _result(query, found[query["Id"]], descending=scan_by == "TimestampDescending") for query in wanted
    ]


def _result(query: dict[str, Any], values: dict[datetime, float], *, descending: bool) -> dict[str, Any]:
    moments = sorted(values, reverse=descending)
    name = query.get("MetricStat", {}).get("Metric", {}).get("MetricName", query["Id"])
    return {
        "id": query["Id"],
        "label": query.get("Label") or name,
        "timestamps": moments,
        "values": [values[moment] for moment in moments],
        "status_code": "Complete",
    }


def _get_metric_statistics(self: Any) -> Any:
    from moto.cloudwatch.exceptions import InvalidParameterCombination

    from operations.drill.patches.support import answer

    plain, extended = self._get_param("Statistics", []), self._get_param("ExtendedStatistics", [])
    if not plain and not extended:
        raise InvalidParameterCombination("Must specify either Statistics or ExtendedStatistics")
    metric = {name: self._get_param(name) for name in ("Namespace", "MetricName", "Dimensions")}
    start, end = aware(self._get_param("StartTime")), aware(self._get_param("EndTime"))
    period = timedelta(seconds=int(self._get_param("Period")))
    points = points_of(self.cloudwatch_backend, metric, self._get_param("Unit"))
    rows = []
    for moment, bucket in by_period(points, start, end, period).items():
        row: dict[str, Any] = {"Timestamp": moment, "Unit": bucket[0].unit or "None"}
        row.update({name: statistic(bucket, name) for name in plain})
        if extended:
            row["ExtendedStatistics"] = {name: statistic(bucket, name) for name in extended}
        rows.append(row)
    return answer({"Label": metric["MetricName"], "Datapoints": rows})


def _list_metrics(
    self: Any,
    next_token: str | None,
    namespace: str | None,
    metric_name: str | None,
    dimensions: list[dict[str, str]],
) -> Any:
    if next_token:
        return self._get_paginated(self.paged_metric_data.pop(next_token, []))
    wanted = [(item["Name"], item.get("Value")) for item in dimensions]
    found = []
    for (space, name, has), points in self.metric_data.items():
        if (namespace or space) != space or (metric_name or name) != name:
            continue
        if all(any(key == known and value in (None, held) for known, held in has) for key, value in wanted):
            found.append(points[-1])
    return self._get_paginated(found)


def aware(moment: datetime) -> datetime:
    """A time with its zone; moto hands over both kinds."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
