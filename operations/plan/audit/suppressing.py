"""Suppressions: findings that the plan accepts for a while, and suppressions that have had their time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from operations.plan.audit.finding import Finding, Severity
from operations.plan.audit.rule import Rule
from operations.plan.audit.words import did_you_mean
from operations.plan.loader import LoadedPlan
from operations.plan.registers import Suppression
from operations.plan.yaml_source import KeyPath

UNKNOWN_RULE = Rule(
    "suppress/unknown-rule",
    Severity.ERROR,
    "A suppression names a rule that the audit has.",
    "With a slip in the rule's id nothing is suppressed, and nobody sees why.",
    "write the id as `cutover check` prints it",
)
EXPIRED = Rule(
    "suppress/expired",
    Severity.WARNING,
    "A suppression has not run out.",
    "A suppression is a promise to mend something by a day. After that day (UTC) what it hid is reported again, at its "
    "own severity.",
    "mend what it hides and remove it, or give a new reason and a new day",
)
UNUSED = Rule(
    "suppress/unused",
    Severity.WARNING,
    "A suppression hides something.",
    "One that hides nothing is a leftover, or misses what it was meant for; it would hide the next defect of that kind.",
    "remove it, or name in `where` what it is meant for",
)
RULES = (UNKNOWN_RULE, EXPIRED, UNUSED)


class Suppressions:
    """The suppressions of one plan, on one day (UTC)."""

    def __init__(self, loaded: LoadedPlan, today: date, known_rules: Collection[str]) -> None:
        self._loaded = loaded
        self._today = today
        self._known = known_rules
        self._used: set[int] = set()
        self._by_rule: dict[str, list[tuple[int, Suppression]]] = {}
        for number, each in enumerate(loaded.plan.suppress):
            if each.until >= today:
                self._by_rule.setdefault(each.rule, []).append((number, each))

    def judge(self, finding: Finding, path: KeyPath | None = None) -> Finding:
        """The finding itself, or as a note with the reason when the plan accepts it.

        Args:
            finding: what was found.
            path: its key path in the plan; None for a finding in a file beside the plan.
        """
        candidates = self._by_rule.get(finding.rule)
        if not candidates:
            return finding
        names = _names_of(finding, self._loaded.source.data, path)
        for number, each in candidates:
            if each.where is None or each.where in names:
                self._used.add(number)
                message = f"accepted until {each.until} ({each.reason}): {finding.message}"
                return replace(finding, severity=Severity.NOTE, message=message, suppressed=each.reason)
        return finding

    def leftovers(self) -> Iterator[Finding]:
        """What is wrong with the suppressions themselves, once all findings were judged."""
        for number, each in enumerate(self._loaded.plan.suppress):
            if each.rule not in self._known:
                fix = did_you_mean(each.rule, sorted(self._known), UNKNOWN_RULE.mend)
                yield self._finding(UNKNOWN_RULE, (number, "rule"), f"there is no rule `{each.rule}`", fix)
            elif each.until < self._today:
                message = f"the suppression of {each.rule} ran out on {each.until}"
                yield self._finding(EXPIRED, (number, "until"), message)
            elif number not in self._used:
                where = f" at `{each.where}`" if each.where else ""
                yield self._finding(UNUSED, (number,), f"{each.rule} finds nothing{where}")

    def _finding(self, rule: Rule, at: KeyPath, message: str, fix: str | None = None) -> Finding:
        place = self._loaded.place("suppress", *at)
        return Finding(rule.id, rule.severity, place, message, fix or rule.mend)


def _names_of(finding: Finding, data: Mapping[str, Any], path: KeyPath | None) -> set[str]:
    """What `where` may say to mean this finding: ids on its way through the plan, and its file."""
    names = {finding.place.file.name, str(finding.place.file)}
    return names if path is None else names | set(_ids_along(data, path))


def _ids_along(data: Any, path: KeyPath) -> Iterable[str]:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return
        if isinstance(part, str):
            yield part
        if isinstance(data, dict):
            yield from (str(data[key]) for key in ("id", "task") if key in data)
