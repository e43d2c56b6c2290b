"""Every `${…}` of a plan with its place, whose it is, and when it is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from operations.plan.audit.sites import BOTH, Section, StepSite, Turn, World
from operations.plan.errors import ReferenceProblem
from operations.plan.models import Plan
from operations.plan.references import Reference, references_in
from operations.plan.yaml_source import KeyPath

_WELL_FORMED = re.compile(r"\$\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Usage:
    """One reference where it stands.

    Attributes:
        reference: what it says.
        path: where it stands.
        operation: the operation whose values it sees, None in a criterion or metric.
        section: the list of its step, None in a metric.
        turn: when it is filled in, within its operation.
        worlds: where it is filled in.
    """

    reference: Reference
    path: KeyPath
    operation: str | None
    section: Section | None
    turn: Turn
    worlds: frozenset[World]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A `${` that is no reference."""

    path: KeyPath
    message: str


@dataclass(frozen=True, slots=True)
class _Spot:
    operation: str | None
    section: Section | None
    turn: Turn
    worlds: frozenset[World]


_METRIC = _Spot(None, None, (0, 0, 0, 0), BOTH)


def usages(plan: Plan, sites: Iterable[StepSite]) -> Iterator[Usage | Unreadable]:
    """All references in the steps of a plan and in the dimensions of its metrics."""
    for site in sites:
        for key, value, moment in site.filled():
            spot = _Spot(site.operation, site.section, site.turn(moment), site.worlds)
            for path, text in texts_in(value, (*site.path, key)):
                yield from _in_text(text, path, spot)
    for number, metric in enumerate(plan.metrics):
        for path, text in texts_in(metric.dimensions, ("metrics", number, "dimensions")):
            yield from _in_text(text, path, _METRIC)


def texts_in(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Every string in a value of any shape, keys included, with its key path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), key
            yield from texts_in(item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from texts_in(item, (*path, index))


def _in_text(text: str, path: KeyPath, spot: _Spot) -> Iterator[Usage | Unreadable]:
    if "${" not in text:
        return
    if "${" in _WELL_FORMED.sub("", text):
        yield Unreadable(path, f"a `${{` that is never closed in {text[:80]!r}")
    for match in _WELL_FORMED.finditer(text):
        try:
            for reference in references_in(match[0]):
                yield Usage(reference, path, spot.operation, spot.section, spot.turn, spot.worlds)
        except ReferenceProblem as problem:
            yield Unreadable(path, problem.message)
