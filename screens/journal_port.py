"""What the journal's room needs: rows by number, a search, what is known of the chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from state.events import Event

MOST_FOUND = 5000
"""Matches that a search ends at; the newest ones."""


class JournalProblemError(Exception):
    """What cannot be read or searched for, in one line."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has come to.

    Attributes:
        text: what was searched for.
        seqs: the matching rows, oldest first.
        looked_to: the oldest row that was looked at by now.
        done: whether the search has ended.
        more: whether it ended because there were too many.
    """

    text: str
    seqs: tuple[int, ...] = ()
    looked_to: int = 0
    done: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class BookState:
    """What works in the background have come to.

    Attributes:
        last: the newest row.
        checked: rows of the chain walked by now.
        broken: the first row that does not fit, None while all do.
        problem: what is wrong with it.
        indexed: the last row that the search index knows; None: searching goes without an index.
    """

    last: int = 0
    checked: int = 0
    broken: int | None = None
    problem: str = ""
    indexed: int | None = None


class JournalBook(Protocol):
    """One journal, to be read at any place. All but `search` are quick.

    Raises (from every method that reads):
        JournalProblemError: the journal cannot be read, or the text is no search.
    """

    def open(self) -> None:
        """Begin what goes on in the background, once: the walk along the chain, and the search index."""
        ...

    def state(self) -> BookState:
        """What is known by now."""
        ...

    def rows(self, seqs: Sequence[int]) -> Sequence[Event]:
        """Rows by number, in that order."""
        ...

    def search(self, text: str, zone: tzinfo, tell: Callable[[Found], bool]) -> Found:
        """Search from the newest row back; `tell` hears of it on the way and answers whether to go on. Takes long."""
        ...
