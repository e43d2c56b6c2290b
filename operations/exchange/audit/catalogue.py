"""All rules: those of a plan, and those of the files that people keep beside one."""

from __future__ import annotations

from operations.exchange.audit import (
    figures,
    files,
    links,
    monitoring,
    runbooks,
    scripts,
    state_machines,
    tasks,
    trackers,
)
from operations.exchange.audit.rule import FileRule
from operations.plan.audit import catalogue as plan_catalogue
from operations.plan.audit.rule import Rule

FILE_RULES: tuple[FileRule, ...] = (
    *files.RULES,
    *scripts.RULES,
    *links.RULES,
    *trackers.RULES,
    *figures.RULES,
    *state_machines.RULES,
    *tasks.RULES,
    *runbooks.RULES,
    *monitoring.RULES,
)
"""Every way in which files are checked; some against rules that plans have too."""

OWN: tuple[Rule, ...] = tuple(
    each.rule for each in FILE_RULES if each.rule.id not in {rule.id for rule in plan_catalogue.RULES}
)
"""The rules that only files have."""

RULES: tuple[Rule, ...] = plan_catalogue.grouped((*plan_catalogue.RULES, *OWN))
"""Every rule there is, in the order of docs/rules.md."""


def rule_of(rule_id: str) -> Rule:
    """The rule of an id.

    Raises:
        UnknownRuleError: there is none; the nearest is offered.
    """
    return plan_catalogue.rule_of(rule_id, RULES)
