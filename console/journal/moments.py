"""Moments of the journal that a console shows: the row that somebody types, and what may not be asked for in the past."""

from __future__ import annotations

from datetime import datetime, tzinfo

from screens.review_port import Past

NO_PAST = "no journal to go back in"
WHICH = "which moment? :at 01:31:44Z, :at #1842, :at -5m"
SAFE = frozenset({"disarm", "quit"})
"""What may be asked for at any moment."""
_WRITING = ("take", "make", "attest", "sign", "waive", "handover", "accept")
ACTING = frozenset({"arm", "note", "login", "inject", "clear-faults", *_WRITING})
"""What acts without changing the account, by action id."""


def refusal(past: Past | None, action_id: str, when: str | None, *, mutates: bool) -> str | None:
    """Why a command cannot be carried out at a moment, None when it can.

    Args:
        past: the journal's past, None where there is none.
        action_id: the command's.
        when: the moment that is shown, in words; None while it is now.
        mutates: whether the command asks for something that changes the account or a run.
    """
    if action_id in SAFE or not (mutates or action_id in ACTING):
        return None
    if when is not None:
        return f"reviewing {when}; :now to act"
    if past is not None and past.offline:
        return "this console reviews a journal; nothing can act"
    return None


def row_typed(past: Past, typed: str, shown: datetime, now: datetime, zone: tzinfo) -> int | None:
    """The row that a typed moment names, None for now.

    Args:
        past: the journal's past.
        typed: such as `01:31:44Z`, `#1842`, `-5m`; the last counts back from what is shown.
        shown: what time it is on the screens.
        now: what time it is.
        zone: of times that are typed without one.

    Raises:
        PastError: it names no moment, or the journal cannot be read.
    """
    newest = past.time_of(past.last()) or now
    return past.row_of(typed, shown if typed.strip().startswith("-") else newest, zone)
