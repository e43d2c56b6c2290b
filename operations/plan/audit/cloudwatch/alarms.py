"""Whether an alarm can ever change its state, told from its own definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.plan.audit.cloudwatch.metrics import MetricProblem, bounds, wrong_unit

DAY: Final = 86_400
WEEK: Final = 604_800
"""Seconds: the longest an alarm may look back, a week when its period is an hour or more (PutMetricAlarm)."""


@dataclass(frozen=True, slots=True)
class AlarmProblem:
    """What keeps an alarm from firing, or from telling anybody: at which property, and how to mend it."""

    key: str
    message: str
    fix: str


def cannot_fire(alarm: Mapping[str, Any]) -> Iterator[AlarmProblem]:
    """Why an alarm, written as the API or CloudFormation has it, never fires."""
    namespace, name = alarm.get("Namespace"), alarm.get("MetricName")
    yield from _too_many(alarm)
    yield from _too_long(alarm)
    if not isinstance(namespace, str) or not isinstance(name, str):
        return
    unit = alarm.get("Unit")
    problem = wrong_unit(namespace, name, unit) if isinstance(unit, str) else None
    if problem is not None:
        yield AlarmProblem("Unit", problem.message, problem.fix)
    if alarm.get("Statistic") in {None, "Average", "Minimum", "Maximum"}:
        yield from _out_of_reach(alarm, namespace, name)


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value) if isinstance(value, (int, float, str)) else None
    except ValueError:
        return None


def _too_many(alarm: Mapping[str, Any]) -> Iterator[AlarmProblem]:
    wanted, looked_at = _number(alarm.get("DatapointsToAlarm")), _number(alarm.get("EvaluationPeriods"))
    if wanted is not None and looked_at is not None and wanted > looked_at:
        message = f"the alarm wants {wanted:g} bad periods of {looked_at:g}"
        yield AlarmProblem("DatapointsToAlarm", message, "ask for at most as many as it evaluates")


def _too_long(alarm: Mapping[str, Any]) -> Iterator[AlarmProblem]:
    period, looked_at = _number(alarm.get("Period")), _number(alarm.get("EvaluationPeriods"))
    if period is None or looked_at is None:
        return
    limit = WEEK if period >= 3600 else DAY
    if period * looked_at > limit:
        message = f"{looked_at:g} periods of {period:g} s are longer than CloudWatch looks back ({limit} s)"
        yield AlarmProblem("EvaluationPeriods", message, "ask for fewer or shorter periods")


def _out_of_reach(alarm: Mapping[str, Any], namespace: str, name: str) -> Iterator[AlarmProblem]:
    threshold, operator = _number(alarm.get("Threshold")), alarm.get("ComparisonOperator")
    reach = bounds(namespace, name)
    if threshold is None or reach is None or not isinstance(operator, str):
        return
    problem = never(operator, threshold, reach)
    if problem is not None:
        yield AlarmProblem("Threshold", f"{namespace} {name} {problem.message}", problem.fix)


_SIGNS: Final[Mapping[str, str]] = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": ">=",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "<=",
}


def never(operator: str, threshold: float, reach: tuple[float, float]) -> MetricProblem | None:
    """Why a comparison never holds for values within `reach`; None when it can, or is of another kind."""
    least, greatest = reach
    sign = _SIGNS.get(operator, operator)
    holds = {
        ">": greatest > threshold,
        ">=": greatest >= threshold,
        "<": least < threshold,
        "<=": least <= threshold,
    }.get(sign, True)
    if holds:
        return None
    bound = f"never exceeds {greatest:g}" if sign.startswith(">") else f"is never below {least:g}"
    return MetricProblem(
        f"{bound}, so `{sign} {threshold:g}` never holds", "set a threshold within its range"
    )


def tells_nobody(alarm: Mapping[str, Any]) -> AlarmProblem | None:
    """Why nobody hears when the alarm fires; None when somebody does."""
    if alarm.get("ActionsEnabled") in {False, "false"}:
        return AlarmProblem("ActionsEnabled", "its actions are switched off", "set ActionsEnabled: true")
    if not alarm.get("AlarmActions"):
        return AlarmProblem(
            "AlarmName", "it has no AlarmActions", "give it an action, e.g. the topic of the people on call"
        )
    return None


def metrics_of(alarm: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """The metrics that an alarm or a list of metric queries asks for, with the key path of each."""
    if "MetricName" in alarm:
        yield (), alarm
    queries = alarm.get("Metrics")
    for number, query in enumerate(queries if isinstance(queries, list) else ()):
        stat = query.get("MetricStat") if isinstance(query, Mapping) else None
        metric = stat.get("Metric") if isinstance(stat, Mapping) else None
        if isinstance(metric, Mapping):
            yield ("Metrics", number, "MetricStat", "Metric"), metric


def dimension_names(metric: Mapping[str, Any]) -> list[str] | None:
    """The names of a metric's dimensions; None when they cannot be told."""
    each = metric.get("Dimensions", [])
    if not isinstance(each, list) or not all(isinstance(item, Mapping) for item in each):
        return None
    names = [item.get("Name") for item in each]
    return (
        [name for name in names if isinstance(name, str)] if all(isinstance(n, str) for n in names) else None
    )
