"""Rules about metrics and alarms: AWS publishes what is asked for, and an alarm on it can fire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from operations.plan.audit.cloudwatch.alarms import (
    cannot_fire,
    dimension_names,
    metrics_of,
    never,
    tells_nobody,
)
from operations.plan.audit.cloudwatch.dashboards import rows
from operations.plan.audit.cloudwatch.metrics import bounds, unknown_dimensions, unknown_metric, wrong_unit
from operations.plan.audit.cloudwatch.published import RESERVED_PREFIX
from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.sites import StepSite
from operations.plan.references import JSON_WRAPPER
from operations.plan.yaml_source import KeyPath

ALARM = "cloudwatch:PutMetricAlarm"
DASHBOARD = "cloudwatch:PutDashboard"
_PUBLISHERS = {
    "cloudwatch:PutMetricData": ("Namespace",),
    "logs:PutMetricFilter": ("metricTransformations", 0, "metricNamespace"),
}


def _alarms(context: AuditContext) -> Iterator[tuple[StepSite, dict[str, Any]]]:
    for site in context.sites:
        if site.api is not None and site.api.api == ALARM:
            yield site, context.marked(site)


@rule(
    "metric/unknown",
    Severity.ERROR,
    "A metric in a namespace of AWS is one that the service publishes.",
    "CloudWatch answers for a name that nobody publishes as for one without data: the threshold never judges anything, "
    "the alarm stays in INSUFFICIENT_DATA. Names are compared with the service's page of the AWS documentation, for the "
    "namespaces that cutover knows; of others nothing is said.",
    "write the name as the service's documentation has it, case included",
)
def unknown(context: AuditContext) -> Iterable[Defect]:
    """The names of the plan's metrics and of those in its alarms and dashboards."""
    for path, namespace, name, _ in _asked_for(context):
        problem = unknown_metric(namespace, name)
        if problem is not None:
            yield Defect(path, problem.message, problem.fix)


@rule(
    "metric/unknown-dimensions",
    Severity.ERROR,
    "A metric is asked for with dimensions under which the service publishes it.",
    "Dimensions are part of a metric's name: a load balancer's requests with the dimension of a queue are a metric that "
    "does not exist. The whole set has to be one that is published.",
    "use one of the sets that the service publishes",
)
def unknown_dimension(context: AuditContext) -> Iterable[Defect]:
    """The dimensions of the plan's metrics and of those in its alarms and dashboards."""
    for path, namespace, name, dimensions in _asked_for(context):
        problem = unknown_dimensions(namespace, name, dimensions) if dimensions is not None else None
        if problem is not None:
            yield Defect(path, problem.message, problem.fix)


def _asked_for(context: AuditContext) -> Iterator[tuple[KeyPath, str, str, list[str] | None]]:
    for number, metric in enumerate(context.plan.metrics):
        yield ("metrics", number, "name"), metric.namespace, metric.name, list(metric.dimensions)
    for site, params in _alarms(context):
        for path, asked in metrics_of(params):
            namespace, name = asked.get("Namespace"), asked.get("MetricName")
            if isinstance(namespace, str) and isinstance(name, str):
                at = (*site.path, "params", *path, "MetricName")
                yield at, namespace, name, dimension_names(asked)
    for site in context.sites:
        body = site.api.params.get("DashboardBody") if site.api and site.api.api == DASHBOARD else None
        inner = body.get(JSON_WRAPPER) if isinstance(body, dict) else None
        for path, row in rows(inner) if isinstance(inner, dict) else ():
            if row is not None:
                yield (*site.path, "params", "DashboardBody", JSON_WRAPPER, *path), row[0], row[1], row[2::2]


@rule(
    "metric/aws-namespace",
    Severity.ERROR,
    "Nobody but AWS publishes into a namespace that begins with `AWS/`.",
    "CloudWatch refuses custom metrics there, and what is never published is never seen.",
    "use a namespace of your own",
)
def aws_namespace(context: AuditContext) -> Iterable[Defect]:
    """Calls that publish metrics."""
    for site in context.sites:
        path = _PUBLISHERS.get(site.api.api) if site.api is not None else None
        value: Any = context.marked(site) if path else None
        for part in path or ():
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                value = None
        if path and isinstance(value, str) and value.startswith(RESERVED_PREFIX):
            yield Defect((*site.path, "params", *path), f"custom metrics cannot be put into `{value}`")


@rule(
    "metric/threshold-out-of-reach",
    Severity.ERROR,
    "A metric's threshold can be missed, and can be met.",
    "A bound of 120 on a percentage is kept whatever happens, and one of less than nothing never: such a threshold judges "
    "nothing. The same is true of a unit in which the metric is not published.",
    "set a threshold within the metric's range",
)
def out_of_reach(context: AuditContext) -> Iterable[Defect]:
    """Thresholds of the plan's metrics against what the metric can be."""
    for number, metric in enumerate(context.plan.metrics):
        reach = bounds(metric.namespace, metric.name)
        judged = metric.statistic not in {"Sum", "SampleCount"}
        if metric.threshold is not None and reach is not None and judged:
            op, value = metric.threshold.op.value, metric.threshold.value
            opposite = {"<=": ">", "<": ">=", ">=": "<", ">": "<="}[op]
            if never(op, value, reach) is not None:
                message = f"`{metric.id}` can never be `{op} {value:g}`"
                yield Defect(("metrics", number, "threshold"), message)
            elif never(opposite, value, reach) is not None:
                message = f"`{metric.id}` is always `{op} {value:g}`, so it never warns"
                yield Defect(("metrics", number, "threshold"), message)
        problem = wrong_unit(metric.namespace, metric.name, metric.unit) if metric.unit else None
        if problem is not None and metric.statistic != "SampleCount":
            yield Defect(("metrics", number, "unit"), problem.message, problem.fix)


@rule(
    "alarm/cannot-fire",
    Severity.ERROR,
    "An alarm can fire.",
    "An alarm that waits for more bad periods than it looks at, for a value beyond the metric's range, or for a unit in which "
    "nothing is published stays green while everything burns.",
    "see PutMetricAlarm in the CloudWatch API reference",
)
def never_fires(context: AuditContext) -> Iterable[Defect]:
    """Alarms that the plan makes."""
    for site, params in _alarms(context):
        for problem in cannot_fire(params):
            path = (*site.path, "params", problem.key)
            yield Defect(path, f"{_title(params)} cannot fire: {problem.message}", problem.fix)


@rule(
    "alarm/tells-nobody",
    Severity.WARNING,
    "An alarm has an action, and its actions are on.",
    "An alarm that only changes its colour is seen by who happens to look.",
    "give it an action",
)
def unheard(context: AuditContext) -> Iterable[Defect]:
    """Alarms without actions."""
    for site, params in _alarms(context):
        problem = tells_nobody(params)
        if problem is not None:
            yield Defect(
                (*site.path, "params", problem.key), f"{_title(params)}: {problem.message}", problem.fix
            )


def _title(params: dict[str, Any]) -> str:
    return f"the alarm `{params.get('AlarmName', '?')}`"


RULES = (unknown, unknown_dimension, aws_namespace, out_of_reach, never_fires, unheard)
