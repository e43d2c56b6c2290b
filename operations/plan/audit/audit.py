"""Runs the rules over a plan, or turns the reasons why it cannot be read into findings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from operations.plan.audit.catalogue import RULES
from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Finding, Severity
from operations.plan.audit.knowledge import ApiKnowledge
from operations.plan.audit.rule import Rule
from operations.plan.audit.rules.identity import duplicate_id
from operations.plan.audit.rules.reading import SCHEMA, YAML
from operations.plan.errors import Place, PlanError
from operations.plan.loader import InvalidPlanError, LoadedPlan


def audit(loaded: LoadedPlan, knowledge: ApiKnowledge, rules: Iterable[Rule] = RULES) -> tuple[Finding, ...]:
    """What is wrong with a plan that can be read, by file, line and severity."""
    context = AuditContext(loaded, knowledge)
    findings = {
        Finding(rule.id, rule.severity, loaded.place(*defect.path), defect.message, defect.fix or rule.mend)
        for rule in rules
        for defect in rule.check(context)
    }
    return _in_order(findings)


def unreadable(error: PlanError, origin: Path) -> tuple[Finding, ...]:
    """What is wrong with a plan that cannot be read, from the error with which loading it ended."""
    if not isinstance(error, InvalidPlanError):
        return (_finding(YAML, error, origin),)
    # The loader compares the ids of operations once the models have found nothing else to refuse.
    rule = SCHEMA if isinstance(error.__cause__, ValidationError) else duplicate_id
    return _in_order({_finding(rule, problem, origin) for problem in error.problems})


def _finding(rule: Rule, error: PlanError, origin: Path) -> Finding:
    place = error.place or Place(origin)
    return Finding(rule.id, rule.severity, place, error.message, error.fix or rule.mend)


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    ranks = list(Severity)
    return tuple(
        sorted(
            findings,
            key=lambda f: (f.place.file, f.place.line or 0, ranks.index(f.severity), f.rule, f.message),
        )
    )
