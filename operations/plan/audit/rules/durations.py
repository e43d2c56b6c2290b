"""Rules about planned durations: what is claimed for a group against what its operations add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.words import did_you_mean
from operations.plan.graph import CyclicPlanError, PlanGraph
from operations.plan.models import Operation

ROUNDING = 0.5
"""Minutes that rounding explains."""


def _members(context: AuditContext) -> dict[str, dict[str, Operation]]:
    found: dict[str, dict[str, Operation]] = {}
    for key, operation in context.plan.operations.items():
        if operation.group is not None:
            found.setdefault(operation.group, {})[key] = operation
    return found


def _chain(operations: Mapping[str, Operation]) -> float | None:
    """Minutes of the longest chain among these operations; None where they wait for each other in a circle."""
    try:
        return PlanGraph(operations).schedule().total
    except CyclicPlanError:
        return None


@rule(
    "plan/planned-minutes",
    Severity.WARNING,
    "What is planned for a group is what its operations add up to.",
    "`sequential` is the sum of the estimates, and `planned` is at least the longest chain of dependencies within the group, "
    "however many run side by side. A plan that promises less is late before it begins; `cutover schedule` shows both.",
    "correct the figure, or the estimates",
)
def planned_minutes(context: AuditContext) -> Iterable[Defect]:
    """The figures of groups against the estimates of their operations."""
    members = _members(context)
    for number, group in enumerate(context.plan.groups):
        operations = members.get(group.id)
        if not operations:
            continue
        path = ("groups", number)
        total = sum(operation.estimate for operation in operations.values())
        if group.sequential is not None and abs(total - group.sequential) > ROUNDING:
            message = f"`{group.id}` is said to take {group.sequential:g} minutes one by one; its operations add up to {total:g}"
            yield Defect((*path, "sequential"), message)
        chain = _chain(operations)
        if group.planned is not None and chain is not None and group.planned < chain - ROUNDING:
            message = (
                f"`{group.id}` is planned at {group.planned:g} minutes; its longest chain takes {chain:g}"
            )
            yield Defect((*path, "planned"), message)


@rule(
    "plan/unknown-group",
    Severity.WARNING,
    "Where a plan has `groups`, the `group` of an operation is one of them.",
    "An operation of a group that is not listed keeps no cap on how many run at once, and stands in no figure.",
    "add it to `groups`",
)
def unknown_group(context: AuditContext) -> Iterable[Defect]:
    """Groups of operations are looked up."""
    known = [group.id for group in context.plan.groups]
    for key, operation in context.plan.operations.items():
        if known and operation.group is not None and operation.group not in known:
            fix = did_you_mean(operation.group, known, "add it to `groups`")
            yield Defect((*context.paths[key], "group"), f"there is no group `{operation.group}`", fix)


RULES = (planned_minutes, unknown_group)
