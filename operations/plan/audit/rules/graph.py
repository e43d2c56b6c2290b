"""Rules about who depends on whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.knots import knots, shortest_cycle
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.words import did_you_mean
from operations.plan.steps import ApiStep
from operations.plan.yaml_source import KeyPath


@rule(
    "plan/unknown-operation",
    Severity.ERROR,
    "`depends_on`, `replaced_by`, `raci` and `blocks` name what the plan has.",
    "A dependency on an operation that does not exist is no dependency: the operation would start too early. "
    "A constraint that blocks nothing holds nothing back. `blocks` may name operations, sub-phases and phases; "
    "`replaced_by` names operations that depend on its own: what came before, or beside, replaced nothing.",
    "name an operation of the plan",
)
def unknown_operation(context: AuditContext) -> Iterable[Defect]:
    """Every mention of an operation outside references is looked up."""
    operations = context.plan.operations
    for path, name in _mentions(context):
        if name not in operations:
            yield Defect(path, f"there is no operation `{name}`", did_you_mean(name, operations, "remove it"))
    for key, path, name in _replacers(context):
        if name in operations and not context.depends(name, key):
            yield Defect(
                path, f"`{name}` does not come after `{key}`", "name an operation that depends on it"
            )
    known = {*operations, *_phase_ids(context)}
    for number, constraint in enumerate(context.plan.constraints):
        for index, name in enumerate(constraint.blocks):
            if name not in known:
                path = ("constraints", number, "blocks", index)
                message = f"`{constraint.id}` blocks `{name}`, which is no operation, sub-phase or phase"
                yield Defect(path, message, did_you_mean(name, sorted(known), "remove it"))


def _mentions(context: AuditContext) -> Iterator[tuple[KeyPath, str]]:
    for key, operation in context.plan.operations.items():
        for index, name in enumerate(operation.depends_on):
            yield (*context.paths[key], "depends_on", index), name
    for _, path, name in _replacers(context):
        yield path, name
    for number, check in enumerate(context.plan.checks):
        for index, name in enumerate(check.check.replaced_by if isinstance(check.check, ApiStep) else ()):
            yield ("checks", number, "check", "replaced_by", index), name
    for number, row in enumerate(context.plan.raci):
        for index, name in enumerate(row.operations):
            yield ("raci", number, "operations", index), name


def _replacers(context: AuditContext) -> Iterator[tuple[str, KeyPath, str]]:
    """Every name under `replaced_by`, with the operation that it stands in and its path."""
    for key, operation in context.plan.operations.items():
        for number, step in enumerate(operation.verify):
            for index, name in enumerate(step.replaced_by if isinstance(step, ApiStep) else ()):
                yield key, (*context.paths[key], "verify", number, "replaced_by", index), name


def _phase_ids(context: AuditContext) -> Iterator[str]:
    for phase in context.plan.phases:
        yield phase.id
        yield from (sub.id for sub in phase.subphases)


@rule(
    "plan/self-dependency",
    Severity.ERROR,
    "No operation depends on itself.",
    "It would wait for itself for ever.",
    "remove it from its own `depends_on`",
)
def self_dependency(context: AuditContext) -> Iterable[Defect]:
    """An operation's own id in its `depends_on`."""
    for key, operation in context.plan.operations.items():
        for index, name in enumerate(operation.depends_on):
            if name == key:
                yield Defect((*context.paths[key], "depends_on", index), f"`{key}` depends on itself")


@rule(
    "plan/cycle",
    Severity.ERROR,
    "Operations do not wait for each other in a circle.",
    "None of them could ever start, and there would be no order in which to undo them. "
    "One circle is shown for every knot of operations that hang together; mend it and check again.",
    "remove one of the dependencies",
)
def cycle(context: AuditContext) -> Iterable[Defect]:
    """Knots of the dependency graph, each with its shortest circle."""
    needs = context.needs
    for knot in knots(needs):
        circle = shortest_cycle(needs, knot)
        index = context.plan.operations[circle[0]].depends_on.index(circle[1])
        path = (*context.paths[circle[0]], "depends_on", index)
        yield Defect(path, f"operations wait for each other: {' → '.join(circle)}")


RULES = (unknown_operation, self_dependency, cycle)
