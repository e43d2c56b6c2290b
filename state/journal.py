"""The journal: the one door through which events are written, and the reader that follows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from state import chain
from state.chain import Row
from state.database import (
    APPLICATION_ID,
    SCHEMA,
    SCHEMA_VERSION,
    SQLITE_ERRORS,
    connect_writer,
    has_schema,
    meta,
    not_a_journal,
)
from state.errors import JournalError, JournalUnwritableError
from state.events import Event, Payload
from state.run_events import JournalOpened
from state.storable import storable

Clock = Callable[[], datetime]
COLUMNS = "seq, at, run, kind, operation, actor, identity, data, prev, hash"


@dataclass(frozen=True, slots=True)
class PlanIdentity:
    """Which plan a journal is for: id and the digest of its content."""

    plan: str
    digest: str


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
        self._connection = connect_writer(path)
        try:
            if not has_schema(self._connection):
                self._create(plan, new_id())
            known = meta(self._connection)
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
            if has_schema(self._connection):
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
        row = self._connection.execute(
            "SELECT data FROM events WHERE kind IN ('plan.loaded', 'plan.amended') ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        return json.loads(row[0])["digest"] if row else None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

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
