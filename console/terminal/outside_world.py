"""What a console is told of the world outside its picture: clipboard, bell, folder for screenshots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

COPY_LIMIT = 74_994
"""Bytes: what fits into the 100,000 characters of one OSC 52 sequence that hterm takes; xterm takes more, others less."""


@dataclass(frozen=True, slots=True)
class OutsideWorld:
    """What the composition root knows of the world outside the picture; the defaults are for consoles over fakes.

    Attributes:
        environment: tells whether tmux is in between.
        copy_limit: bytes that are copied at most.
        rings: whether the bell is on.
        notifies: whether desktop notifications are on.
        pictures: folder of screenshots; None: none are made here.
        phrase: the spoken phrase of the journal's newest row, None while there is none. May read a file.
        send: writes a sequence to the terminal; None: through the console's own driver.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    copy_limit: int = COPY_LIMIT
    rings: bool = False
    notifies: bool = False
    pictures: Path | None = None
    phrase: Callable[[], str | None] = lambda: None
    send: Callable[[str], None] | None = None
