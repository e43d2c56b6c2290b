"""Reads any part of a journal by row number or time, a page at a time, whatever its length."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from state.chain import Row
from state.errors import JournalDamagedError
from state.events import Event
from state.reader import JournalReader

Condition = tuple[str, tuple[Any, ...]]
"""An SQL condition on a row and the values bound in it."""
ANY: Condition = ("1", ())


class JournalPages(JournalReader):
    """A reader for review. Every call reads by the primary key, a bounded number of rows."""

    def last(self) -> int:
        """The newest row, 0 when there is none."""
        return next((int(row[0]) for row in self._rows("ORDER BY seq DESC LIMIT 1")), 0)

    def page(self, first: int, count: int) -> list[Event]:
        """So many rows from one on; a row whose data cannot be read is shown as it stands."""
        return [
            self._tolerant(row) for row in self._rows("WHERE seq >= ? ORDER BY seq LIMIT ?", (first, count))
        ]

    def _tolerant(self, row: Row) -> Event:
        try:
            data = json.loads(row[7])
        except (ValueError, TypeError, RecursionError):
            data = None
        read = data if isinstance(data, dict) else {"unreadable": str(row[7])}
        return Event(*row[:7], read, *row[8:])

    def some(self, seqs: Sequence[int]) -> list[Event]:
        """Rows by number, in the order asked for; those that are not there are left out."""
        if not seqs:
            return []
        marks = ",".join("?" * len(seqs))
        found = {row[0]: self._tolerant(row) for row in self._rows(f"WHERE seq IN ({marks})", tuple(seqs))}
        return [found[seq] for seq in seqs if seq in found]

    def between(self, first: int, last: int, condition: Condition = ANY) -> list[Event]:
        """The rows between two, both among them, for which a condition holds."""
        where = f"WHERE seq BETWEEN ? AND ? AND {condition[0]} ORDER BY seq"
        return [self._tolerant(row) for row in self._rows(where, (first, last, *condition[1]))]

    def time_of(self, seq: int) -> str | None:
        """When a row was written, None when there is no such row."""
        return next((str(row[1]) for row in self._rows("WHERE seq = ?", (seq,))), None)

    def seq_at(self, at: str) -> int:
        """The last row written up to a time, as events have it; 0 when all are later.

        Rows are taken to be in the order of their times; where a clock was set back, the answer is one of those fitting.
        """
        return self._before(at, until_same=True)

    def seq_before(self, at: str) -> int:
        """The last row written before a time; 0 when none was."""
        return self._before(at, until_same=False)

    def _before(self, at: str, *, until_same: bool) -> int:
        low, high = 0, self.last()
        while low < high:
            middle = (low + high + 1) // 2
            written = self.time_of(middle)
            if written is None:
                raise JournalDamagedError(f"{self.path}: row {middle} of the journal is missing")
            if written < at or (until_same and written == at):
                low = middle
            else:
                high = middle - 1
        return low

    def nearest(self, first: int, last: int, condition: Condition, *, backwards: bool = False) -> int | None:
        """The first row between two for which a condition holds, or the last when backwards; None when none does."""
        order = "DESC" if backwards else "ASC"
        where = f"WHERE seq BETWEEN ? AND ? AND {condition[0]} ORDER BY seq {order} LIMIT 1"
        return next((int(row[0]) for row in self._rows(where, (first, last, *condition[1]))), None)

    def raw(self, first: int, count: int) -> list[Row]:
        """So many rows from one on, as stored."""
        return list(self._rows("WHERE seq >= ? ORDER BY seq LIMIT ?", (first, count)))

    def of_kinds(self, kinds: Sequence[str]) -> list[Event]:
        """All rows of some kinds: one walk over the whole journal."""
        marks = ",".join("?" * len(kinds))
        return [
            self._tolerant(row) for row in self._rows(f"WHERE kind IN ({marks}) ORDER BY seq", tuple(kinds))
        ]

    def operations(self) -> list[str]:
        """Every operation that the journal names, in the order in which they came up."""
        where = "WHERE seq IN (SELECT min(seq) FROM events WHERE operation IS NOT NULL GROUP BY operation) ORDER BY seq"
        return [str(row[4]) for row in self._rows(where)]
