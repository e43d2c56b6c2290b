"""`cutover check`: audit a plan offline, without credentials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console.exit_codes import CommandError, ExitCode
from console.options import format_option
from console.output import show, show_json

if TYPE_CHECKING:
    from operations.plan.audit.finding import Finding
    from operations.plan.audit.rule import Rule

_PLAN_KEY = re.compile(rb"^plan\s*:", re.MULTILINE)


@click.command()
@click.argument("plan", metavar="PLAN", required=False)
@format_option("text", "json", "sarif")
@click.option("--explain", metavar="RULE", help="Say what a rule demands, why, and how to mend a plan.")
def check(plan: str | None, form: str, explain: str | None) -> int:
    """Audit PLAN offline: every call, reference, dependency and way back, without credentials.

    Ends with 1 when there is an error among the findings, with 2 when the plan cannot be read.

    \b
    Example:  cutover check reference
              cutover check --explain plan/cycle
    """
    if explain is not None:
        return _explain(explain, form)
    if plan is None:
        raise click.UsageError("give a PLAN, or --explain RULE")
    findings, readable = _findings(plan)
    _print(findings, form)
    if not readable:
        return ExitCode.USAGE
    return ExitCode.NO if any(finding.severity == "error" for finding in findings) else ExitCode.DONE


def _findings(name: str) -> tuple[tuple[Finding, ...], bool]:
    """What was found, and whether the plan could be read."""
    from console.soundness import CatalogKnowledge
    from operations.plan.audit.audit import audit, unreadable
    from operations.plan.errors import PlanError
    from operations.plan.loader import find_plan, load_plan

    origin = find_plan(name)
    _refuse_other_folders(origin)
    try:
        loaded = load_plan(name)
    except PlanError as error:
        return unreadable(error, origin), False
    return audit(loaded, CatalogKnowledge()), True


def _refuse_other_folders(origin: Path) -> None:
    if not origin.is_dir() or (origin / "plan.yaml").is_file():
        return
    if not any(_may_be_a_plan(file) for file in origin.glob("*.yaml")):
        raise CommandError(
            f"{origin}: no plan here (no plan.yaml, no file with `plan:`), and other folders are not audited yet; "
            "give a plan file or folder"
        )


def _may_be_a_plan(file: Path) -> bool:
    """Whether a file has a `plan` key; one that cannot be read counts, so that reading the plan says why."""
    try:
        return _PLAN_KEY.search(file.read_bytes()) is not None
    except OSError:
        return True


def _print(findings: Sequence[Finding], form: str) -> None:
    from operations.plan.audit.finding import counts

    if form == "sarif":
        from importlib.metadata import version

        from operations.plan.audit.catalogue import RULES
        from operations.plan.audit.sarif import sarif

        show_json(sarif(findings, RULES, version("cutover-console"), Path.cwd()))
        return
    count = {severity.value: number for severity, number in counts(findings).items()}
    if form == "json":
        show_json({"findings": [_as_json(finding) for finding in findings], "counts": count})
        return
    for finding in findings:
        show(" ".join(str(finding).splitlines()))
    show(", ".join(f"{number} {name}{'' if number == 1 else 's'}" for name, number in count.items()))


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "file": str(finding.place.file),
        "line": finding.place.line,
        "message": finding.message,
        "fix": finding.fix,
    }


def _explain(rule_id: str, form: str) -> int:
    from operations.plan.audit.catalogue import rule_of

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
