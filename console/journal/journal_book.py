"""The journal as its room reads it: pages from SQLite, a search, the walk along the chain behind the scenes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from pathlib import Path

from screens.journal_port import MOST_FOUND, BookState, Found, JournalProblemError
from screens.times import parsed
from state.chain import Row, row_hash
from state.errors import JournalError
from state.events import Event
from state.finding import Finder
from state.pages import JournalPages
from state.search import Query, QueryError, parse_query
from state.search_index import IndexUnusableError, SearchIndex, drop

TELL_EVERY = 250
"""Matches after which the room hears of them."""
BREATH_SECONDS = 0.003
"""What the work behind the scenes leaves to the keys between two pieces."""
REST_SECONDS = 2.0
"""Between two looks for new events, once everything has been taken in."""
FEW = 2000
"""Rows of a journal for which no index is worth its file."""


def index_file(cache: Path, journal_id: str) -> Path:
    """Where the search index of a journal lies."""
    return cache / "search" / f"{journal_id}.index"


class JournalBook:
    """Adapter of `screens.journal_port.JournalBook`. Close it at the end."""

    def __init__(self, path: Path, cache: Path) -> None:
        """Make it; nothing is read before `open` or the first look.

        Args:
            path: the journal.
            cache: the folder for the search index.
        """
        self._path = path
        self._cache = cache
        self._pages: JournalPages | None = None
        self._lock = threading.Lock()
        self._state = BookState()
        self._opened = False
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def open(self) -> None:
        """Begin to walk the chain and to make the index."""
        if self._opened:
            return
        self._opened = True
        for name, work in (("chain", self._check), ("index", self._keep_index)):
            thread = threading.Thread(target=work, name=f"journal-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """End what goes on, and let go of the file."""
        self._ending.set()
        for thread in self._threads:
            thread.join(timeout=2)
        with self._lock:
            if self._pages is not None:
                self._pages.close()
                self._pages = None

    @contextmanager
    def _reading(self) -> Iterator[JournalPages]:
        with self._lock:
            try:
                if self._pages is None:
                    self._pages = JournalPages(self._path)
                yield self._pages
            except JournalError as error:
                raise JournalProblemError(str(error)) from error

    def state(self) -> BookState:
        """What is known by now."""
        with self._reading() as pages:
            last = pages.last()
        return replace(self._state, last=last)

    def rows(self, seqs: Sequence[int]) -> Sequence[Event]:
        """Rows by number."""
        if not seqs:
            return ()
        with self._reading() as pages:
            if isinstance(seqs, range):
                return pages.page(seqs[0], len(seqs))
            return pages.some(seqs)

    # the search

    def search(self, text: str, zone: tzinfo, tell: Callable[[Found], bool]) -> Found:
        """Search from the newest row back."""
        try:
            with JournalPages(self._path) as pages:
                last = pages.last()
                newest = parsed(pages.time_of(last)) or datetime.fromtimestamp(0, UTC)
                query = parse_query(text, newest, zone)
                with _index_of(self._cache, pages) as index:
                    return _Search(text, tell).run(Finder(pages, index), query, last)
        except (JournalError, QueryError) as error:
            raise JournalProblemError(str(error)) from error

    # behind the scenes

    def _check(self) -> None:
        try:
            with JournalPages(self._path) as pages:
                report = pages.verify(seen=self._checked)
        except _Ended:
            return
        except JournalError as error:
            self._state = replace(self._state, broken=self._state.checked + 1, problem=str(error))
            return
        self._state = replace(
            self._state, checked=report.rows, broken=report.first_bad, problem=report.problem or ""
        )
        self._follow_chain()

    def _checked(self, rows: int) -> None:
        self._state = replace(self._state, checked=rows)
        self._breathe()

    def _follow_chain(self) -> None:
        """Rows that come later are checked against the one before them; the whole is walked again at the next start."""
        while self._state.broken is None and not self._ending.wait(REST_SECONDS):
            try:
                with JournalPages(self._path) as pages:
                    rows = pages.raw(max(1, self._state.checked), 2 * FEW)
            except JournalError:
                continue
            for before, row in pairwise(rows):
                if not _follows(before, row):
                    self._state = replace(self._state, broken=row[0], problem="does not follow")
                    return
            if rows:
                self._state = replace(self._state, checked=rows[-1][0])

    def _keep_index(self) -> None:
        try:
            with JournalPages(self._path) as pages:
                if pages.last() < FEW:
                    return
                with SearchIndex(index_file(self._cache, pages.meta.get("journal_id", "")), pages) as index:
                    while not self._ending.is_set():
                        more = index.extend()
                        self._state = replace(self._state, indexed=index.through)
                        self._breathe()
                        if not more:
                            self._ending.wait(REST_SECONDS)
        except (JournalError, _Ended):
            self._state = replace(self._state, indexed=None)

    def _breathe(self) -> None:
        if self._ending.is_set():
            raise _Ended
        time.sleep(BREATH_SECONDS)


def _follows(before: Row, row: Row) -> bool:
    """Whether a row continues the one before it, and is what its hash says."""
    try:
        return row[0] == before[0] + 1 and row[8] == before[9] and row_hash(row) == row[9]
    except ValueError:
        return False


class _Ended(Exception):  # noqa: N818 - no error: the console closes
    pass


class _Search:
    """One search on its way."""

    def __init__(self, text: str, tell: Callable[[Found], bool]) -> None:
        self._text = text
        self._tell = tell
        self._found: list[int] = []
        self._told = 0

    def run(self, finder: Finder, query: Query, last: int) -> Found:
        looked_to, more = 1, False
        try:
            for event in Finder(finder.reader, finder.index, self._seen).find(query, 1, last, backwards=True):
                self._found.append(event.seq)
                if len(self._found) >= MOST_FOUND:
                    looked_to, more = event.seq, True
                    break
                if len(self._found) - self._told >= TELL_EVERY:
                    self._seen(event.seq)
        except _Ended:
            more = True
        return self._so_far(looked_to, done=True, more=more)

    def _seen(self, seq: int) -> None:
        self._told = len(self._found)
        if not self._tell(self._so_far(seq, done=False, more=False)):
            raise _Ended

    def _so_far(self, looked_to: int, *, done: bool, more: bool) -> Found:
        return Found(self._text, tuple(reversed(self._found)), looked_to, done, more)


@contextmanager
def _index_of(cache: Path, pages: JournalPages) -> Iterator[SearchIndex | None]:
    """The index as far as there is one; without it every row is looked at."""
    file = index_file(cache, pages.meta.get("journal_id", ""))
    index: SearchIndex | None = None
    if file.exists():
        try:
            index = SearchIndex(file, pages)
        except IndexUnusableError:
            drop(file)
    try:
        yield index
    finally:
        if index is not None:
            index.close()
