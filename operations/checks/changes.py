"""What changed between two makings of the verification library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from operations.checks.library import CheckedItem
from state.events import Verdict


class Change(StrEnum):
    """How a check stands to its baseline."""

    WORSE = "worse"
    BETTER = "better"
    OTHER = "other"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Changed:
    """A check whose verdict is another than in the baseline; None where it was, or is, not among them."""

    id: str
    change: Change
    was: Verdict | None
    now: Verdict | None


def changes(
    baseline: Mapping[str, Verdict], items: Sequence[CheckedItem], *, partial: bool = False
) -> tuple[Changed, ...]:
    """Every check that stands otherwise than in the baseline, what got worse first.

    Args:
        baseline: verdicts by check id.
        items: what was made now.
        partial: only some of the checks were made, so that one which is not there is not gone.
    """
    now = {item.check.id: item.outcome.verdict for item in items}
    found = [
        Changed(key, _change(baseline.get(key), verdict), baseline.get(key), verdict)
        for key, verdict in now.items()
        if baseline.get(key) is not verdict
    ]
    if not partial:
        found += [Changed(key, Change.GONE, was, None) for key, was in baseline.items() if key not in now]
    order = list(Change)
    return tuple(sorted(found, key=lambda each: order.index(each.change)))


def change_between(was: Verdict | None, now: Verdict) -> Change | None:
    """How a check stands to what it said before, None where it says the same."""
    return None if was is now else _change(was, now)


def _change(was: Verdict | None, now: Verdict) -> Change:
    if was is None:
        return Change.NEW
    if was is Verdict.PASS:
        return Change.WORSE
    return Change.BETTER if now is Verdict.PASS else Change.OTHER
