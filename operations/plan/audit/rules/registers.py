"""Rules about the registers: who does what, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.words import did_you_mean
from operations.plan.steps import ManualStep
from operations.plan.yaml_source import KeyPath

Mention = tuple[KeyPath, str]
CENT = 0.005
"""USD that adding up fractions explains."""


@rule(
    "register/unknown-role",
    Severity.ERROR,
    "Every role that is named is one of `roles`.",
    "Operations, approvals, manual steps, gates, constraints, RACI rows and stand-ins name roles. An approval by a role "
    "that does not exist can never be given.",
    "add it to `roles`",
)
def unknown_role(context: AuditContext) -> Iterable[Defect]:
    """Every mention of a role is looked up."""
    known = {role.id for role in context.plan.roles}
    for mentions in (_in_operations(context), _in_steps(context), _in_registers(context)):
        for path, name in mentions:
            if name not in known:
                fix = did_you_mean(name, sorted(known), f"add `{name}` to `roles`")
                yield Defect(path, f"there is no role `{name}`", fix)


def _in_operations(context: AuditContext) -> Iterator[Mention]:
    for key, operation in context.plan.operations.items():
        path = context.paths[key]
        if operation.role is not None:
            yield (*path, "role"), operation.role
        if operation.approval is not None:
            for index, name in enumerate(operation.approval.roles):
                yield (*path, "approval", "roles", index), name


def _in_steps(context: AuditContext) -> Iterator[Mention]:
    for site in context.sites:
        if isinstance(site.step, ManualStep) and site.step.role is not None:
            yield (*site.path, "role"), site.step.role


def _in_registers(context: AuditContext) -> Iterator[Mention]:
    plan = context.plan
    for number, constraint in enumerate(plan.constraints):
        if constraint.role is not None:
            yield ("constraints", number, "role"), constraint.role
    for number, gate in enumerate(plan.gate):
        yield from _listed(("gate", number, "approvers"), gate.approvers)
    for number, role in enumerate(plan.roles):
        if role.backup is not None:
            yield ("roles", number, "backup"), role.backup
    for number, row in enumerate(plan.raci):
        yield ("raci", number, "accountable"), row.accountable
        for key in ("responsible", "consulted", "informed"):
            yield from _listed(("raci", number, key), getattr(row, key))


def _listed(path: KeyPath, names: Iterable[str]) -> Iterator[Mention]:
    return (((*path, index), name) for index, name in enumerate(names))


@rule(
    "register/cost",
    Severity.WARNING,
    "What a month is claimed to cost covers what its parts come to.",
    "The range that is told in the meeting and the parts that make it up are kept by different people. When the parts come to "
    "more than the most that is claimed, or to less than the least, one of the two is not true. Compared are the sums of both "
    "ends of `parts` with `claimed`.",
    "correct the claim, or the parts",
)
def cost(context: AuditContext) -> Iterable[Defect]:
    """The claims of cost scenarios against the sums of their parts."""
    for number, scenario in enumerate(context.plan.costs):
        if scenario.claimed is None:
            continue
        (least, most), (low, high) = scenario.total, scenario.claimed
        path = ("costs", number, "claimed")
        if most > high + CENT:
            yield Defect(
                path, f"`{scenario.id}` is said to cost {high:,g} USD at most; its parts come to {most:,g}"
            )
        if least < low - CENT:
            yield Defect(
                path, f"`{scenario.id}` is said to cost {low:,g} USD at least; its parts come to {least:,g}"
            )


RULES = (unknown_role, cost)
