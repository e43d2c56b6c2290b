"""Rules about metrics: CloudWatch must be able to answer for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.words import did_you_mean

PLAIN_STATISTICS: Final = ("Average", "Sum", "Minimum", "Maximum", "SampleCount", "IQM")
_BOUND: Final = r"\d+(?:\.\d+)?%?"
_STATISTIC: Final = re.compile(
    rf"(?:p|tm|tc|ts|wm)(?:100|\d{{1,2}}(?:\.\d+)?)|(?:TM|TC|TS|WM|PR)\({_BOUND}?:{_BOUND}?\)"
)
"""Percentiles and their like, as in "CloudWatch statistics definitions" of the CloudWatch user guide."""
SHORT_PERIODS: Final = (1, 5, 10, 20, 30)
"""Seconds; any multiple of 60 is valid too (CloudWatch API reference, MetricStat, Period)."""


@rule(
    "metric/bad-statistic",
    Severity.ERROR,
    "The statistic of a metric is one that CloudWatch has.",
    "CloudWatch knows Average, Sum, Minimum, Maximum, SampleCount, IQM, percentiles such as p95 or p99.9, and trimmed "
    "statistics such as tm90 or PR(:300). It answers another with an error, which is no data.",
    f"use one of {', '.join(PLAIN_STATISTICS)}, or a percentile such as p95",
)
def bad_statistic(context: AuditContext) -> Iterable[Defect]:
    """Statistics are compared with CloudWatch's."""
    for number, metric in enumerate(context.plan.metrics):
        text = metric.statistic
        if text not in PLAIN_STATISTICS and not _STATISTIC.fullmatch(text):
            known = {name.lower(): name for name in PLAIN_STATISTICS}
            near = known.get(text.lower())
            fix = f"did you mean `{near}`?" if near else did_you_mean(text, PLAIN_STATISTICS, "")
            yield Defect(
                ("metrics", number, "statistic"), f"CloudWatch has no statistic `{text}`", fix or None
            )


@rule(
    "metric/bad-period",
    Severity.ERROR,
    "The period of a metric is 1, 5, 10, 20 or 30 seconds, or a multiple of 60.",
    "CloudWatch refuses any other; periods below 60 have data only where the metric is published at high resolution.",
    "use 60, or a multiple of it",
)
def bad_period(context: AuditContext) -> Iterable[Defect]:
    """Periods are compared with CloudWatch's."""
    for number, metric in enumerate(context.plan.metrics):
        if metric.period not in SHORT_PERIODS and metric.period % 60:
            message = f"`{metric.id}` has a period of {metric.period} s, which CloudWatch refuses"
            yield Defect(("metrics", number, "period"), message)


@rule(
    "metric/no-threshold",
    Severity.NOTE,
    "A metric has a threshold.",
    "Without one its value is shown and never judged.",
    'add `threshold: {op: "<=", value: …}`, or leave it as a figure to look at',
)
def no_threshold(context: AuditContext) -> Iterable[Defect]:
    """Metrics that cannot be judged."""
    for number, metric in enumerate(context.plan.metrics):
        if metric.threshold is None:
            yield Defect(
                ("metrics", number), f"`{metric.id}` has no threshold, so nothing says when it is bad"
            )


RULES = (bad_statistic, bad_period, no_threshold)
