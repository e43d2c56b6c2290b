"""Rules about `${…}`: what it refers to must be there when it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.troubles import Kind
from operations.plan.audit.words import did_you_mean, listed


def _of(context: AuditContext, kind: Kind) -> Iterator[Defect]:
    return (Defect(t.path, t.message, t.fix) for t in context.troubles if t.kind is kind)


@rule(
    "plan/unreadable-reference",
    Severity.ERROR,
    "Every `${` begins a reference that can be read, and ends with `}`.",
    "A run refuses a reference that it cannot read, and sends one that is never closed to AWS as it stands. "
    "There is no way to write a literal `${` in what is filled in.",
    "write ${name} or ${operation.name}",
)
def unreadable_reference(context: AuditContext) -> Iterable[Defect]:
    """Whatever looks like a reference and is none."""
    return (Defect(found.path, found.message) for found in context.unreadable)


@rule(
    "plan/unknown-reference",
    Severity.ERROR,
    "A reference names an operation of the plan, an input, a built-in, or a value that its own operation saves.",
    "A run finds out when the step is reached, that is in the middle of the operation. Built-ins are account_id, "
    "region, run_id and now.",
    "declare an input, or save the value",
)
def unknown_reference(context: AuditContext) -> Iterable[Defect]:
    """References to nothing."""
    return _of(context, Kind.UNKNOWN)


@rule(
    "plan/input-without-value",
    Severity.ERROR,
    "An input that is referred to has a value, or is a secret.",
    "Only secrets are read from the environment; a run stops at an input without a value.",
    "give the input a value",
)
def input_without_value(context: AuditContext) -> Iterable[Defect]:
    """References to inputs that are declared and empty."""
    return _of(context, Kind.NO_VALUE)


@rule(
    "plan/not-a-dependency",
    Severity.ERROR,
    "An operation refers only to values of operations that it depends on, directly or not.",
    "Without the dependency the two may run in any order, or at once; and the other may be undone while this one "
    "still stands on it.",
    "add the operation to `depends_on`",
)
def not_a_dependency(context: AuditContext) -> Iterable[Defect]:
    """References across the graph."""
    return _of(context, Kind.NOT_DEPENDED_ON)


@rule(
    "plan/never-saved",
    Severity.ERROR,
    "A value that is referred to is saved by a step of the operation it is said to come from.",
    "Only `checkpoint`, `forward` and `inverse` keep what they save, and what the inverse saves is there for the "
    "inverse alone. What only a `stand_in` saves does not exist in a live run.",
    "save the value in a step of that operation",
)
def never_saved(context: AuditContext) -> Iterable[Defect]:
    """References to names that nobody saves."""
    return _of(context, Kind.NEVER_SAVED)


@rule(
    "plan/used-before-saved",
    Severity.ERROR,
    "A step refers only to what an earlier step has saved.",
    "Steps run in the order in which they stand: checkpoint, forward, verify, watch; guard and inverse when the "
    "operation is undone. `expect` alone may refer to what its own step saves.",
    "move the step that saves the value before the one that needs it",
)
def used_before_saved(context: AuditContext) -> Iterable[Defect]:
    """References to what comes later in the same operation."""
    return _of(context, Kind.TOO_EARLY)


@rule(
    "plan/secret-out-of-reach",
    Severity.ERROR,
    "A `sensitive` value is used by its own operation only, and not by its guard or inverse.",
    "Sensitive values are never journaled. They live as long as the runner that read them: another operation, or a "
    "rollback a day later, cannot have them, and a way back that needs one is no way back.",
    "read the secret again where it is needed",
)
def secret_out_of_reach(context: AuditContext) -> Iterable[Defect]:
    """References to secrets from where they will not be."""
    return _of(context, Kind.SECRET)


@rule(
    "plan/stand-in-saves-less",
    Severity.WARNING,
    "What a command saves and others need, its stand-in saves too.",
    "In a sandbox the stand-in runs in place of the command; a drill or rehearsal would stop where the value is needed.",
    "let a step of the `stand_in` save the same name",
)
def stand_in_saves_less(context: AuditContext) -> Iterable[Defect]:
    """References that hold live and not in a sandbox."""
    return _of(context, Kind.ONLY_LIVE)


@rule(
    "plan/sensitive-not-saved",
    Severity.ERROR,
    "Every name under `sensitive` is one that the same step saves.",
    "A slip here leaves the real name unprotected: its value would be journaled and shown.",
    "write the name as in `save`",
)
def sensitive_not_saved(context: AuditContext) -> Iterable[Defect]:
    """Names under `sensitive` without a `save`."""
    for site in context.sites:
        for index, name in enumerate(site.sensitive):
            if name not in site.saves:
                advice = f"this step saves: {listed(site.saves)}" if site.saves else "remove it"
                path = (*site.path, "sensitive", index)
                fix = did_you_mean(name, site.saves, advice)
                yield Defect(path, f"`{name}` is marked sensitive, but this step does not save it", fix)


@rule(
    "plan/kept-nowhere",
    Severity.WARNING,
    "Only steps of `checkpoint`, `forward` and `inverse` have a `save`.",
    "Verifications, watches, guards and criteria are judged and journaled as verdicts; what they save is kept nowhere.",
    "remove the `save`, or move it to a step that keeps it",
)
def kept_nowhere(context: AuditContext) -> Iterable[Defect]:
    """Saves in sections that keep nothing."""
    for site in context.sites:
        if site.saves and not site.section.saves:
            message = f"a step of `{site.section}` saves {listed(site.saves)}, which is kept nowhere"
            yield Defect((*site.path, "save"), message)


RULES = (
    unreadable_reference,
    unknown_reference,
    input_without_value,
    not_a_dependency,
    never_saved,
    used_before_saved,
    secret_out_of_reach,
    stand_in_saves_less,
    sensitive_not_saved,
    kept_nowhere,
)
