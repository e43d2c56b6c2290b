"""Mends a terminal that a program left in disorder: full-screen mode, mouse, keys, cursor, and the line's own modes."""

from __future__ import annotations

import os
import sys
import termios
from contextlib import suppress
from typing import Any

Attributes = list[Any]
"""What `termios.tcgetattr` returns."""

SEQUENCES = (
    "\x1b[?2026l"  # drawing is not held back
    "\x1b[?2004l"  # a paste is typed plainly
    "\x1b[?2048l\x1b[?1004l"  # no reports of size and focus
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # no reports of the mouse
    "\x1b[<99u"  # kitty's keys, which each screen keeps for itself
    "\x1b[?1049l"  # the main screen
    "\x1b[<99u"
    "\x1b[?1l\x1b>"  # cursor keys and keypad as after a reset
    "\x1b[?7h"  # long lines go on in the next one
    "\x1b(B\x0f"  # ASCII
    "\x1b[0m"  # no colours
    "\x1b[?25h"  # the cursor is seen
)
"""Sources: xterm's ctlseqs, the kitty keyboard protocol, and what Textual's Linux driver turns on."""

_INPUT_ON = termios.BRKINT | termios.ICRNL | termios.IMAXBEL | termios.IXON
_INPUT_OFF = termios.IGNBRK | termios.INLCR | termios.IGNCR | termios.IXOFF | termios.IXANY
_LOCAL_ON = (
    termios.ISIG
    | termios.ICANON
    | termios.IEXTEN
    | termios.ECHO
    | termios.ECHOE
    | termios.ECHOK
    | termios.ECHOCTL
    | termios.ECHOKE
)
_LOCAL_OFF = termios.ECHONL | termios.NOFLSH | termios.TOSTOP
_KEYS = {
    termios.VINTR: b"\x03",
    termios.VQUIT: b"\x1c",
    termios.VERASE: b"\x7f",
    termios.VKILL: b"\x15",
    termios.VEOF: b"\x04",
    termios.VSTART: b"\x11",
    termios.VSTOP: b"\x13",
    termios.VSUSP: b"\x1a",
}


def attributes() -> Attributes | None:
    """The modes of the terminal on standard input, None where there is none."""
    with suppress(termios.error, OSError, ValueError):
        return termios.tcgetattr(sys.__stdin__ or 0)
    return None


def sane(attributes: Attributes) -> Attributes:
    """The modes as `stty sane` sets them; the speed and UTF-8 stay as they are."""
    inputs, outputs, control, local, ispeed, ospeed, characters = attributes
    keys = list(characters)
    for place, key in _KEYS.items():
        keys[place] = key
    return [
        inputs & ~_INPUT_OFF | _INPUT_ON,
        outputs | termios.OPOST | termios.ONLCR,
        control | termios.CREAD,
        local & ~_LOCAL_OFF | _LOCAL_ON,
        ispeed,
        ospeed,
        keys,
    ]


def mend(wanted: Attributes | None = None) -> bool:
    """Mend the controlling terminal; False when there is none. Never waits for a terminal that does not read.

    Args:
        wanted: the modes to go back to; sane ones when it is not known what they were.
    """
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        with suppress(OSError):  # it may have hung up, or not read; its modes are mended all the same
            os.write(descriptor, SEQUENCES.encode())
        with suppress(termios.error):
            modes = sane(termios.tcgetattr(descriptor)) if wanted is None else wanted
            termios.tcsetattr(descriptor, termios.TCSANOW, modes)
    finally:
        os.close(descriptor)
    return True
