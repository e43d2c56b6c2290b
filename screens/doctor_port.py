"""What the doctor's room needs: findings about this terminal, host and account, each with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What a look came to; `fail` means that something will not work."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    FAIL = "fail"


class Area(StrEnum):
    """What a finding is about; the value is the heading above it."""

    TERMINAL = "Terminal"
    HOST = "Host"
    JOURNAL = "Journal"
    ACCOUNT = "Account"
    SETTINGS = "Settings"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was looked at, what was found, what to do where it is not well."""

    id: str
    area: Area
    verdict: Verdict
    message: str
    fix: str = ""


class Doctor(Protocol):
    """Looks at this terminal, host and account. Call from a worker thread; never asks AWS."""

    def examine(self, *, sync: bool | None = None) -> Sequence[Finding]:
        """Look now; `sync`: whether the terminal is known to have synchronised output, None to find out."""
        ...


def worst(findings: Sequence[Finding]) -> Verdict:
    """The worst verdict of some findings."""
    verdicts = {finding.verdict for finding in findings}
    return next((each for each in (Verdict.FAIL, Verdict.WARN) if each in verdicts), Verdict.PASS)
