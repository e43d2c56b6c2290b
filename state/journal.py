"""The journal: the one door through which events are written, and the reader that follows them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from state import chain
from state.chain import ChainReport, ExpectedHead, Row
from state.database import (
    APPLICATION_ID,
    SCHEMA,
    SCHEMA_VERSION,
    SQLITE_ERRORS,
    connect_reader,
    connect_writer,
    has_schema,
    meta,
    not_a_journal,
)
from state.errors import JournalDamagedError, JournalError, JournalUnwritableError, unreadable
from state.events import Event, JournalOpened, Payload
from state.storable import storable

Clock = Callable[[], datetime]
COLUMNS = "seq, at, run, kind, operation, actor, identity, data, prev, hash"


@dataclass(frozen=True, slots=True)
class PlanIdentity:
    """Which plan a journal is for: id and the digest of its content."""

    plan: str
    digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row of a journal: what a copy elsewhere must agree with."""

    journal_id: str
    seq: int
    hash: str
    at: str


def timestamp(now: datetime) -> str:
    """A time as events carry it: UTC, RFC 3339, microseconds, `Z`."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Journal:
    """Writes events. Every append is one durable transaction; several processes may append to one file.

    Raises (on construction):
        JournalUnwritableError: the file cannot be written.
        JournalDamagedError: the file is not a journal.
        JournalError: the journal belongs to another plan.
    """

    def __init__(
        self, path: Path, plan: PlanIdentity, *, clock: Clock, new_id: Callable[[], str], actor: str
    ) -> None:
        self.path = path
        self._clock = clock
        self._actor = storable(actor)
        self._database = connect_writer(path)
        self._connection = self._database.conn
        try:
            if not has_schema(self._database):
                self._create(plan, new_id())
            known = meta(self._database)
        except SQLITE_ERRORS as error:
            self.close()
            raise not_a_journal(path, error) from error
        self.journal_id = known.get("journal_id", "")
        if known.get("plan") != plan.plan:
            self.close()
            raise JournalError(
                f"{path}: this journal is of the plan `{known.get('plan')}`; give another with --journal FILE"
            )

    def _create(self, plan: PlanIdentity, journal_id: str) -> None:
        with self._transaction():
            if has_schema(self._database):
                return
            for statement in SCHEMA.split(";\n"):
                if statement.strip():
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            values = {
                "journal_id": journal_id,
                "schema_version": str(SCHEMA_VERSION),
                "plan": plan.plan,
                "digest": plan.digest,
            }
            self._connection.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", list(values.items()))
            opened = JournalOpened(
                journal_id=journal_id, schema_version=SCHEMA_VERSION, plan=plan.plan, digest=plan.digest
            )
            self._insert(opened, None, None, None)

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection, self.path)

    def append(
        self,
        payload: Payload,
        *,
        run: str | None = None,
        operation: str | None = None,
        identity: str | None = None,
    ) -> Event:
        """Write one event; when this returns, it is on the disk.

        Raises:
            JournalUnwritableError: it could not be written; nothing of it was.
        """
        with self._transaction():
            return self._insert(payload, run, operation, identity)

    def _insert(
        self, payload: Payload, run: str | None, operation: str | None, identity: str | None
    ) -> Event:
        newest = self._connection.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        seq, prev = (newest[0] + 1, newest[1]) if newest else (1, chain.GENESIS)
        text = chain.canonical(storable(payload.model_dump(mode="json")))
        at = timestamp(self._clock())
        row: Row = (seq, at, run, payload.kind.value, operation, self._actor, identity, text, prev, "")
        row = (*row[:9], chain.row_hash(row))
        self._connection.execute(f"INSERT INTO events ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)", row)  # noqa: S608
        return Event(
            seq, at, run, payload.kind.value, operation, self._actor, identity, json.loads(text), prev, row[9]
        )

    def last_plan_digest(self) -> str | None:
        """The digest of the plan that was loaded last, None when none was."""
        rows = self._database.query(
            "SELECT data FROM events WHERE kind IN ('plan.loaded', 'plan.amended') ORDER BY seq DESC LIMIT 1"
        )
        return next((json.loads(row["data"])["digest"] for row in rows), None)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()


class _Transaction:
    """`BEGIN IMMEDIATE` to `COMMIT`: the newest row that is read inside is the newest row."""

    def __init__(self, connection: Any, path: Path) -> None:
        self._connection = connection
        self._path = path

    def __enter__(self) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except SQLITE_ERRORS as error:
            raise self._unwritable(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        try:
            self._connection.execute("COMMIT" if error is None else "ROLLBACK")
        except SQLITE_ERRORS as problem:
            raise self._unwritable(problem) from problem
        if isinstance(error, SQLITE_ERRORS):
            raise self._unwritable(error) from error

    def _unwritable(self, error: Exception) -> JournalUnwritableError:
        return JournalUnwritableError(f"{self._path}: the journal cannot be written: {error}")


class JournalReader:
    """Reads a journal that may be growing. Reads are short, so that they hold no writer up.

    Raises (on construction):
        JournalMissingError: no such file.
        JournalDamagedError: not a journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = connect_reader(path)
        try:
            if not has_schema(self._database):
                raise JournalDamagedError(f"{path}: not a journal, or damaged: it has no events")
            self.meta = meta(self._database)
        except SQLITE_ERRORS as error:
            raise not_a_journal(path, error) from error

    def _rows(self, where: str = "", parameters: Sequence[Any] = ()) -> Iterator[Row]:
        try:
            cursor = self._database.conn.execute(f"SELECT {COLUMNS} FROM events {where}", parameters)  # noqa: S608
            for row in cursor:  # noqa: UP028 - `yield from` would close the cursor of a closed journal too
                yield row
        except SQLITE_ERRORS as error:
            raise not_a_journal(self.path, error) from error

    def head(self) -> Head:
        """The newest row."""
        for row in self._rows("ORDER BY seq DESC LIMIT 1"):
            return Head(self.meta.get("journal_id", ""), row[0], row[9], row[1])
        raise JournalDamagedError(f"{self.path}: not a journal, or damaged: it has no events")

    def events(self, after: int = 0, limit: int = -1) -> list[Event]:
        """The events after a seq, oldest first, at most `limit` of them (-1: all)."""
        return [
            _event(row, self.path) for row in self._rows("WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
        ]

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
            conditions.append("(kind = ? OR kind LIKE ? || '.%')")
            parameters += [kind, kind]
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        rows = self._rows(f"{where} ORDER BY seq DESC LIMIT ?", (*parameters, limit))
        return [_event(row, self.path) for row in rows][::-1]

    def verify(self, expected: ExpectedHead | None = None) -> ChainReport:
        """Walk the whole chain, against a head kept elsewhere where there is one."""
        read = 0

        def rows() -> Iterator[Row]:
            nonlocal read
            for row in self._rows("ORDER BY seq"):
                yield row
                read += 1

        with self._undecoded():
            try:
                report = chain.verify_chain(rows(), expected)
            except JournalDamagedError as error:
                return ChainReport(False, read, read + 1, f"cannot be read: {error.__cause__}")
        return self._opening_fits(report) if report.ok else report

    @contextmanager
    def _undecoded(self) -> Iterator[None]:
        """Lets text that is no UTF-8 through, so that the chain can name the row it stands in."""
        connection = self._database.conn
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        try:
            yield
        finally:
            connection.text_factory = str

    def _opening_fits(self, report: ChainReport) -> ChainReport:
        """`meta` stands outside the chain, so it must say what row 1 says."""
        opened = self.events(limit=1)
        if not opened:
            return ChainReport(False, 0, 1, "cut: row 1 is missing")
        for key, value in opened[0].data.items():
            if self.meta.get(key) != str(value):
                return ChainReport(False, 0, 1, f"changed: `meta` has another {key} than row 1")
        return report

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()


def _event(row: Row, path: Path) -> Event:
    try:
        data = json.loads(row[7])
    except (ValueError, RecursionError) as error:
        raise unreadable(row[0], path) from error
    if not isinstance(data, dict):
        raise unreadable(row[0], path)
    return Event(*row[:7], data, *row[8:])
