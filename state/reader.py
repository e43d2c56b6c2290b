"""Reads a journal: follows it while it grows, reviews it, walks its chain."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from state import chain
from state.canonical import decoded
from state.chain import Begun, ChainReport, ExpectedHead, Row
from state.chain_flaws import Flaw
from state.chain_pieces import PAGE, Pieces
from state.database import SQLITE_ERRORS, connect_reader, has_schema, has_tables, meta, not_a_journal
from state.errors import JournalDamagedError, unreadable
from state.events import Event
from state.kinds import Kind
from state.seal_watch import NEVER_QUIET, SealWatch, Trust
from state.seals import SignedHead, read_head
from state.tail import COLUMNS

WORTH_SHARING = 300_000
"""Rows from which on other processes are started for a part of the walk; a tenth of a second each, more on a busy machine."""
_OF_HEADS = f"""
    SELECT {COLUMNS} FROM events WHERE seq > ? AND seq <= ? AND
    (seq >= ? OR at <= ? OR at >= ? OR kind IN ({", ".join(f"'{kind}'" for kind in sorted(NEVER_QUIET))}))
    ORDER BY seq LIMIT 1
"""  # noqa: S608 - words of ours
"""The next row that a watch over heads must see."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row of a journal: what a copy elsewhere must agree with."""

    journal_id: str
    seq: int
    hash: str
    at: str


BEGINNING_SECONDS = 1.0
"""How long a new file may be without tables: its first transaction takes milliseconds, more on a busy disk."""


