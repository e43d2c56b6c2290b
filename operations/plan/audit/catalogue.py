"""All rules of the audit, by id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from operations.plan.audit import suppressing
from operations.plan.audit.rule import Rule
from operations.plan.audit.rules import (
    calls,
    claims,
    commands,
    durations,
    expressions,
    gates,
    graph,
    identity,
    logic,
    mentions,
    metrics,
    people,
    published,
    reading,
    references,
    registers,
    resources,
    resuming,
    reversal,
    routes,
    timing,
    way_back,
)
from operations.plan.audit.words import did_you_mean
from operations.plan.errors import PlanError

GROUPS = (
    "plan",
    "window",
    "claim",
    "api",
    "command",
    "resource",
    "way-back",
    "register",
    "route",
    "raci",
    "gate",
    "metric",
    "alarm",
    "suppress",
    "file",
    "script",
    "link",
    "tracker",
    "asl",
    "ssm",
    "dashboard",
)
"""What stands before the slash of a rule's id, in the order of docs/rules.md."""


def grouped(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules group by group, those of one group as they are given."""
    return tuple(sorted(rules, key=lambda rule: GROUPS.index(rule.id.partition("/")[0])))


RULES: tuple[Rule, ...] = grouped(
    (
        *reading.RULES,
        *identity.RULES,
        *graph.RULES,
        *references.RULES,
        *expressions.RULES,
        *logic.RULES,
        *timing.RULES,
        *durations.RULES,
        *claims.RULES,
        *calls.RULES,
        *commands.RULES,
        *resources.RULES,
        *resuming.RULES,
        *way_back.RULES,
        *reversal.RULES,
        *registers.RULES,
        *mentions.RULES,
        *routes.RULES,
        *people.RULES,
        *gates.RULES,
        *metrics.RULES,
        *published.RULES,
        *suppressing.RULES,
    )
)
"""Every rule about plans, in the order of docs/rules.md."""


class UnknownRuleError(PlanError):
    """A rule that the audit does not have."""


def rule_of(rule_id: str, rules: Sequence[Rule] = RULES) -> Rule:
    """The rule of an id.

    Raises:
        UnknownRuleError: there is none; the nearest is offered.
    """
    for each in rules:
        if each.id == rule_id:
            return each
    fix = did_you_mean(rule_id, [each.id for each in rules], "docs/rules.md has all of them")
    raise UnknownRuleError(f"no rule `{rule_id}`", None, fix)
