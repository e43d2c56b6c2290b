"""What can be wrong with a journal, said in one line."""

from __future__ import annotations

from pathlib import Path

MALFORMED = (KeyError, TypeError, ValueError, AttributeError)
"""What a fold meets in a row whose data is JSON, but not that of its kind: only a changed journal has such rows."""


class JournalError(Exception):
    """A journal that cannot be used as asked."""


class JournalUnwritableError(JournalError):
    """The journal cannot be written: nothing may be done that could not be written down."""


class JournalDamagedError(JournalError):
    """The file is not a journal, or is damaged."""


class JournalMissingError(JournalError):
    """There is no journal at that path."""


class LeaseHeldError(JournalError):
    """Another runner has this journal."""


class LeaseLostError(JournalError):
    """This runner no longer has its journal to itself: nothing more may leave."""


def unreadable(seq: int, path: Path | None = None) -> JournalDamagedError:
    """The error for a row whose content is not what its kind says."""
    where = f"{path}: " if path else ""
    return JournalDamagedError(
        f"{where}row {seq} of the journal cannot be read; see `cutover journal verify`"
    )
