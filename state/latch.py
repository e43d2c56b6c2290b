"""What a journal still takes after the disk has failed it: everything, what ends the work in flight, or nothing."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from state.errors import JournalUnwritableError
from state.kinds import Kind
from state.reserve import Reserve

CLOSING = frozenset(
    {
        Kind.STEP_OUTCOME,
        Kind.OPERATION_SUCCEEDED,
        Kind.OPERATION_FAILED,
        Kind.OPERATION_IN_DOUBT,
        Kind.OPERATION_HELD,
        Kind.OPERATION_ROLLED_BACK,
        Kind.RUN_FINISHED,
        Kind.RUN_INTERRUPTED,
        Kind.LEASE_RELEASED,
        Kind.LEASE_LOST,
        Kind.JOURNAL_HEAD,
    }
)
"""Events that end what is in flight: they may be written from the reserve. Nothing is sent to AWS because of one."""


class Takes(Enum):
    """Which events a journal takes."""

    EVERYTHING = "everything"
    CLOSING = "closing"
    NOTHING = "nothing"


class Trouble(Enum):
    """What an error of SQLite means for the writer."""

    BUSY = "busy"
    FULL = "full"
    BROKEN = "broken"


_BY_CODE = {5: Trouble.BUSY, 6: Trouble.BUSY, 13: Trouble.FULL}
"""SQLite's primary result codes (sqlite.org/rescode.html); what is not named here is BROKEN."""
_ADVICE = {
    Trouble.BUSY: "another program has it; try again",
    Trouble.FULL: "free some room, then `cutover resume`",
    Trouble.BROKEN: "see that the disk is sound, then `cutover resume`",
}


def trouble(error: Exception) -> Trouble:
    """What an error means; one without a code is taken for the worst."""
    return _BY_CODE.get(getattr(error, "sqlite_errorcode", -1) & 0xFF, Trouble.BROKEN)


class Latch:
    """Falls at the first error of the disk and never rises again in this process.

    After a failed sync the kernel counts the lost pages as written (Rebello and others, USENIX ATC 2020): SQLite's
    next commit would succeed on top of a hole. A fresh `Journal` reads the file anew and walks its chain first.
    """

    def __init__(self, path: Path, reserve: Reserve) -> None:
        self._path = path
        self._reserve = reserve
        self._why = ""
        self.takes = Takes.EVERYTHING

    def require(self, kind: Kind) -> None:
        """Refuse an event that may no longer be written.

        Raises:
            JournalUnwritableError: the latch has fallen.
        """
        if self.takes is Takes.NOTHING or (self.takes is Takes.CLOSING and kind not in CLOSING):
            raise JournalUnwritableError(self._why)

    def require_open(self) -> None:
        """Refuse to send anything.

        Raises:
            JournalUnwritableError: the latch has fallen, if only for new work.
        """
        if self.takes is not Takes.EVERYTHING:
            raise JournalUnwritableError(self._why)

    def fall(self, error: Exception) -> bool:
        """Note an error; whether room was given up for it, so that a closing event may be tried once more."""
        found = trouble(error)
        if found is Trouble.BUSY:
            return False
        self._why = self._why or self.line(error)
        if found is Trouble.FULL and self.takes is Takes.EVERYTHING:
            self.takes = Takes.CLOSING
            self._reserve.give_up()
            return True
        self.takes = Takes.NOTHING
        return False

    def close_down(self, why: str) -> None:
        """Take nothing but closing events from here on, whatever the disk says."""
        if self.takes is Takes.EVERYTHING:
            self.takes, self._why = Takes.CLOSING, why

    def line(self, error: Exception) -> str:
        """The error in one line, with what to do."""
        advice = _ADVICE[trouble(error)]
        return f"{self._path}: the journal cannot be written: {error}; nothing more was sent; {advice}"
