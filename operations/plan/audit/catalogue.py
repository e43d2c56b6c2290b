"""All rules of the audit, by id."""

from __future__ import annotations

from operations.plan.audit.rule import Rule
from operations.plan.audit.rules import (
    calls,
    expressions,
    graph,
    identity,
    metrics,
    reading,
    references,
    registers,
    way_back,
)
from operations.plan.audit.words import did_you_mean
from operations.plan.errors import PlanError

RULES: tuple[Rule, ...] = (
    *reading.RULES,
    *identity.RULES,
    *graph.RULES,
    *references.RULES,
    *expressions.RULES,
    *calls.RULES,
    *way_back.RULES,
    *registers.RULES,
    *metrics.RULES,
)
"""Every rule there is, in the order of docs/rules.md."""


class UnknownRuleError(PlanError):
    """A rule that the audit does not have."""


def rule_of(rule_id: str) -> Rule:
    """The rule of an id.

    Raises:
        UnknownRuleError: there is none; the nearest is offered.
    """
    for each in RULES:
        if each.id == rule_id:
            return each
    known = [each.id for each in RULES]
    fix = did_you_mean(rule_id, known, "docs/rules.md has all of them")
    raise UnknownRuleError(f"no rule `{rule_id}`", None, fix)
