"""`cutover check`: audit a plan, or the trackers, scripts and definitions of a folder, without credentials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console.exit_codes import CommandError, ExitCode
from console.options import format_option
from console.output import clean, show, show_json

if TYPE_CHECKING:
    from operations.exchange.documents import Collection
    from operations.plan.audit.finding import Finding
    from operations.plan.audit.knowledge import ApiKnowledge
    from operations.plan.audit.rule import Rule

_PLAN_KEY = re.compile(rb"^plan\s*:", re.MULTILINE)
_YAML = {".yaml", ".yml"}


@click.command()
@click.argument("plan", metavar="PLAN", required=False)
@format_option("text", "json", "sarif")
@click.option(
    "--explain", metavar="RULE", help="Say what a rule demands, why, and how to mend what breaks it."
)
def check(plan: str | None, form: str, explain: str | None) -> int:
    """Audit PLAN offline: every call, reference, dependency and way back, without credentials.

    PLAN may also be a folder without a plan, or a file of it: Markdown trackers, shell scripts, Step
    Functions and SSM documents, CloudWatch dashboards and alarms are checked as they are.

    Ends with 1 when there is an error among the findings, with 2 when the plan cannot be read.

    \b
    Example:  cutover check reference
              cutover check docs/migration --format sarif
              cutover check --explain plan/cycle
    """
    if explain is not None:
        return _explain(explain, form)
    if plan is None:
        raise click.UsageError("give a PLAN or a folder, or --explain RULE")
    findings, readable = _findings(plan)
    _print(findings, form)
    if not readable:
        return ExitCode.USAGE
    return ExitCode.NO if any(finding.severity == "error" for finding in findings) else ExitCode.DONE


def _findings(name: str) -> tuple[tuple[Finding, ...], bool]:
    """What was found, and whether the plan could be read."""
    from console.soundness import CatalogKnowledge
    from operations.exchange.audit.folder import collect_auditable
    from operations.plan.loader import find_plan

    origin = find_plan(name)
    if not (origin.is_dir() or origin.is_file()):
        raise CommandError(
            f"{origin}: neither a file nor a folder; give a plan, or a folder of what you have"
        )
    knowledge = CatalogKnowledge()
    if _is_plan(origin):
        return _of_plan(origin, knowledge)
    found = collect_auditable(origin)
    if not found.documents:
        raise CommandError(
            f"{origin}: no plan here (no plan.yaml, no file with `plan:`), and no tracker, script or definition; "
            "give a plan, or a folder of what you have"
        )
    return _of_files(found, knowledge), True


def _of_files(found: Collection, knowledge: ApiKnowledge) -> tuple[Finding, ...]:
    from operations.exchange.audit.folder import audit_files
    from operations.exchange.shell import Bash

    return audit_files(found, knowledge, datetime.now(UTC), Bash())


def _of_plan(origin: Path, knowledge: ApiKnowledge) -> tuple[tuple[Finding, ...], bool]:
    """The plan, and what its folder holds beside it."""
    from operations.exchange.audit.catalogue import OWN
    from operations.exchange.audit.folder import collect_auditable
    from operations.plan.audit.audit import audit, unreadable
    from operations.plan.audit.catalogue import RULES
    from operations.plan.errors import PlanError
    from operations.plan.loader import load_plan

    try:
        loaded = load_plan(origin)
    except PlanError as error:
        return unreadable(error, origin), False
    beside: tuple[Finding, ...] = ()
    if origin.is_dir():
        beside = _of_files(collect_auditable(origin, frozenset(origin.glob("*.yaml"))), knowledge)
    today = datetime.now(UTC).date()
    return audit(loaded, knowledge, today, RULES, beside, {rule.id for rule in OWN}), True


def _is_plan(origin: Path) -> bool:
    """Whether a folder holds a plan; whether a file is one, or could be nothing else."""
    if origin.is_dir():
        named = (origin / "plan.yaml").is_file()
        return named or any(_has_plan_key(file) for file in origin.glob("*.yaml"))
    if _has_plan_key(origin):
        return True
    from operations.exchange.documents import Kind, collect

    (document,) = collect(origin).documents
    return document.kind is Kind.DATA or (document.kind is Kind.UNREADABLE and origin.suffix in _YAML)


def _has_plan_key(file: Path) -> bool:
    """Whether a YAML file has a `plan` key; one that cannot be read counts, so that reading the plan says why."""
    if file.suffix not in _YAML:
        return False
    try:
        return _PLAN_KEY.search(file.read_bytes()) is not None
    except OSError:
        return True


def _print(findings: Sequence[Finding], form: str) -> None:
    from operations.plan.audit.finding import counts

    if form == "sarif":
        from importlib.metadata import version

        from operations.exchange.audit.catalogue import RULES
        from operations.plan.audit.sarif import sarif

        show_json(sarif(findings, RULES, version("cutover-console"), Path.cwd()))
        return
    count = {severity.value: number for severity, number in counts(findings).items()}
    if form == "json":
        show_json({"findings": [_as_json(finding) for finding in findings], "counts": count})
        return
    for finding in findings:
        show(clean(finding))
    show(", ".join(f"{number} {name}{'' if number == 1 else 's'}" for name, number in count.items()))


def _as_json(finding: Finding) -> dict[str, Any]:
    row: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "file": str(finding.place.file),
        "line": finding.place.line,
        "message": finding.message,
        "fix": finding.fix,
    }
    return row if finding.suppressed is None else {**row, "suppressed": finding.suppressed}


def _explain(rule_id: str, form: str) -> int:
    from operations.exchange.audit.catalogue import rule_of

    rule: Rule = rule_of(rule_id)
    if form == "text":
        show(
            f"{rule.id} ({rule.severity.value})\n{rule.summary}\n\n{rule.explanation}\n\nTo mend it: {rule.mend}."
        )
        return ExitCode.DONE
    if form == "sarif":
        raise click.UsageError("--explain prints text or json")
    show_json(
        {
            "rule": rule.id,
            "severity": rule.severity.value,
            "summary": rule.summary,
            "explanation": rule.explanation,
            "mend": rule.mend,
        }
    )
    return ExitCode.DONE
