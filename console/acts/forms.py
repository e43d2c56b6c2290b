"""A question with fields as data: what it says, what is to be typed, and what is done with it. Drawn on screens, spoken in lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.exit_codes import CommandError
from operations.plan.errors import PlanError
from screens.entry import Entry, Given
from screens.ports import DeskError
from state.errors import JournalError

REFUSALS = (DeskError, CommandError, PlanError, JournalError, OSError)
"""What may go wrong outside and is told in a line; everything else is a bug and shows as one."""


@dataclass(frozen=True, slots=True)
class Form:
    """One question.

    Attributes:
        title: what would be done.
        texts: what decides it, a paragraph each.
        verb: what yes does, such as `sign`.
        send: does it with what was typed, and says in one line that it is done. Blocks; a refusal is an error of one line.
        entries: what is to be typed.
        head: what it is about, before the paragraphs; empty for nothing.
    """

    title: str
    texts: tuple[str, ...]
    verb: str
    send: Callable[[Given], str]
    entries: tuple[Entry, ...] = ()
    head: str = ""
