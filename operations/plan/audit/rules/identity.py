"""Rules about what a plan is for and what its parts are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.yaml_source import KeyPath

REGISTERS: Final = (
    *("windows", "constraints", "resolution", "criteria", "checks", "gate", "groups", "metrics", "roles"),
    *("alarms", "dashboards", "layers", "triggers", "routes", "costs"),
)
"""The keys of a plan whose entries have an `id`."""


@rule(
    "plan/unknown-region",
    Severity.ERROR,
    "The region is one that AWS has.",
    "A plan may touch its own region only; in a region that does not exist no call can be made. "
    "The list is that of the AWS library that comes with cutover.",
    "give the plan a region that exists",
)
def unknown_region(context: AuditContext) -> Iterable[Defect]:
    """The plan's region is looked up."""
    problem = context.knowledge.region_problem(context.plan.region)
    if problem is not None:
        message, _, advice = problem.partition("; ")
        yield Defect(("region",), message, advice or None)


@rule(
    "plan/duplicate-id",
    Severity.ERROR,
    "An id stands once among operations and phases, and once in each register of the plan.",
    "Requests, dependencies, the journal and `blocks` name things by their id; with two of the same id nobody knows "
    "which is meant. Operations, phases and sub-phases share one set of ids, as `blocks` chooses from all of them. "
    "A plan with two operations of one id cannot be loaded, and nothing else is checked in it.",
    "give one of them another id",
)
def duplicate_id(context: AuditContext) -> Iterable[Defect]:
    """Ids are compared within each register; phases with sub-phases and operations."""
    for ids in _registers(context):
        seen: dict[str, KeyPath] = {}
        for path, name in ids:
            if name in seen:
                first = context.loaded.place(*seen[name])
                yield Defect(path, f"the id `{name}` is already taken at {first}")
            seen.setdefault(name, path)


def _registers(context: AuditContext) -> Iterator[Iterable[tuple[KeyPath, str]]]:
    yield _what_is_run(context)
    for key in REGISTERS:
        yield [((key, number, "id"), item.id) for number, item in enumerate(getattr(context.plan, key))]


def _what_is_run(context: AuditContext) -> Iterator[tuple[KeyPath, str]]:
    for i, phase in enumerate(context.plan.phases):
        yield ("phases", i, "id"), phase.id
        for j, sub in enumerate(phase.subphases):
            yield ("phases", i, "subphases", j, "id"), sub.id
    for key, path in context.paths.items():
        yield (*path, "id"), key


RULES = (unknown_region, duplicate_id)
