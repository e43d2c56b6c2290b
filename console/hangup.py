"""Leaves when the terminal does: a console that nobody can see must not go on drawing.

Textual handles neither SIGTERM nor SIGHUP, and where SIGHUP is ignored (under `nohup`, `sudo`) it spins on a closed terminal.
"""

from __future__ import annotations

import asyncio
import select
import signal
import sys
from collections.abc import Callable

LOOK_SECONDS = 1.0
"""How often it is asked whether the terminal is still there."""
CODES = {signal.SIGTERM: 143, signal.SIGHUP: 129}
"""128 and the signal's number, as shells count."""


def terminal_is_gone() -> bool:
    """Whether the other side of standard input has hung up."""
    poll = select.poll()
    poll.register(sys.__stdin__ or 0, 0)
    return any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0))


def on_signals(leave: Callable[[int], None]) -> None:
    """Have SIGTERM and SIGHUP ask the running loop's console to leave, with the code to end with."""
    loop = asyncio.get_running_loop()
    for number, code in CODES.items():
        loop.add_signal_handler(number, leave, code)