class JournalReader:
    """Reads a journal that may be growing. Reads are short, so that they hold no writer up.

    Raises (on construction):
        JournalMissingError: no such file.
        JournalDamagedError: not a journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = connect_reader(path)
        try:
            if not self._has_begun():
                raise JournalDamagedError(f"{path}: not a journal, or damaged: it has no events")
            self.meta = meta(self._connection)
        except BaseException as error:
            self._connection.close()
            if isinstance(error, SQLITE_ERRORS):
                raise not_a_journal(path, error) from error
            raise

    def _has_begun(self) -> bool:
        """Whether the journal's tables are there: a file without any may be one that another process begins right now."""
        end = time.monotonic() + BEGINNING_SECONDS
        while not has_schema(self._connection):
            if has_tables(self._connection) or time.monotonic() > end:
                return False
            time.sleep(BEGINNING_SECONDS / 100)
        return True

    def _rows(self, where: str = "", parameters: Sequence[Any] = ()) -> Iterator[Row]:
        try:
            cursor = self._connection.execute(f"SELECT {COLUMNS} FROM events {where}", parameters)  # noqa: S608
            for row in cursor:  # noqa: UP028 - `yield from` would close the cursor of a closed journal too
                yield row
        except SQLITE_ERRORS as error:
            raise not_a_journal(self.path, error) from error

    def _walk(self) -> Iterator[Row]:
        """All rows in order of seq, in pages: one long read would keep the write-ahead log growing meanwhile."""
        where = ""
        parameters: tuple[int, ...] = (PAGE,)
        while True:
            page, damage = self._page(f"{where} ORDER BY seq LIMIT ?", parameters)
            yield from page
            if damage is not None:
                raise damage
            if len(page) < PAGE:
                return
            where, parameters = "WHERE seq > ?", (page[-1][0], PAGE)

    def _page(self, where: str, parameters: Sequence[Any]) -> tuple[list[Row], JournalDamagedError | None]:
        """Rows, and what kept more of them from being read; a page that cannot be read at once is read row by row."""
        try:
            found = self._connection.execute(f"SELECT {COLUMNS} FROM events {where}", parameters)  # noqa: S608
            return found.fetchall(), None
        except SQLITE_ERRORS:
            page: list[Row] = []
        with self._undecoded():
            try:
                for row in self._rows(where, parameters):
                    page.append(row)  # noqa: PERF402 - what was read before an error counts
            except JournalDamagedError as error:
                return page, error
        return page, None

    def head(self) -> Head:
        """The newest row."""
        for row in self._rows("ORDER BY seq DESC LIMIT 1"):
            return Head(self.meta.get("journal_id", ""), row[0], row[9], row[1])
        raise JournalDamagedError(f"{self.path}: not a journal, or damaged: it has no events")

    def events(self, after: int = 0, limit: int = -1) -> list[Event]:
        """The events after a seq, oldest first, at most `limit` of them (-1: all)."""
        return self._events("WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))

    def _events(self, where: str, parameters: Sequence[Any]) -> list[Event]:
        try:
            found = self._connection.execute(f"SELECT {COLUMNS} FROM events {where}", parameters).fetchall()  # noqa: S608
        except SQLITE_ERRORS as error:
            raise not_a_journal(self.path, error) from error
        return [_event(row, self.path) for row in found]

    def about(self, operation: str, first: int, last: int) -> list[Event]:
        """The events about one operation among the rows from `first` to `last`, oldest first."""
        where = "WHERE seq BETWEEN ? AND ? AND operation = ? ORDER BY seq"
        return [_event(row, self.path) for row in self._rows(where, (first, last, operation))]

    def last_of(self, kind: str) -> Event | None:
        """The newest event of a kind, None when there is none."""
        for row in self._rows("WHERE kind = ? ORDER BY seq DESC LIMIT 1", (kind,)):
            return _event(row, self.path)
        return None

    def hash_of(self, seq: int) -> str | None:
        """The hash of a row as it stands there, None when there is no such row."""
        for row in self._rows("WHERE seq = ?", (seq,)):
            return row[9]
        return None

    def newest(
        self, limit: int, *, operation: str | None = None, kind: str | None = None, run: str | None = None
    ) -> list[Event]:
        """The newest events that fit, oldest first; `kind` may be a family such as `step`."""
        conditions: list[str] = []
        parameters: list[Any] = []
        for column, value in (("operation", operation), ("run", run)):
            if value is not None:
                conditions.append(f"{column} = ?")
                parameters.append(value)
        if kind is not None:
            conditions.append("(kind = ? OR substr(kind, 1, length(?) + 1) = ? || '.')")
            parameters += [kind, kind, kind]
        from sqlite_utils import Database

        table = Database(self._connection).table("events")
        where = " AND ".join(conditions) or None
        try:
            found = list(table.rows_where(where, parameters, order_by="seq DESC", limit=limit))
        except SQLITE_ERRORS as error:
            raise not_a_journal(self.path, error) from error
        return [_event(tuple(row.values()), self.path) for row in reversed(found)]

    def verify(
        self,
        expected: ExpectedHead | None = None,
        trust: Trust | None = None,
        seen: Callable[[int], None] = lambda _rows: None,
        processes: int = 1,
    ) -> ChainReport:
        """Walk the whole chain, against heads and keys kept elsewhere where there are any; `seen` hears of every page.

        With more than one process a long chain is cut into pieces. What does not surely hold then is walked once more as a
        whole, so that the report is the same.
        """
        together = self._verify_together((trust or Trust()).and_head(expected), processes, seen)
        if together is not None:
            return self._opening_fits(together)
        read = 0

        def rows() -> Iterator[Row]:
            nonlocal read
            for row in self._walk():
                yield row
                read += 1
                if read % PAGE == 0:
                    seen(read)

        try:
            report = chain.verify_chain(rows(), expected, trust=trust, find=self._find)
        except JournalDamagedError as error:
            return ChainReport(
                False,
                read,
                read + 1,
                f"cannot be read: {error.__cause__}",
                Flaw.CHANGED,
                (read + 1, read + 1),
            )
        return self._opening_fits(report) if report.ok else report

    def _verify_together(
        self, trust: Trust, processes: int, seen: Callable[[int], None]
    ) -> ChainReport | None:
        """A sound chain's report, while other processes look at its rows; None where that is not worth it, or not sure."""
        last = self.head().seq if processes > 1 else 0
        if last < WORTH_SHARING:
            return None
        watch = SealWatch(trust)
        with Pieces(self.path, last, processes) as pieces:
            try:
                sealed = self._watched(watch, last, seen)
            except (*SQLITE_ERRORS, JournalDamagedError, ValueError, TypeError, RecursionError):
                return None
            prev = pieces.joined() if sealed else None
        if prev is None:
            return None
        rest = chain.verify_chain(
            self._rows("WHERE seq > ? ORDER BY seq", (last,)), begun=Begun(watch, prev, last)
        )
        return rest if rest.ok else None

    def _watched(self, watch: SealWatch, last: int, seen: Callable[[int], None]) -> bool:
        """Whether the heads hold, by the rows that say something of them; all rows are looked at elsewhere."""
        seq = 0
        while (row := self._connection.execute(_OF_HEADS, (seq, last, *watch.quiet)).fetchone()) is not None:
            if watch.see(row) is not None:
                return False
            seq = row[0]
            seen(seq)
        return True

    def _find(self, hash_hex: str) -> int | None:
        """The first row that has a hash; None also when the file cannot be read that far."""
        try:
            (seq,) = self._connection.execute(
                "SELECT min(seq) FROM events WHERE hash = ?", (hash_hex,)
            ).fetchone()
        except (*SQLITE_ERRORS, UnicodeEncodeError):
            return None
        return int(seq) if seq is not None else None

    def newest_head(self) -> SignedHead | None:
        """The newest signed head in the chain, as it stands there: whether it is genuine, `verify` tells."""
        for row in self._rows("WHERE kind = ? ORDER BY seq DESC LIMIT 1", (Kind.JOURNAL_HEAD.value,)):
            return read_head(_event(row, self.path).data)
        return None

    @contextmanager
    def _undecoded(self) -> Iterator[None]:
        """Lets text that is no UTF-8 through, so that the chain can name the row it stands in."""
        connection = self._connection
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        try:
            yield
        finally:
            connection.text_factory = str

    def _opening_fits(self, report: ChainReport) -> ChainReport:
        """`meta` stands outside the chain, so it must say what row 1 says."""
        opened = self.events(limit=1)
        if not opened:
            return ChainReport(False, 0, 1, "cut: row 1 is missing", Flaw.CUT, (1, 1))
        for key, value in opened[0].data.items():
            if self.meta.get(key) != str(value):
                problem = f"changed: `meta` has another {key} than row 1"
                return ChainReport(False, 0, 1, problem, Flaw.CHANGED, (1, 1))
        return report

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()


def _event(row: Row, path: Path) -> Event:
    try:
        data = decoded(row[7])
    except (ValueError, RecursionError) as error:
        raise unreadable(row[0], path) from error
    if not isinstance(data, dict):
        raise unreadable(row[0], path)
    return Event(*row[:7], data, *row[8:])
