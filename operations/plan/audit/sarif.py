"""Findings as SARIF 2.1.0, which code hosts and editors read (OASIS, sarif-v2.1.0)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from operations.plan.audit.finding import Finding
from operations.plan.audit.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
VERSION = "2.1.0"


def sarif(
    findings: Iterable[Finding], rules: Sequence[Rule], tool_version: str, base: Path
) -> dict[str, Any]:
    """One run of the audit as a SARIF log.

    Args:
        findings: what was found.
        rules: all rules, also those that found nothing.
        tool_version: of cutover.
        base: files beneath it are named relative to it, others by their whole path.
    """
    index = {rule.id: number for number, rule in enumerate(rules)}
    driver = {"name": "cutover", "version": tool_version, "rules": [_descriptor(rule) for rule in rules]}
    results = [_result(finding, index, base) for finding in findings]
    return {"$schema": SCHEMA, "version": VERSION, "runs": [{"tool": {"driver": driver}, "results": results}]}


def _descriptor(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": f"To mend it: {rule.mend}."},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(finding: Finding, index: dict[str, int], base: Path) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.place.file, base)}}
    if finding.place.line is not None:
        location["region"] = {"startLine": finding.place.line}
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": finding.severity.value,
        "message": {"text": f"{finding.message}; {finding.fix}"},
        "locations": [{"physicalLocation": location}],
    }
    if finding.suppressed is not None:
        result["suppressions"] = [{"kind": "external", "justification": finding.suppressed}]
    return result


def _uri(file: Path, base: Path) -> str:
    absolute = (base / file).resolve()
    if absolute.is_relative_to(base.resolve()):
        return quote(absolute.relative_to(base.resolve()).as_posix())
    return absolute.as_uri()
