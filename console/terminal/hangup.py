"""Leaves when the terminal does: a console that nobody can see must not go on drawing.

Textual handles neither SIGTERM nor SIGHUP, and where SIGHUP is ignored (under `nohup`, `sudo`) it spins on a closed
terminal; once its writer has met the closed end, it waits for ever. So this watches from a thread of its own.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self

from console.terminal.curtain import modes_before, told_to_end
from console.terminal.mend import attributes, mend

LOOK_MILLISECONDS = 500
"""How long one look at the terminal waits; a hang-up ends the wait at once, so this only lets the thread end."""
HARD_SECONDS = {signal.SIGTERM: 1.5, signal.SIGHUP: 0.5, signal.SIGINT: 1.5}
"""How long an orderly end may take, so that no orphan is left after 2 s; where the terminal is gone, none is to mend."""
CODES = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130}
"""128 and the signal's number, as shells count."""


class Leaving:
    """Sees that a console ends when it is told to or its terminal is gone, in order if that works and hard if not.

    Use with `with`, in the main thread, around all that the console does.
    """

    def __init__(self) -> None:
        self.code: int | None = None
        self._modes = modes_before() or attributes()
        self._ask: Callable[[int], None] | None = None
        self._over = threading.Event()
        self._before: dict[signal.Signals, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        code = told_to_end()
        if code is not None:
            raise SystemExit(code)
        for number in CODES:
            self._before[number] = signal.signal(number, self._on_signal)
        atexit.register(self._at_last)
        threading.Thread(target=self._watch, name="hangup", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._over.set()
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if kind is not None and self._ask is not None:
            mend(self._modes)

    def asks(self, loop: asyncio.AbstractEventLoop, leave: Callable[[int], None]) -> None:
        """From now on ask a console's loop to leave, with the code to end with."""
        self._ask = lambda code: _call_in(loop, leave, code)
        if self.code is not None:
            self._ask(self.code)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.begin(signal.Signals(number))

    def begin(self, why: signal.Signals) -> None:
        """Begin to leave; asking again changes nothing."""
        if self.code is not None:
            return
        self.code = CODES[why]
        limit = HARD_SECONDS[why]
        threading.Thread(target=self._end_hard, args=(limit,), name="hangup-limit", daemon=True).start()
        if self._ask is not None:
            self._ask(self.code)

    def _end_hard(self, seconds: float) -> None:
        """The limit holds to the process's own end: threads that it waits for there may hang, on a network say."""
        end = time.monotonic() + seconds
        if self._over.wait(seconds):
            time.sleep(max(0.0, end - time.monotonic()))
        else:
            mend(self._modes)
        os._exit(self.code or 1)

    def _at_last(self) -> None:
        """Every thread has ended: go. To take the interpreter apart may take seconds, in which no thread keeps the limit."""
        if self.code is not None:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):  # it may be closed, or its terminal gone
                    stream.flush()
            os._exit(self.code)

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(sys.__stdin__ or 0, 0)
        while not self._over.is_set():
            events = [event for _, event in poll.poll(LOOK_MILLISECONDS)]
            if any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for event in events):
                self.begin(signal.SIGHUP)
                return


def _call_in(loop: asyncio.AbstractEventLoop, leave: Callable[[int], None], code: int) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(leave, code)
