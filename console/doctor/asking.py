"""Asks the terminal what it can do, and waits a moment for its answers; nothing of them is left for the shell to read."""

from __future__ import annotations

import os
import re
import select
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass

ANSWER_SECONDS = 1.5
"""How long an answer may take over a far link; every terminal answers the last question, so most take milliseconds."""
QUESTION = b"\x1b[?2026$p\x1b[c"
"""DECRQM for synchronised output, then DA1, which all terminals answer: it marks the end (xterm's ctlseqs)."""
_SYNC = re.compile(rb"\x1b\[\?2026;(\d)\$y")
_ATTRIBUTES = re.compile(rb"\x1b\[\?([\d;]*)c")
MOST = 4096
CLIPBOARD = 52
"""The primary attribute with which newer terminals say that OSC 52 may write their clipboard."""


@dataclass(frozen=True, slots=True)
class Replies:
    """What a terminal answered.

    Attributes:
        answered: whether it answered at all.
        sync: whether it knows synchronised output (mode 2026); None when it did not say.
        clipboard: whether it says that it takes OSC 52; None when it does not say.
    """

    answered: bool = False
    sync: bool | None = None
    clipboard: bool | None = None


def ask_terminal(monotonic: Callable[[], float] = time.monotonic) -> Replies:
    """Ask the controlling terminal; no answers when there is none, or when this is not its foreground program."""
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return Replies()
    try:
        if os.tcgetpgrp(descriptor) != os.getpgrp():
            return Replies()
        return parse(_exchange(descriptor, monotonic))
    except (OSError, termios.error):
        return Replies()
    finally:
        os.close(descriptor)


def _exchange(descriptor: int, monotonic: Callable[[], float]) -> bytes:
    before = termios.tcgetattr(descriptor)
    modes = termios.tcgetattr(descriptor)
    modes[3] &= ~(termios.ICANON | termios.ECHO)
    modes[6][termios.VMIN], modes[6][termios.VTIME] = 0, 0
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, modes)
    try:
        os.write(descriptor, QUESTION)
        return _answer(descriptor, monotonic)
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


def _answer(descriptor: int, monotonic: Callable[[], float]) -> bytes:
    end, read = monotonic() + ANSWER_SECONDS, b""
    while not _ATTRIBUTES.search(read) and len(read) < MOST:
        left = end - monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            break
        piece = os.read(descriptor, MOST)
        if not piece:
            break
        read += piece
    return read


def parse(answer: bytes) -> Replies:
    """What an answer says. A mode that is set or reset is known; 0 and 4 mean that it is not."""
    attributes = _ATTRIBUTES.search(answer)
    if attributes is None:
        return Replies()
    known = [int(each) for each in attributes[1].split(b";") if each]
    sync = _SYNC.search(answer)
    return Replies(
        True, sync[1] in (b"1", b"2", b"3") if sync else False, True if CLIPBOARD in known else None
    )
