"""What the console has said in lines that go away by themselves, for those who looked elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from screens.lines import Line, Role, line, piece, wrapped
from screens.times import Zone, time_of_day

MOST = 100
"""Lines that are kept."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line, when it was said, and whether it told of something wrong."""

    at: datetime
    text: str
    error: bool


def said_lines(said: Sequence[Said], zone: Zone, width: int) -> list[Line]:
    """Everything that was said, the newest first, each with its time."""
    rows: list[Line] = []
    for each in reversed(said):
        head = f"{time_of_day(each.at, zone)}  "
        role = Role.ATTENTION if each.error else Role.PLAIN
        texts = wrapped(each.text, width - len(head), role)
        rows += [
            (piece(head if not at else " " * len(head), Role.MUTED), *text) for at, text in enumerate(texts)
        ]
    return rows or [line(piece("nothing was said yet", Role.MUTED))]
