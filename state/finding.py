"""Finds the events that a search means, nearest first: by the index as far as it reaches, row by row beyond."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from state.events import Event
from state.pages import JournalPages
from state.search import Query
from state.search_index import SearchIndex

SCANNED = 5000
"""Rows that one read passes over where there is no index."""
PROPOSED = 8
"""Rows that the index is asked for at once; then more and more."""
MOST_PROPOSED = 2048


def _nothing(_seq: int) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Searches one journal.

    Attributes:
        reader: the journal.
        index: the index of it; None: every row is looked at.
        seen: told how far the search has come, often enough to show progress or to stop by an exception.
    """

    reader: JournalPages
    index: SearchIndex | None = None
    seen: Callable[[int], None] = _nothing

    def find(self, query: Query, first: int, last: int, *, backwards: bool = False) -> Iterator[Event]:
        """The matching events between two rows, both among them; from the last one on when backwards.

        Raises:
            JournalDamagedError: the journal cannot be read.
            IndexUnusableError: the index cannot.
        """
        first, last = self._span(query, first, last)
        through = self.index.through if self.index is not None and query.selective else 0
        parts: list[Iterator[Event]] = []
        if first <= min(last, through):
            parts.append(self._indexed(query, first, min(last, through), backwards=backwards))
        if max(first, through + 1) <= last:
            parts.append(self._scanned(query, max(first, through + 1), last, backwards=backwards))
        for part in reversed(parts) if backwards else parts:
            yield from part

    def _span(self, query: Query, first: int, last: int) -> tuple[int, int]:
        if query.since is not None:
            first = max(first, self.reader.seq_before(query.since) + 1)
        if query.until is not None:
            last = min(last, self.reader.seq_at(query.until))
        return max(1, first), last

    def _indexed(self, query: Query, first: int, last: int, *, backwards: bool) -> Iterator[Event]:
        assert self.index is not None  # noqa: S101 - `find` has looked
        most = PROPOSED
        while first <= last:
            seqs = self.index.candidates(query, first, last, most, backwards=backwards)
            yield from self._sure(query, seqs)
            if len(seqs) < most:
                return
            first, last = (first, seqs[-1] - 1) if backwards else (seqs[-1] + 1, last)
            most = min(2 * most, MOST_PROPOSED)
            self.seen(seqs[-1])

    def _sure(self, query: Query, seqs: Sequence[int]) -> Iterator[Event]:
        for start in range(0, len(seqs), PROPOSED):
            yield from filter(query.matches, self.reader.some(seqs[start : start + PROPOSED]))

    def _scanned(self, query: Query, first: int, last: int, *, backwards: bool) -> Iterator[Event]:
        while first <= last:
            low = max(first, last - SCANNED + 1) if backwards else first
            high = last if backwards else min(last, first + SCANNED - 1)
            found = [
                event for event in self.reader.between(low, high, query.condition()) if query.matches(event)
            ]
            yield from reversed(found) if backwards else found
            first, last = (first, low - 1) if backwards else (high + 1, last)
            self.seen(low if backwards else high)
