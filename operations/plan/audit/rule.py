"""What a rule of the audit is, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.yaml_source import KeyPath


@dataclass(frozen=True, slots=True)
class Defect:
    """A broken rule at a key path of the plan; `fix` overrides the rule's own way to mend it."""

    path: KeyPath
    message: str
    fix: str | None = None


Check = Callable[[AuditContext], Iterable[Defect]]


def _nothing(context: AuditContext) -> Iterable[Defect]:
    del context
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: stable, `group/name`; people write it into their tools.
        severity: how bad it is when it is broken.
        summary: what it demands, one line.
        explanation: why it matters, for `cutover check --explain` and docs/rules.md.
        mend: how to mend a plan that breaks it; a defect may know better.
        check: finds what breaks it; finds nothing for rules that are checked while the plan is read.
    """

    id: str
    severity: Severity
    summary: str
    explanation: str
    mend: str
    check: Check = _nothing


def rule(
    rule_id: str, severity: Severity, summary: str, explanation: str, mend: str
) -> Callable[[Check], Rule]:
    """Make the function below it the check of a rule."""
    return lambda check: Rule(rule_id, severity, summary, explanation, mend, check)
