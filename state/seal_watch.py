"""Watches signed heads while a chain is walked: those in the chain, and those that were kept elsewhere."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from state.chain_flaws import Finding, Flaw
from state.kinds import Kind
from state.run_events import HeadReason
from state.seal_cadence import RUN_ENDS, UNBOUNDED, Cadence, DueAfter, Quiet
from state.seals import SignedHead, read_head

if TYPE_CHECKING:
    from state.chain import Row

HEAD = Kind.JOURNAL_HEAD.value
NEVER_QUIET = RUN_ENDS | {HEAD}
"""Kinds of rows that say something of heads, wherever they stand."""


class KeptHead(Protocol):
    """A head from outside the file; `signed`: it was a signed one, so its event must follow its row."""

    @property
    def seq(self) -> int:
        """The row that it names."""
        ...

    @property
    def hash(self) -> str:
        """The hash that this row must have."""
        ...

    @property
    def signed(self) -> bool:
        """Whether it was a signed one."""
        ...


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known from outside the journal.

    Attributes:
        kept: heads that were kept elsewhere.
        keys: public keys (hex) of which the heads in the chain must be; none: those of the first head.
        pinned: whether the keys were given by somebody, so that a journal without any head is not believed.
        cadence: how often the journal's writers sign.
    """

    kept: Sequence[KeptHead] = ()
    keys: frozenset[str] = frozenset()
    pinned: bool = False
    cadence: Cadence = field(default_factory=Cadence)

    def and_head(self, head: KeptHead | None) -> Trust:
        """The same, and one more kept head."""
        return self if head is None else replace(self, kept=(*self.kept, head))


_NOTHING: Quiet = (0, "", "")
_WHY_DUE = {
    HeadReason.RUN_END: "a run ended in row {seq}",
    HeadReason.COUNT: "{many} rows up to row {seq} have none",
    HeadReason.TIME: "the time was over in row {seq}",
}


