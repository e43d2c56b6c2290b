"""What can be wrong with a journal, said in one line."""

from __future__ import annotations


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
