"""Rules about who answers for what: one accountable for every operation, somebody to do it, and a stand-in."""

from __future__ import annotations

from collections.abc import Iterable

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.words import listed


@rule(
    "raci/several-accountable",
    Severity.ERROR,
    "No operation has two that are accountable for it.",
    "Where two answer for something, each thinks that it is the other's. An operation in two rows of `raci` with different "
    "`accountable` has two.",
    "leave it in one row",
)
def several(context: AuditContext) -> Iterable[Defect]:
    """Operations in rows that name different people."""
    first: dict[str, str] = {}
    for number, row in enumerate(context.plan.raci):
        for index, name in enumerate(row.operations):
            if first.setdefault(name, row.accountable) != row.accountable:
                message = f"for `{name}` both {first[name]} and {row.accountable} are accountable"
                yield Defect(("raci", number, "operations", index), message)


@rule(
    "raci/nobody-accountable",
    Severity.WARNING,
    "Where a plan has a `raci`, every operation stands in it.",
    "The question who decides is asked at the worst moment. Operations that change nothing stand there too.",
    "add the operation to a row of `raci`",
)
def nobody(context: AuditContext) -> Iterable[Defect]:
    """Operations in no row."""
    rows = context.plan.raci
    if not rows:
        return
    named = {name for row in rows for name in row.operations}
    for key in context.plan.operations:
        if key not in named:
            yield Defect(
                (*context.paths[key], "id"),
                f"nobody is accountable for `{key}`: it stands in no row of `raci`",
            )


@rule(
    "raci/nobody-responsible",
    Severity.WARNING,
    "A row of `raci` that has operations names who carries them out.",
    "Somebody answers for the operation, and nobody does it.",
    "name a role under `responsible`",
)
def idle(context: AuditContext) -> Iterable[Defect]:
    """Rows without anybody responsible."""
    for number, row in enumerate(context.plan.raci):
        if row.operations and not row.responsible:
            yield Defect(("raci", number), f"nobody is responsible for `{row.task}`")


@rule(
    "raci/role-without-part",
    Severity.NOTE,
    "The `role` of an operation is responsible or accountable for it in `raci`.",
    "The console asks the operation's `role` to act; if `raci` names others, one of the two is out of date.",
    "name the same role in both places",
)
def stranger(context: AuditContext) -> Iterable[Defect]:
    """Roles of operations against the rows that these stand in."""
    doers: dict[str, set[str]] = {}
    for row in context.plan.raci:
        for name in row.operations:
            doers.setdefault(name, set()).update(row.responsible, (row.accountable,))
    roles = {role.id for role in context.plan.roles}
    for key, operation in context.plan.operations.items():
        known = doers.get(key)
        if operation.role in roles and known and operation.role not in known:
            message = (
                f"`{operation.role}` carries out `{key}`, for which `raci` names {listed(sorted(known))}"
            )
            yield Defect((*context.paths[key], "role"), message)


@rule(
    "register/own-backup",
    Severity.ERROR,
    "Nobody stands in for themselves.",
    "When the role is away, its stand-in is away too; two approvals become one.",
    "name another role as `backup`",
)
def own_backup(context: AuditContext) -> Iterable[Defect]:
    """Roles that are their own backup."""
    for number, role in enumerate(context.plan.roles):
        if role.backup == role.id:
            yield Defect(("roles", number, "backup"), f"`{role.id}` is its own backup")


RULES = (several, nobody, idle, stranger, own_backup)
