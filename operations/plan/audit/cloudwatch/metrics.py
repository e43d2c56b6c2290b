"""Whether a metric exists as it is asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from operations.plan.audit.cloudwatch.published import PUBLISHED
from operations.plan.audit.words import did_you_mean, listed


@dataclass(frozen=True, slots=True)
class MetricProblem:
    """What is wrong with a metric, and what to write instead."""

    message: str
    fix: str


def unknown_metric(namespace: str, name: str) -> MetricProblem | None:
    """A name that the service does not publish; None for namespaces of which nothing is known."""
    known = PUBLISHED.get(namespace)
    if known is None or name in known.metrics or _filled_in(name):
        return None
    page = f"see https://docs.aws.amazon.com/{known.source}"
    return MetricProblem(
        f"{namespace} has no metric `{name}`, so there is never any data",
        did_you_mean(name, sorted(known.metrics), page),
    )


def unknown_dimensions(namespace: str, name: str, dimensions: Collection[str]) -> MetricProblem | None:
    """Dimensions under which the service publishes nothing; None where they are not known."""
    known = PUBLISHED.get(namespace)
    if known is None or not known.dimensions or name not in known.metrics:
        return None
    asked = frozenset(dimensions)
    if asked in known.dimensions or any(map(_filled_in, asked)):
        return None
    sets = sorted(" and ".join(sorted(each)) or "none" for each in known.dimensions)
    shown = ", ".join(sorted(asked)) or "none"
    return MetricProblem(
        f"{namespace} {name} is not published with the dimensions {shown}, so there is never any data",
        f"it is with: {listed(sets)}",
    )


def wrong_unit(namespace: str, name: str, unit: str) -> MetricProblem | None:
    """A unit in which the metric is not published: CloudWatch answers with no data."""
    known = PUBLISHED.get(namespace)
    published = known.units.get(name) if known else None
    if published is None or unit in {published, "None"} or _filled_in(unit):
        return None
    return MetricProblem(
        f"{namespace} {name} is published in {published}; asked for in {unit} it has no data",
        f"write {published}",
    )


def bounds(namespace: str, name: str) -> tuple[float, float] | None:
    """The least and the greatest value that a published metric can have, None where that is not known."""
    known = PUBLISHED.get(namespace)
    if known is None or name not in known.metrics:
        return None
    return (0.0, 100.0) if name in known.percent else (0.0, float("inf"))


def _filled_in(text: str) -> bool:
    return "${" in text or "{{" in text or "!!!" in text
