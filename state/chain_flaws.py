"""What was done to a chain: the words for it, and how a broken link tells which it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SHIFTS = 1_000
"""How far a row may have been moved by rows that were removed or put in before it, for that to be told."""


class Flaw(StrEnum):
    """What is wrong with a journal."""

    CHANGED = "changed"
    GAP = "gap"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    REWRITTEN = "rewritten"
    CUT = "cut"
    STALE = "stale head"
    FORGED = "forged head"
    RESEALED = "resealed"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Finding:
    """A flaw, the first row that shows it, and the rows among which the change was made."""

    flaw: Flaw
    seq: int
    problem: str
    suspect: tuple[int, int] | None = None


Lookup = Callable[[str], int | None]
"""The seq of the row that has this hash, None when there is none."""
Fits = Callable[[Any, int], bool]
"""Whether a row would be sound if it had this seq."""


def nowhere(_: str) -> int | None:
    """A lookup that finds nothing."""
    return None


def broken_link(row: Any, expected: int, find: Lookup, fits: Fits) -> Finding:
    """What became of a row that does not follow the one before it; `expected` is the seq it should have."""
    seq = row[0]
    if not isinstance(seq, int) or seq < expected:
        return Finding(Flaw.INSERTED, expected, f"inserted: there is a row {seq} before row {expected}")
    if seq > expected:
        missing = f"row {expected} is" if seq == expected + 1 else f"rows {expected} to {seq - 1} are"
        return Finding(Flaw.GAP, seq, f"gap: {missing} missing", (expected, seq - 1))
    before = find(row[8])
    if before is not None and before >= seq:
        problem = f"swapped: it continues row {before}, so it belongs behind that row"
        return Finding(Flaw.SWAPPED, seq, problem, (seq, before + 1))
    if before is not None:
        problem = f"inserted: it continues row {before}, {_rows(before + 1, seq - 1)} were not there"
        return Finding(Flaw.INSERTED, seq, problem, (before + 1, seq - 1))
    return _unlinked(row, seq, fits)


def _unlinked(row: Any, seq: int, fits: Fits) -> Finding:
    """A row whose predecessor is nowhere in the file; its own hash tells which number it was written under."""
    if fits(row, seq):
        problem = f"rewritten: row {seq - 1} is not the one that it was written behind"
        return Finding(Flaw.REWRITTEN, seq, problem, (1, seq - 1))
    for shift in range(1, SHIFTS):
        if fits(row, seq + shift):
            problem = f"gap: it was row {seq + shift}; {shift} before it are gone and the rest was renumbered"
            return Finding(Flaw.GAP, seq, problem, (1, seq))
        if seq > shift and fits(row, seq - shift):
            problem = f"inserted: it was row {seq - shift}; {shift} were put in before it"
            return Finding(Flaw.INSERTED, seq, problem, (1, seq - 1))
    return Finding(Flaw.CHANGED, seq, "changed: it does not continue the row before it", (seq, seq))


def _rows(first: int, last: int) -> str:
    return f"row {first}" if first == last else f"rows {first} to {last}"
