"""Runs the rules over a plan, or turns the reasons why it cannot be read into findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from operations.plan.audit.catalogue import RULES
from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Finding, Severity
from operations.plan.audit.knowledge import ApiKnowledge
from operations.plan.audit.rule import Rule
from operations.plan.audit.rules.identity import duplicate_id
from operations.plan.audit.rules.reading import SCHEMA, YAML
from operations.plan.audit.suppressing import Suppressions
from operations.plan.errors import Place, PlanError
from operations.plan.loader import InvalidPlanError, LoadedPlan


def audit(
    loaded: LoadedPlan,
    knowledge: ApiKnowledge,
    today: date,
    rules: Iterable[Rule] = RULES,
    beside: Iterable[Finding] = (),
    other_rules: Collection[str] = (),
) -> tuple[Finding, ...]:
    """What is wrong with a plan that can be read, by file, line and severity.

    Args:
        loaded: the plan.
        knowledge: what is known about AWS.
        today: the day in UTC, by which suppressions run out.
        rules: what to check.
        beside: what was found in other files of the plan's folder; the plan's suppressions hold for it too.
        other_rules: ids of rules that are not the plan's own, which its suppressions may name.
    """
    context = AuditContext(loaded, knowledge)
    each_rule = tuple(rules)
    known = {rule.id for rule in (*RULES, *each_rule)} | set(other_rules)
    suppressions = Suppressions(loaded, today, known)
    findings = {
        suppressions.judge(
            Finding(
                rule.id, rule.severity, loaded.place(*defect.path), defect.message, defect.fix or rule.mend
            ),
            defect.path,
        )
        for rule in each_rule
        for defect in rule.check(context)
    }
    findings |= {suppressions.judge(finding) for finding in beside}
    return in_order((*findings, *suppressions.leftovers()))


def unreadable(error: PlanError, origin: Path) -> tuple[Finding, ...]:
    """What is wrong with a plan that cannot be read, from the error with which loading it ended."""
    if not isinstance(error, InvalidPlanError):
        return (_finding(YAML, error, origin),)
    # The loader compares the ids of operations once the models have found nothing else to refuse.
    rule = SCHEMA if isinstance(error.__cause__, ValidationError) else duplicate_id
    return in_order({_finding(rule, problem, origin) for problem in error.problems})


def _finding(rule: Rule, error: PlanError, origin: Path) -> Finding:
    place = error.place or Place(origin)
    return Finding(rule.id, rule.severity, place, error.message, error.fix or rule.mend)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by file, line and severity."""
    ranks = list(Severity)
    return tuple(
        sorted(
            findings,
            key=lambda f: (f.place.file, f.place.line or 0, ranks.index(f.severity), f.rule, f.message),
        )
    )
