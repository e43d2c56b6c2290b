"""Makes checks on the console's ground; adapter of `screens.verify_port.CheckMaker`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from console import openers

if TYPE_CHECKING:
    from operations.checks.library import CheckedItem, LibraryCheck
    from operations.plan.loader import LoadedPlan

PARALLEL = 10
"""Checks at once, as `cutover verify` has it by default."""


@dataclass(frozen=True, slots=True)
class LibraryMaker:
    """For one plan, journal and ground; `sandbox` is the ground's address where it is one."""

    loaded: LoadedPlan
    path: Path
    sandbox: str | None

    def make(
        self,
        checks: Sequence[LibraryCheck],
        told: Callable[[CheckedItem], None],
        stopped: Callable[[], bool],
    ) -> str:
        """Make these, keep the verdicts in the journal, and say how they came out.

        Raises:
            GatewayError: the account cannot be reached, or must not be.
            JournalError: the verdicts cannot be written.
        """
        from console.acts.made_checks import make_checks, record_items, record_refusal
        from operations.checks.reports import counts

        items = make_checks(self.loaded, checks, self.sandbox, str(self.path), PARALLEL, told, stopped)
        refusal = record_refusal(self.path, self.sandbox)
        if refusal is None:
            with openers.open_journal(self.path, self.loaded) as journal:
                record_items(journal, items)
        made = ", ".join(f"{count} {word}" for word, count in counts(items).items() if count) or "none made"
        left = len(checks) - len(items)
        said = f"{made}; {left} not made" if left else made
        return said if refusal is None else f"{said}; not kept: {refusal}"
