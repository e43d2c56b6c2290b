"""What the audit has found: a rule that is broken, where, how bad it is, and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from operations.plan.errors import Place


class Severity(StrEnum):
    """How bad a finding is: an error will fail or do harm, a warning may, a note is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a plan.

    Attributes:
        rule: stable id of the rule that is broken, `group/name`.
        severity: how bad it is.
        place: file and, where known, line.
        message: what is wrong, one line.
        fix: the way to mend it, one line.
        suppressed: why the plan accepts it, None when it does not.
    """

    rule: str
    severity: Severity
    place: Place
    message: str
    fix: str
    suppressed: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} {self.rule}: {self.message}; {self.fix}"


def counts(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many findings there are of each severity, worst first, with the zeros."""
    found = Counter(finding.severity for finding in findings)
    return {severity: found[severity] for severity in Severity}
