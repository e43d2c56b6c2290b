"""Rules about the way back, and about knowing whether the way forward has worked."""

from __future__ import annotations

from collections.abc import Iterable

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.sites import Section, StepSite, World
from operations.plan.models import ConfirmLevel
from operations.plan.steps import ApiStep, HttpStep, WaitStep


@rule(
    "way-back/no-verification",
    Severity.WARNING,
    "Every operation has a `verify`.",
    "A call that was answered is not an effect that was seen. Without a verification the operation counts as succeeded "
    "on AWS's word alone, and what depends on it starts.",
    "add a read with an `expect` to `verify`",
)
def no_verification(context: AuditContext) -> Iterable[Defect]:
    """Operations with an empty `verify`."""
    for key, operation in context.plan.operations.items():
        if not operation.verify:
            yield Defect(context.paths[key], f"`{key}` verifies nothing")


@rule(
    "way-back/only-reads",
    Severity.ERROR,
    "Where the way forward changes something, the way back changes something too.",
    "An inverse of mere reads and waits leaves everything as it is, and still says that the operation was undone. "
    "If there is no way back, `irreversible` says why, and everybody knows before the operation starts.",
    "undo what `forward` does, or say `irreversible: why`",
)
def only_reads(context: AuditContext) -> Iterable[Defect]:
    """Inverses that only look."""
    for key, operation in context.plan.operations.items():
        sites = [site for site in context.of_operation(key) if World.LIVE in site.worlds]
        forward = any(_may_change(context, site) for site in sites if site.section is Section.FORWARD)
        inverse = any(_may_change(context, site) for site in sites if site.section is Section.INVERSE)
        if operation.reversible and forward and not inverse:
            yield Defect((*context.paths[key], "inverse"), f"the inverse of `{key}` only reads and waits")


def _may_change(context: AuditContext, site: StepSite) -> bool:
    if isinstance(site.step, ApiStep):
        return not context.knowledge.reads(site.step.api, context.marked(site))
    return not isinstance(site.step, (WaitStep, HttpStep))


@rule(
    "way-back/unconfirmed",
    Severity.WARNING,
    "An operation without a way back is confirmed by typing its id.",
    "A single key is enough for what can be undone. What cannot deserves the moment that typing takes.",
    "set `confirm: irreversible`",
)
def unconfirmed(context: AuditContext) -> Iterable[Defect]:
    """Irreversible operations with a lower level of confirmation."""
    for key, operation in context.plan.operations.items():
        if operation.irreversible and operation.confirm is not ConfirmLevel.IRREVERSIBLE:
            path = context.paths[key]
            at = (*path, "confirm") if "confirm" in operation.model_fields_set else (*path, "irreversible")
            yield Defect(at, f"`{key}` has no way back and `confirm: {operation.confirm}`")


RULES = (no_verification, only_reads, unconfirmed)
