"""Rules about dashboards and alarms in files: the metrics exist, the alarms can fire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from operations.exchange.audit.rule import Folder, Spot, also_in_files, file_rule
from operations.exchange.commands import aws_commands
from operations.exchange.documents import Document, Kind
from operations.exchange.trees import KeyPath
from operations.plan.audit.cloudwatch.alarms import cannot_fire, dimension_names, metrics_of, tells_nobody
from operations.plan.audit.cloudwatch.dashboards import rows
from operations.plan.audit.cloudwatch.metrics import unknown_dimensions, unknown_metric
from operations.plan.audit.cloudwatch.published import RESERVED_PREFIX
from operations.plan.audit.finding import Severity
from operations.plan.audit.rules import published


@dataclass(frozen=True, slots=True)
class _Asked:
    """A metric that a file asks for; `dimensions` is None where they cannot be told."""

    document: Document
    path: KeyPath
    namespace: str
    name: str
    dimensions: list[str] | None


def _alarms(folder: Folder) -> Iterator[tuple[Document, KeyPath, Mapping[str, Any]]]:
    for document in folder.of(Kind.TEMPLATE):
        for name, resource in document.tree.data["Resources"].items():
            if isinstance(resource, dict) and resource.get("Type") == "AWS::CloudWatch::Alarm":
                properties = resource.get("Properties")
                if isinstance(properties, dict):
                    yield document, ("Resources", name, "Properties"), properties


def _rows(folder: Folder) -> Iterator[tuple[Document, KeyPath, list[str] | None]]:
    for document in folder.of(Kind.DASHBOARD):
        for path, row in rows(document.tree.data):
            yield document, path, row


def _asked_for(folder: Folder) -> Iterator[_Asked]:
    for document, path, row in _rows(folder):
        if row is not None:
            yield _Asked(document, path, row[0], row[1], row[2::2])
    for document, path, alarm in _alarms(folder):
        for inner, metric in metrics_of(alarm):
            namespace, name = metric.get("Namespace"), metric.get("MetricName")
            if isinstance(namespace, str) and isinstance(name, str):
                yield _Asked(
                    document, (*path, *inner, "MetricName"), namespace, name, dimension_names(metric)
                )


@also_in_files(published.unknown)
def unknown(folder: Folder) -> Iterable[Spot]:
    """Metrics of dashboards and templates."""
    for each in _asked_for(folder):
        problem = unknown_metric(each.namespace, each.name)
        if problem is not None:
            yield Spot(each.document, each.document.tree.line(each.path), problem.message, problem.fix)


@also_in_files(published.unknown_dimension)
def unknown_dimension(folder: Folder) -> Iterable[Spot]:
    """Dimensions of metrics of dashboards and templates."""
    for each in _asked_for(folder):
        problem = (
            unknown_dimensions(each.namespace, each.name, each.dimensions)
            if each.dimensions is not None
            else None
        )
        if problem is not None:
            yield Spot(each.document, each.document.tree.line(each.path), problem.message, problem.fix)


@also_in_files(published.aws_namespace)
def aws_namespace(folder: Folder) -> Iterable[Spot]:
    """`put-metric-data` in scripts and blocks."""
    for document in folder.of(Kind.SHELL, Kind.TRACKER):
        texts = [(document.text, 1)] if document.kind is Kind.SHELL else []
        if document.kind is Kind.TRACKER:
            texts = [
                (block.text, block.line) for section in document.markdown.sections for block in section.blocks
            ]
        for text, first in texts:
            for command in aws_commands(text, first):
                words = command.words
                given = dict(pairwise(words)).get("--namespace", "")
                if "put-metric-data" in words and given.startswith(RESERVED_PREFIX):
                    yield Spot(document, command.line, f"custom metrics cannot be put into `{given}`")


@also_in_files(published.never_fires)
def never_fires(folder: Folder) -> Iterable[Spot]:
    """Alarms of templates."""
    for document, path, alarm in _alarms(folder):
        for problem in cannot_fire(alarm):
            line = document.tree.line((*path, problem.key))
            yield Spot(document, line, f"`{path[1]}` cannot fire: {problem.message}", problem.fix)


@also_in_files(published.unheard)
def unheard(folder: Folder) -> Iterable[Spot]:
    """Alarms of templates without actions."""
    for document, path, alarm in _alarms(folder):
        problem = tells_nobody(alarm)
        if problem is not None:
            line = document.tree.line((*path, problem.key))
            yield Spot(document, line, f"`{path[1]}`: {problem.message}", problem.fix)


@file_rule(
    "dashboard/bad-row",
    Severity.ERROR,
    "Each row of a dashboard's metrics is a namespace, a name, and dimensions by twos.",
    "`.` stands for what stands above, `...` for all of it that is missing. A row that cannot be written out so is shown as an "
    "empty graph.",
    "write the row in full",
)
def bad_row(folder: Folder) -> Iterable[Spot]:
    """Rows that cannot be written out."""
    for document, path, row in _rows(folder):
        if row is None:
            yield Spot(
                document,
                document.tree.line(path),
                "not a row of metrics: namespace, name, dimensions by twos",
            )


RULES = (unknown, unknown_dimension, aws_namespace, never_fires, unheard, bad_row)
