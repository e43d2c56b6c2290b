"""The journal: the one door through which events are written, and the reader that follows them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from state import chain
from state.chain import Row
from state.database import (
    APPLICATION_ID,
    SCHEMA,
    SCHEMA_VERSION,
    SQLITE_ERRORS,
    Connection,
    connect_writer,
    has_schema,
    meta,
    opening_error,
)
from state.errors import JournalError, JournalUnwritableError
from state.events import Event, Payload
from state.fence import Fence
from state.kinds import Kind
from state.latch import CLOSING, Latch
from state.reserve import FileReserve, Reserve
from state.run_events import JournalOpened
from state.sealer import Sealer, SealParts
from state.storable import storable
from state.tail import COLUMNS, require_sound_tail

Clock = Callable[[], datetime]
Connect = Callable[[Path], Connection]
CHECKPOINT_EVERY = 250
"""Appends between checkpoints: the write-ahead log stays at some 4 MB, a checkpoint at some milliseconds."""


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

    After an error of the disk it takes nothing more (see `state.latch`); after a full disk only what ends the work in
    flight, for which room is kept back. `connect` and `reserve` are the disk; tests put another in their place.

    Raises (on construction):
        JournalUnwritableError: the file cannot be written, or there is no room for the reserve.
        JournalDamagedError: the file is not a journal, or its newest rows do not fit their chain.
        JournalError: the journal belongs to another plan.
    """

    def __init__(
        self,
        path: Path,
        plan: PlanIdentity,
        *,
        clock: Clock,
        new_id: Callable[[], str],
        actor: str,
        connect: Connect = connect_writer,
        reserve: Callable[[Path], Reserve] = FileReserve,
        checkpoint_every: int = CHECKPOINT_EVERY,
        seal: SealParts | None = None,
    ) -> None:
        self.path = path
        self._clock = clock
        self._actor = storable(actor)
        self._checkpoint_every = self._until_checkpoint = checkpoint_every
        self._fence: Fence | None = None
        self._connection = connect(path)
        self._reserve = reserve(path)
        self._latch = Latch(path, self._reserve)
        try:
            self.journal_id = self._open(plan, new_id)
            self._sealer = Sealer(self.journal_id, seal) if seal else None
        except BaseException as error:
            self.close()
            if isinstance(error, SQLITE_ERRORS):
                raise opening_error(path, error) from error
            raise

    def _open(self, plan: PlanIdentity, new_id: Callable[[], str]) -> str:
        plan = PlanIdentity(storable(plan.plan), storable(plan.digest))
        if not has_schema(self._connection):
            self._create(plan, storable(new_id()))
        known = meta(self._connection)
        if known.get("plan") != plan.plan:
            raise JournalError(
                f"{self.path}: this journal is of the plan `{known.get('plan')}`; give another with --journal FILE"
            )
        require_sound_tail(self.path, self._connection)
        try:
            self._reserve.take()
        except OSError as error:
            raise JournalUnwritableError(
                f"{self.path}: no room is left for the journal: {error.strerror}; free some, or give another"
                " with --journal FILE"
            ) from error
        return known.get("journal_id", "")

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

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """`BEGIN IMMEDIATE` to `COMMIT`: the newest row that is read inside is the newest row."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                with suppress(*SQLITE_ERRORS):
                    self._connection.execute("ROLLBACK")
            raise

    def append(
        self,
        payload: Payload,
        *,
        run: str | None = None,
        operation: str | None = None,
        identity: str | None = None,
    ) -> Event:
        """Write one event; when this returns, it is on the disk. Text that cannot be stored is made to fit.

        On a full disk an event of `state.latch.CLOSING` is written into the room that was kept back; any other is
        refused, and so is everything after any other error of the disk.

        Raises:
            JournalUnwritableError: it could not be written, and nobody may rely on it.
            LeaseLostError: this process wrote `lease.taken`, and another one has since: see `state.fence`.
        """
        self._latch.require(payload.kind)
        closing = payload.kind in CLOSING
        try:
            if not closing:
                self._checkpoint_when_due()
            return self._commit(payload, run, operation, identity)
        except SQLITE_ERRORS as error:
            if not (self._latch.fall(error) and closing):
                raise JournalUnwritableError(self._latch.line(error)) from error
        try:
            return self._commit(payload, run, operation, identity)
        except SQLITE_ERRORS as error:
            self._latch.fall(error)
            raise JournalUnwritableError(self._latch.line(error)) from error

    def _commit(
        self, payload: Payload, run: str | None, operation: str | None, identity: str | None
    ) -> Event:
        with self._transaction():
            if self._fence:
                self._fence.require(payload.kind, self._connection)
            event = self._insert(payload, run, operation, identity)
            due = self._sealer.after(event, self._connection) if self._sealer else None
            head = self._insert(due, run, None, identity) if due else None
        self._until_checkpoint -= 1
        self._stand_behind(payload.kind, event.seq)
        if self._sealer and head:
            self._sealer.written(head)
        return event

    def _stand_behind(self, kind: Kind, seq: int) -> None:
        if kind is Kind.LEASE_TAKEN:
            self._fence = Fence(self.path, seq)
        elif kind is Kind.LEASE_RELEASED:
            self._fence = None
        elif self._fence:
            self._fence.written(kind, seq)

    def seal_when_due(self, run: str | None = None) -> Event | None:
        """Sign a head when one is due by time although nothing happens; None when none is.

        Raises:
            JournalUnwritableError: it could not be written.
        """
        if self._sealer is None:
            return None
        self._latch.require(Kind.JOURNAL_HEAD)
        try:
            with self._transaction():
                due = self._sealer.idle(timestamp(self._clock()), self._connection)
                head = self._insert(due, run, None, None) if due else None
        except SQLITE_ERRORS as error:
            self._latch.fall(error)
            raise JournalUnwritableError(self._latch.line(error)) from error
        if head:
            self._sealer.written(head)
        return head

    def _checkpoint_when_due(self) -> None:
        """Move the write-ahead log into the file, as far as readers allow; an error of the disk is raised."""
        if self._until_checkpoint <= 0:
            self._until_checkpoint = self._checkpoint_every
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def require_open(self) -> None:
        """Ask before anything is sent to AWS: whether its intent and outcome could be written.

        Raises:
            JournalUnwritableError: an earlier append could not be; nothing more may be sent.
        """
        self._latch.require_open()

    def close_down(self, why: str) -> None:
        """Take only events that end what is in flight, from here on."""
        self._latch.close_down(why)

    def _insert(
        self, payload: Payload, run: str | None, operation: str | None, identity: str | None
    ) -> Event:
        newest = self._connection.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        seq, prev = (newest[0] + 1, newest[1]) if newest else (1, chain.GENESIS)
        run, operation, identity = storable(run), storable(operation), storable(identity)
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
        self._reserve.give_up()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()
