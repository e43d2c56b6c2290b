"""Rules about what the registers name: metrics, operations, phases and checks that the plan has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.words import did_you_mean
from operations.plan.models import Plan
from operations.plan.yaml_source import KeyPath

Mention = tuple[KeyPath, str]


@rule(
    "register/dangling",
    Severity.ERROR,
    "Phases, alarms, dashboards, layers, triggers, service limits, parameters and secrets name what the plan has.",
    "An alarm on a metric that is not in `metrics` is never drawn, a trigger that rolls back an operation of another plan rolls back "
    "nothing, a layer whose pattern fits no check looks at nothing every minute, and a claim backed by one is backed by nothing.",
    "name a metric, operation, phase or check of the plan",
)
def dangling(context: AuditContext) -> Iterable[Defect]:
    """Every mention in these registers is looked up."""
    plan = context.plan
    phases = {name for phase in plan.phases for name in (phase.id, *(sub.id for sub in phase.subphases))}
    kinds: tuple[tuple[str, Iterable[Mention], set[str]], ...] = (
        ("metric", _metrics(plan), {metric.id for metric in plan.metrics}),
        ("operation", _operations(plan), set(plan.operations)),
        ("trigger", _armed(context), {trigger.id for trigger in plan.triggers}),
        ("operation, sub-phase or phase", _goals(plan), {*plan.operations, *phases}),
    )
    for kind, mentions, known in kinds:
        for path, name in mentions:
            if name not in known:
                yield Defect(
                    path, f"there is no {kind} `{name}`", did_you_mean(name, sorted(known), "") or None
                )
    yield from _idle_patterns(plan)


def _idle_patterns(plan: Plan) -> Iterator[Defect]:
    ids = [*(criterion.id for criterion in plan.criteria), *(check.id for check in plan.checks)]
    for path, pattern in _patterns(plan):
        if not any(fnmatchcase(name, pattern) for name in ids):
            yield Defect(path, f"`{pattern}` fits no check and no criterion")


def _patterns(plan: Plan) -> Iterator[Mention]:
    for number, layer in enumerate(plan.layers):
        yield from _listed(("layers", number, "checks"), layer.checks)
    for number, phase in enumerate(plan.phases):
        yield from _listed(("phases", number, "checks"), phase.checks)
        for index, sub in enumerate(phase.subphases):
            yield from _listed(("phases", number, "subphases", index, "checks"), sub.checks)


def _metrics(plan: Plan) -> Iterator[Mention]:
    for number, alarm in enumerate(plan.alarms):
        yield ("alarms", number, "metric"), alarm.metric
    for number, dashboard in enumerate(plan.dashboards):
        yield from _listed(("dashboards", number, "metrics"), dashboard.metrics)
    for number, trigger in enumerate(plan.triggers):
        if trigger.metric is not None:
            yield ("triggers", number, "metric"), trigger.metric


def _operations(plan: Plan) -> Iterator[Mention]:
    for number, limit in enumerate(plan.service_limits):
        yield from _listed(("service_limits", number, "operations"), limit.operations)
    made_by = {
        "alarms": [alarm.operation for alarm in plan.alarms],
        "dashboards": [dashboard.operation for dashboard in plan.dashboards],
        "parameters": [parameter.operation for parameter in plan.parameters],
        "secrets": [secret.operation for secret in plan.secrets],
    }
    for register, names in made_by.items():
        for number, name in enumerate(names):
            if name is not None:
                yield (register, number, "operation"), name


def _goals(plan: Plan) -> Iterator[Mention]:
    for number, trigger in enumerate(plan.triggers):
        yield from _listed(("triggers", number, "rolls_back"), trigger.rolls_back)


def _armed(context: AuditContext) -> Iterator[Mention]:
    for key, operation in context.plan.operations.items():
        yield from _listed((*context.paths[key], "triggers"), operation.triggers)


def _listed(path: KeyPath, names: Iterable[str]) -> Iterator[Mention]:
    return (((*path, index), name) for index, name in enumerate(names))


RULES = (dangling,)
