"""Rules about what a runner can still do later: triggers that can fire, secrets that a resumed run has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.sites import Moment, Section, StepSite
from operations.plan.audit.usages import Usage
from operations.plan.models import Operation, Plan
from operations.plan.steps import ApiStep
from operations.plan.watching import Trigger

NEW_EACH_TIME = frozenset(
    {
        "secretsmanager:GetRandomPassword",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyPair",
        "kms:GenerateRandom",
    }
)
"""Reads that never answer the same twice."""


@rule(
    "plan/trigger-cannot-fire",
    Severity.ERROR,
    "A trigger that an operation arms can fire while it bakes.",
    "A trigger that is told in words only is for people: no runner can sample it. One that has to ring for longer than "
    "the operation bakes never fires. An operation whose trigger cannot fire is held before it begins, or is unguarded.",
    "give the trigger a `metric` with `rings`, bake for longer, or take it out of the operation's `triggers`",
)
def trigger_cannot_fire(context: AuditContext) -> Iterable[Defect]:
    """Triggers that are armed, against their metric and the bake."""
    plan = context.plan
    triggers = {trigger.id: trigger for trigger in plan.triggers}
    for key, operation in plan.operations.items():
        for index, name in enumerate(operation.triggers):
            trigger = triggers.get(name)
            why = None if trigger is None else _never(trigger, operation, plan)
            if why is not None:
                yield Defect((*context.paths[key], "triggers", index), f"trigger `{name}` {why}")


def _never(trigger: Trigger, operation: Operation, plan: Plan) -> str | None:
    if trigger.metric is None:
        return "has no metric: nothing can sample it"
    if trigger.metric not in {metric.id for metric in plan.metrics}:
        return f"is measured by `{trigger.metric}`, which is not in `metrics`"
    bake = operation.bake
    if bake is not None and trigger.for_seconds > bake.minutes * 60:
        return f"rings for {trigger.for_seconds} seconds before it fires; `{operation.id}` bakes {bake.minutes * 60:g}"
    return None


@rule(
    "plan/secret-lost-on-resume",
    Severity.WARNING,
    "A `sensitive` value comes from a step that can be made again and answers the same.",
    "Secrets are never journaled, so a runner that takes a run up again has to get them anew. A read is repeated; a step that "
    "changes something is not, for it would have a second effect: the steps after it fail for want of the secret, and the "
    "operation has to be rolled back and run again. What answers anew each time gives the steps before and after the "
    "interruption different secrets.",
    "keep the secret in Secrets Manager or Parameter Store first, and read it from there where it is needed",
)
def secret_lost_on_resume(context: AuditContext) -> Iterable[Defect]:
    """Steps with a secret that later steps of their list need."""
    for site in context.sites:
        if site.operation is None or site.section not in (Section.FORWARD, Section.INVERSE):
            continue
        for index, name in enumerate(site.sensitive):
            users = {usage.turn[:2] for usage in _later(context, site, name)}
            why = _lost(context, site, len(users))
            if users and why is not None:
                yield Defect((*site.path, "sensitive", index), f"`{name}` {why}")


def _later(context: AuditContext, site: StepSite, name: str) -> Iterator[Usage]:
    for usage in context.usages:
        if (
            usage.operation == site.operation
            and usage.section is site.section
            and usage.reference.name == name
            and usage.reference.operation in (None, site.operation)
            and usage.turn > site.turn(Moment.ANSWER)
        ):
            yield usage


def _lost(context: AuditContext, site: StepSite, users: int) -> str | None:
    step = site.step
    if not isinstance(step, ApiStep):
        return "comes from a command, which is not repeated: a resumed run would be without it"
    if not context.knowledge.reads(step.api, step.params):
        return f"comes from {step.api}, which changes something and is not repeated: a resumed run would be without it"
    if step.api in NEW_EACH_TIME and users > 1:
        return f"is needed by {users} later steps, and {step.api} answers another one each time"
    return None


RULES = (trigger_cannot_fire, secret_lost_on_resume)
