"""CloudWatch alarms that follow their metrics; they are worked out whenever somebody looks at them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from operations.drill.arithmetic import ExpressionError
from operations.drill.patches.support import Method, wrap
from operations.drill.series import utc
from operations.drill.world import World

Values = list[float | None]

SET_BY_HAND_SECONDS = 60.0
"""How long a state set by SetAlarmState stands before the metric decides again, as AWS has it at most."""

_YOUNG = timedelta(seconds=60)
_SPARE_PERIODS = 2  # AWS looks a little further back than the periods that it evaluates
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def apply(world: World) -> None:
    """Evaluate every alarm before alarms are described."""
    from moto.cloudwatch import models, responses

    for name in ("describe_alarms", "describe_alarms_for_metric"):
        wrap(responses.CloudWatchResponse, name, lambda original: _evaluated_first(world, original))
    wrap(models.CloudWatchBackend, "set_alarm_state", lambda original: _remember(world, original))


def _evaluated_first(world: World, original: Method) -> Method:
    def describe(self: Any) -> Any:
        for alarm in self.cloudwatch_backend.alarms.values():
            held = getattr(alarm, "sandbox_set", None)
            if alarm.rule is None and (held is None or world.since(held) > SET_BY_HAND_SECONDS):
                _evaluate(self.cloudwatch_backend, alarm)
        return original(self)

    return describe


def _remember(world: World, original: Method) -> Method:
    def set_alarm_state(self: Any, alarm_name: str, *args: Any, **kwargs: Any) -> None:
        original(self, alarm_name, *args, **kwargs)
        self.alarms[alarm_name].sandbox_set = world.clock()

    return set_alarm_state


def _evaluate(backend: Any, alarm: Any) -> None:
    now = datetime.now(UTC)
    try:
        values = _values(backend, alarm, now)
    except ExpressionError:
        return
    young = now - utc(alarm.configuration_updated_timestamp) < _YOUNG
    state = judge(alarm, values, young=young)
    if state != alarm.state_value:
        alarm.update_state(f"Threshold {alarm.threshold}: the last values are {values}", "{}", state)


def judge(alarm: Any, values: Values, *, young: bool) -> str:
    """The state that an alarm is in.

    Args:
        alarm: The alarm, for its threshold and its way with missing data.
        values: The values of the periods it looks at, oldest first; None where there is no data.
        young: Whether the alarm is so new that missing data says nothing yet.
    """
    missing = alarm.treat_missing_data or "missing"
    present = [value for value in values if value is not None]
    if not present and (missing == "missing" or (young and missing == "breaching")):
        return "INSUFFICIENT_DATA"
    if not present and missing == "ignore":
        return str(alarm.state_value)
    count = int(alarm.evaluation_periods)
    breaches = [
        _COMPARE[alarm.comparison_operator](value, float(alarm.threshold)) for value in present[-count:]
    ]
    breaches += [missing == "breaching"] * (count - len(breaches))
    return "ALARM" if sum(breaches) >= int(alarm.datapoints_to_alarm or count) else "OK"


def _values(backend: Any, alarm: Any, now: datetime) -> Values:
    queries, period = _queries(alarm)
    periods = int(alarm.evaluation_periods) + _SPARE_PERIODS
    results = backend.get_metric_data(
        queries, now - timedelta(seconds=period * periods), now, "TimestampAscending"
    )
    return [float(value) for value in results[0]["values"]] if results else []


def _queries(alarm: Any) -> tuple[list[dict[str, Any]], int]:
    """The alarm as a question to GetMetricData, and its period in seconds."""
    if not alarm.metric_data_queries:
        stat = alarm.statistic or alarm.extended_statistic
        asked = _stat(alarm.namespace, alarm.metric_name, alarm.dimensions, alarm.period, stat)
        return [{"Id": "alarm", "MetricStat": asked}], int(alarm.period)
    queries: list[dict[str, Any]] = []
    period = 60
    for query in alarm.metric_data_queries:
        row: dict[str, Any] = {"Id": query.id, "ReturnData": str(query.return_data).lower() != "false"}
        if query.metric_stat is not None:
            stat = query.metric_stat
            period = int(stat.period)
            row["MetricStat"] = _stat(
                stat.metric.namespace, stat.metric.metric_name, stat.metric.dimensions, period, stat.stat
            )
        else:
            row["Expression"] = query.expression
        queries.append(row)
    return queries, period


def _stat(namespace: str, name: str, dimensions: list[Any], period: int, stat: str) -> dict[str, Any]:
    wire = [{"Name": item.name, "Value": item.value} for item in dimensions]
    return {
        "Metric": {"Namespace": namespace, "MetricName": name, "Dimensions": wire},
        "Period": period,
        "Stat": stat,
    }
