"""Rules about routes of messages: every sample arrives where it should, at something that the plan makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.words import did_you_mean
from operations.plan.provisions import RouteSample, RouteTarget
from operations.plan.references import JSON_WRAPPER
from operations.plan.routing import Routed, follow, matches

_MAKERS: Final = {
    RouteTarget.EVENT_BUS: ("events:CreateEventBus", "Name"),
    RouteTarget.QUEUE: ("sqs:CreateQueue", "QueueName"),
    RouteTarget.TABLE: ("dynamodb:CreateTable", "TableName"),
}
_RULE: Final = "events:PutRule"


@rule(
    "route/astray",
    Severity.ERROR,
    "Every sample of a route arrives where it says.",
    "Of all routes that fit a subject the most exact one takes it. A sample that another route takes, that gets another name or "
    "detail type, or that its event rule does not match is a message that nobody would receive after the cut-over, and "
    "nothing would say so.",
    "correct the subject, the name or the detail type, or the pattern of the event rule",
)
def astray(context: AuditContext) -> Iterable[Defect]:
    """Every sample is followed through the routes, and on to its event rule."""
    patterns = _patterns(context)
    for number, route in enumerate(context.plan.routes):
        for index, sample in enumerate(route.samples):
            problem = _problem(route.id, sample, follow(context.plan.routes, sample.subject), patterns)
            if problem is not None:
                yield Defect(("routes", number, "samples", index), problem)


def _problem(
    route: str, sample: RouteSample, routed: Routed | None, patterns: Mapping[str, Any]
) -> str | None:
    subject = sample.subject
    if routed is None:
        return f"no route takes `{subject}`"
    if routed.route != route:
        return f"the route `{routed.route}` takes `{subject}`, not `{route}`"
    if routed.name != sample.name:
        return f"`{subject}` goes to `{routed.name}`, not to `{sample.name}`"
    if routed.detail_type != sample.detail_type:
        return f"`{subject}` becomes `{routed.detail_type}`, not `{sample.detail_type}`"
    if sample.rule is None:
        return None
    if sample.rule not in patterns:
        return f"no operation makes the event rule `{sample.rule}`"
    if not matches(patterns[sample.rule], routed.event):
        return f"the event rule `{sample.rule}` does not match `{routed.detail_type}` from {routed.source}"
    return None


@rule(
    "route/no-target",
    Severity.WARNING,
    "The bus, queue or table that a sample arrives at is made by an operation.",
    "A message to a queue that does not exist is refused, and the sender has to keep it or lose it.",
    "make the target, correct its name, or say under `open` why nobody carries these messages yet",
)
def no_target(context: AuditContext) -> Iterable[Defect]:
    """The names that samples arrive at against the names that operations make."""
    made = {target: _made(context, *maker) for target, maker in _MAKERS.items()}
    for number, route in enumerate(context.plan.routes):
        known = made.get(route.target)
        if known is None or route.open:
            continue
        for index, sample in enumerate(route.samples):
            if sample.name not in known:
                fix = did_you_mean(sample.name, sorted(known), "")
                message = f"no operation makes `{sample.name}`, where `{sample.subject}` goes"
                yield Defect(("routes", number, "samples", index, "name"), message, fix or None)


def _made(context: AuditContext, api: str, key: str) -> set[str]:
    calls = (site.api for site in context.sites if site.api is not None and site.api.api == api)
    return {str(call.params.get(key)) for call in calls}


def _patterns(context: AuditContext) -> dict[str, Any]:
    """The patterns of the event rules that operations make, by name; those given as text are not read."""
    found: dict[str, Any] = {}
    for site in context.sites:
        if site.api is not None and site.api.api == _RULE:
            pattern = site.api.params.get("EventPattern")
            inner = pattern.get(JSON_WRAPPER) if isinstance(pattern, Mapping) else None
            if isinstance(inner, Mapping):
                found[str(site.api.params.get("Name"))] = inner
    return found


RULES = (astray, no_target)