class SealWatch:
    """Sees every sound row in order and says when a head does not hold, or should be there and is not."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust
        self._kept = {head.seq: head for head in trust.kept}
        self._kept_seqs = sorted(self._kept)
        self._keys = set(trust.keys)
        self._journal_id: object = None
        self._due: DueAfter | None = None
        self._owed: Finding | None = None
        self._first_owed: Finding | None = None
        self._wrong: Finding | None = None
        self._headless: Finding | None = None
        self._must_be_head = False
        self.quiet: Quiet = _NOTHING
        """Rows before that one, written between those times, need not be seen unless they are of `NEVER_QUIET`."""
        self.proven = 0
        self.signed_through: int | None = None
        self.heads = 0
        self.key: str | None = None

    def see(self, row: Row) -> Finding | None:
        """Look at the next row; what is wrong with it as to heads, None when nothing is."""
        before, early, late = self.quiet
        if row[0] < before and early < row[1] < late and row[3] not in NEVER_QUIET:
            return None
        found = self._look(row)
        self.quiet = self._quiet_after(row[0])
        return found

    def _quiet_after(self, seq: int) -> Quiet:
        if self._wrong or self._headless or self._owed or self._must_be_head or self._due is None:
            return _NOTHING
        unsealed = self._first_owed is not None and not self.heads
        before, early, late = UNBOUNDED if unsealed else self._due.quiet
        following = bisect_right(self._kept_seqs, seq)
        return min([before, *self._kept_seqs[following : following + 1]]), early, late

    def _look(self, row: Row) -> Finding | None:
        if self._wrong is not None:
            return self._settled(row, self._wrong)
        if self._headless is not None:
            return self._headless
        if row[3] == HEAD:
            found = self._head(row)
            if found is not None:
                return found
        elif self._must_be_head:
            problem = (
                f"unsigned: the signed head of row {row[0] - 1}, which was kept elsewhere, does not follow it"
            )
            self._headless = Finding(Flaw.UNSIGNED, row[0], problem, (row[0], row[0]))
            return None
        elif self._owed is not None:
            self._headless = self._owed
            return None
        else:
            self._see_what_is_due(row)
        if self._kept:
            self._compare(row)
        return None

    def _settled(self, row: Row, wrong: Finding) -> Finding | None:
        """A row was not the kept one: the next head tells whether rows were put in, taken out or signed anew."""
        if row[3] != HEAD:
            return None
        found = self._head(row)
        if found is None or found.flaw not in (Flaw.RESEALED, Flaw.INSERTED, Flaw.GAP):
            return wrong
        if found.flaw is Flaw.RESEALED:
            problem = f"{wrong.problem}; row {found.seq} is {found.problem}"
            return replace(wrong, flaw=Flaw.RESEALED, problem=problem)
        return found

    def sooner(self, found: Finding) -> Finding:
        """A break in the chain, unless an earlier row was wrong already.

        A row that stands in place of a kept one or of a head may have been put in before it: the next row tells.
        """
        earlier = self._wrong or self._headless
        if earlier is None:
            return found
        low, high = found.suspect or (0, 0)
        return found if found.flaw is Flaw.INSERTED and low <= earlier.seq <= high else earlier

    def finish(self, count: int) -> Finding | None:
        """What is missing behind the last row."""
        if self._wrong is not None or self._headless is not None:
            return self._wrong or self._headless
        beyond = max(self._kept, default=0)
        if beyond > count or self._must_be_head:
            return Finding(
                Flaw.CUT,
                count + 1,
                f"cut: the kept head names row {beyond}",
                (count + 1, max(beyond, count + 1)),
            )
        if self._owed is not None:
            return self._owed
        if self._trust.pinned and not self.heads and self._first_owed is not None:
            return replace(
                self._first_owed, flaw=Flaw.UNSIGNED, problem="unsigned: there is no signed head at all"
            )
        return None

    def _see_what_is_due(self, row: Row) -> None:
        if self._due is None:
            self._begin(row)
            return
        if not self.heads and self._first_owed is not None:
            return
        reason = self._due.reason(row[0], row[1], row[2], row[3])
        if reason is None:
            return
        why = _WHY_DUE[reason].format(seq=row[0], many=self._trust.cadence.events)
        owed = Finding(
            Flaw.STALE, row[0] + 1, f"stale head: {why} and no head follows", (row[0] + 1, row[0] + 1)
        )
        self._first_owed = self._first_owed or owed
        if self.heads:
            self._owed = owed

    def _begin(self, row: Row) -> None:
        """Row 1: until the first head the cadence counts from here, though a journal without heads may be old."""
        self._journal_id = _data(row).get("journal_id")
        try:
            self._due = DueAfter(0, row[1], self._trust.cadence)
        except ValueError:
            self._due = DueAfter(0, "1970-01-01T00:00:00.000000Z", self._trust.cadence)

    def _compare(self, row: Row) -> None:
        kept = self._kept.get(row[0])
        self._must_be_head = False
        if kept is None:
            return
        if kept.hash != row[9]:
            problem = "rewritten: not the row that the kept head names"
            self._wrong = Finding(Flaw.REWRITTEN, row[0], problem, (self.proven + 1, row[0]))
            return
        self._must_be_head = kept.signed
        self.proven = row[0]

    def _head(self, row: Row) -> Finding | None:
        head = read_head(_data(row))
        if head is None or not _is_time(row[1]):
            return _forged(row, "it has not the form of one")
        found = self._not_genuine(row, head) or self._does_not_sign(row, head)
        if found is not None:
            return found
        self.key = head.public_key
        self._keys = self._keys or {head.public_key}
        self.signed_through, self.heads = head.seq, self.heads + 1
        self._due, self._owed = DueAfter(row[0], row[1], self._trust.cadence), None
        if not self._kept:
            self.proven = head.seq
        return None

    def _not_genuine(self, row: Row, head: SignedHead) -> Finding | None:
        if not head.is_genuine():
            return _forged(row, "its signature is wrong")
        if head.journal_id != self._journal_id:
            return _forged(row, "it is of another journal")
        if self._keys and head.public_key not in self._keys:
            problem = f"resealed: it is signed with another key, {head.public_key[:16]}…"
            return Finding(Flaw.RESEALED, row[0], problem, (self.proven + 1, row[0]))
        return None

    def _does_not_sign(self, row: Row, head: SignedHead) -> Finding | None:
        """A genuine head of this journal that stands behind other rows than it was signed for."""
        before, last = row[0] - 1, self._due.seq if self._due else 0
        span = (self.proven + 1, before)
        if head.seq < before:
            many = before - head.seq
            return Finding(Flaw.INSERTED, row[0], f"inserted: {many} rows were put in before this head", span)
        if head.seq > before:
            many = head.seq - before
            return Finding(Flaw.GAP, row[0], f"gap: {many} rows before this head are gone", span)
        if head.hash != row[8]:
            problem = f"rewritten: not the row that the signed head in row {row[0]} names"
            return Finding(Flaw.REWRITTEN, before, problem, span)
        if head.previous != (last or None):
            problem = f"unsigned: the head before it, in row {head.previous}, is not there"
            return Finding(Flaw.UNSIGNED, row[0], problem, span)
        return None


def _forged(row: Row, why: str) -> Finding:
    return Finding(Flaw.FORGED, row[0], f"forged head: {why}", (row[0], row[0]))


def _is_time(at: str) -> bool:
    try:
        DueAfter(0, at, Cadence())
    except ValueError:
        return False
    return True


def _data(row: Row) -> dict[str, Any]:
    data = json.loads(row[7])
    return data if isinstance(data, dict) else {}
