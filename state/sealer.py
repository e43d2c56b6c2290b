"""Signs heads into a journal as they fall due, and hands them to the anchors outside the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from state.anchors import Anchor, AnchorError
from state.events import Event
from state.kinds import Kind
from state.run_events import HeadReason, JournalHead
from state.seal_cadence import Cadence, DueAfter
from state.seal_keys import SealKeyError, Signer
from state.seals import SignedHead, read_head, sealed

Say = Callable[[str], None]
_NEWEST_HEAD = (
    f"SELECT seq, at FROM events WHERE kind = '{Kind.JOURNAL_HEAD}' AND seq > ? ORDER BY seq DESC LIMIT 1"  # noqa: S608
)


_NEWEST_ROW = "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1"


def _no_anchors(_: str) -> Sequence[Anchor]:
    return ()


def _silence(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class SealParts:
    """What sealing needs from outside: the key (loaded when first needed), a journal's anchors, a place to complain."""

    signer: Callable[[], Signer]
    anchors: Callable[[str], Sequence[Anchor]] = _no_anchors
    cadence: Cadence = field(default_factory=Cadence)
    say: Say = _silence


class Sealer:
    """Seals one journal for one process. Other processes may seal it too: what is due is read from the file.

    A key that cannot be used and an anchor that cannot be reached stop nothing: they are complained about once, an
    anchor that lags behind is named in the next head, and a journal without heads is one that does not verify.
    """

    def __init__(self, journal_id: str, parts: SealParts) -> None:
        self._journal_id = journal_id
        self._parts = parts
        self._anchors = parts.anchors(journal_id)
        self._signer: Signer | None = None
        self._broken = False
        self._due: DueAfter | None = None
        self._read_to = 0
        self._behind: dict[str, str] = {}

    def after(self, row: Event, connection: Any) -> JournalHead | None:
        """The head that must follow a row just inserted; to be asked inside the same transaction.

        Args:
            row: the newest row of the journal.
            connection: the journal's, to see what other processes have sealed.
        """
        due = self._due_after(row.seq, connection)
        self._read_to = row.seq
        reason = due.reason(row.seq, row.at, row.run, row.kind)
        return self._head(row.seq, row.hash, row.at, due, reason) if reason else None

    def idle(self, now: str, connection: Any) -> JournalHead | None:
        """The head that is due although nothing happens; to be asked inside a transaction.

        Args:
            now: the time, as events carry it.
            connection: the journal's.
        """
        seq, hash_hex = connection.execute(_NEWEST_ROW).fetchone()
        due = self._due_after(seq + 1, connection)
        return self._head(seq, hash_hex, now, due, HeadReason.TIME) if due.past(now) else None

    def written(self, head: Event) -> None:
        """Hand a head that is in the file to the anchors; to be told when its transaction is over."""
        self._due = DueAfter(head.seq, head.at, self._parts.cadence)
        self._read_to = head.seq
        kept = read_head(head.data)
        if kept is None:
            return
        for anchor in self._anchors:
            try:
                anchor.keep(kept)
            except AnchorError as error:
                self._lagging(anchor.name, str(error))
            else:
                self._behind.pop(anchor.name, None)

    def _lagging(self, name: str, why: str) -> None:
        if self._behind.get(name) != why:
            self._behind[name] = why
            self._parts.say(f"anchor {name}: {why}; the run goes on")

    def _due_after(self, seq: int, connection: Any) -> DueAfter:
        """What the newest head in the file, or else the journal's opening, makes due at row `seq`."""
        due = self._due
        if due is not None and self._read_to == seq - 1:
            return due
        found = connection.execute(_NEWEST_HEAD, (due.seq if due else 0,)).fetchone()
        if found is not None:
            due = DueAfter(found[0], found[1], self._parts.cadence)
        elif due is None:
            (at,) = connection.execute("SELECT at FROM events WHERE seq = 1").fetchone()
            due = DueAfter(0, at, self._parts.cadence)
        self._due = due
        return due

    def _head(
        self, seq: int, hash_hex: str, at: str, due: DueAfter, reason: HeadReason
    ) -> JournalHead | None:
        signer = self._ready()
        if signer is None:
            return None
        head = SignedHead(self._journal_id, seq, hash_hex, due.seq or None, at, signer.public_key, "")
        lagging = {*self._behind, *(anchor.name for anchor in self._anchors if anchor.lags)}
        return sealed(head, signer.sign, reason, tuple(sorted(lagging)))

    def _ready(self) -> Signer | None:
        if self._signer is None and not self._broken:
            try:
                self._signer = self._parts.signer()
            except SealKeyError as error:
                self._broken = True
                self._parts.say(str(error))
        return self._signer
