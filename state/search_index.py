"""A full-text index of a journal in a file of its own: a cache behind the writes, never part of a commit, never needed.

It only proposes rows: `Query.matches` decides. It is contentless (FTS5), so what a journal says does not stand in it
as text; who cannot read the journal shall not read this either, so it is its owner's alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pysqlite3.dbapi2 as sqlite3

from state.errors import JournalError
from state.events import Event
from state.reader import JournalReader
from state.search import Query, family_of, names_of, text_of, tokens_of

VERSION = "3"
"""Of what is put in; an index of another version is made anew."""
BUSY_SECONDS = 0.2
CHUNK = 2000
"""Rows that one transaction takes in."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE IF NOT EXISTS entries USING fts5(
  facets, words, content='', columnsize=0, tokenize="unicode61 remove_diacritics 0");
"""
_PLAIN = re.compile(r"[^a-z0-9]")


class IndexUnusableError(JournalError):
    """The index cannot be used; searching goes on without it."""


class SearchIndex:
    """The index of one journal. Several processes may use it; one at a time adds to it.

    Raises (from every method):
        IndexUnusableError: the file cannot be used; `drop` it and go on without.
    """

    def __init__(self, path: Path, reader: JournalReader) -> None:
        """Open or begin the index; one that does not fit the journal is emptied.

        Args:
            path: the index file, by convention named by the journal's id.
            reader: the journal.
        """
        self.path = path
        self._reader = reader
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            self._connection: Any = sqlite3.connect(
                str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise IndexUnusableError(f"{path}: cannot be used as an index: {error}") from error
        try:
            self._begin()
        except BaseException:
            self._connection.close()
            raise

    def _begin(self) -> None:
        self._do("PRAGMA journal_mode=WAL")
        self._do("PRAGMA synchronous=OFF")  # what a power cut spoils is made again
        for statement in _SCHEMA.split(";\n"):
            self._do(statement)
        if not self._fits():
            self._do("BEGIN IMMEDIATE")
            self._do("INSERT INTO entries(entries) VALUES ('delete-all')")
            self._note(0, "")
            self._do("COMMIT")

    def _do(self, statement: str, values: Sequence[Any] = ()) -> Any:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            raise IndexUnusableError(f"{self.path}: cannot be used as an index: {error}") from error

    def _fits(self) -> bool:
        """Whether the last row taken in is still that row of this journal."""
        about = self._about()
        if about.get("version") != VERSION or about.get("journal_id") != self._reader.meta.get("journal_id"):
            return False
        through = int(about.get("through", "0"))
        rows = self._reader.events(through - 1, 1) if through else []
        return through == 0 or (bool(rows) and rows[0].hash == about.get("hash"))

    def _about(self) -> dict[str, str]:
        return dict(self._do("SELECT key, value FROM about").fetchall())

    def _note(self, through: int, hash_hex: str) -> None:
        facts = {
            "version": VERSION,
            "journal_id": self._reader.meta.get("journal_id", ""),
            "through": str(through),
            "hash": hash_hex,
        }
        for key, value in facts.items():
            self._do("INSERT OR REPLACE INTO about VALUES (?, ?)", (key, value))

    @property
    def through(self) -> int:
        """The last row that was taken in, 0 for none."""
        return int(self._about().get("through", "0"))

    def extend(self, most: int = CHUNK) -> int:
        """Take the next rows in; answers how many there were."""
        after = self.through
        events = self._reader.events(after, most)
        if not events:
            return 0
        rows = [(event.seq, " ".join(facets_of(event)), text_of(event)) for event in events]
        self._do("BEGIN IMMEDIATE")
        if self.through != after:  # somebody else was quicker
            self._do("ROLLBACK")
            return len(events)
        try:
            self._connection.executemany("INSERT INTO entries(rowid, facets, words) VALUES (?, ?, ?)", rows)
        except sqlite3.Error as error:
            self._connection.execute("ROLLBACK")
            raise IndexUnusableError(f"{self.path}: cannot be added to: {error}") from error
        self._note(events[-1].seq, events[-1].hash)
        self._do("COMMIT")
        return len(events)

    def candidates(
        self, query: Query, first: int, last: int, most: int, *, backwards: bool = False
    ) -> list[int]:
        """Rows between two, both among them, that may match, in the order asked for; at most so many."""
        order = "DESC" if backwards else "ASC"
        found = self._do(
            f"SELECT rowid FROM entries WHERE entries MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid {order} LIMIT ?",  # noqa: S608
            (expression(query), first, last, most),
        )
        return [seq for (seq,) in found.fetchall()]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()


def drop(path: Path) -> None:
    """Remove an index file and what lies beside it."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def facets_of(event: Event) -> list[str]:
    """An event's columns as words that stand for nothing else."""
    facets = [_facet("k", event.kind), _facet("k", family_of(event.kind))]
    facets += [_facet("a", name) for name in sorted(names_of(event.actor, event.identity))]
    if event.operation is not None:
        facets.append(_facet("o", event.operation))
    if event.run is not None:
        facets.append(_facet("r", event.run))
    return facets


def _facet(mark: str, value: str) -> str:
    return mark + _PLAIN.sub(lambda found: f"z{ord(found[0]):x}z", value.lower())


def expression(query: Query) -> str:
    """A search as FTS5 has it; made of letters and digits alone, each part in quotation marks."""
    parts = [
        _one_of("k", query.kinds),
        _one_of("a", query.actors),
        _one_of("o", query.operations),
        _one_of("r", query.runs, begins=True),
        *(f'words : "{" ".join(tokens_of(word))}"{_star(word)}' for word in query.words),
    ]
    return " AND ".join(part for part in parts if part)


def _star(word: str) -> str:
    return " *" if word.endswith("*") else ""


def _one_of(mark: str, values: Iterable[str], *, begins: bool = False) -> str:
    choices = [
        f'"{_facet(mark, value.removesuffix("*"))}"' + (" *" if begins else _star(value)) for value in values
    ]
    return f"facets : ({' OR '.join(choices)})" if choices else ""
