"""Lines typed by a person or sent by a program, awaited without ever standing still."""

from __future__ import annotations

import os
import select
import signal
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from types import FrameType

READ_BYTES = 65_536


class Came(Enum):
    """What a wait ended with."""

    LINE = "a line"
    NOTHING = "nothing yet"
    INTERRUPT = "Ctrl+C"
    END = "the end of the input"
    TOLD_TO_END = "a signal to end"


@dataclass(frozen=True, slots=True)
class Heard:
    """What came, its text when it is a line, its number when it is a signal."""

    came: Came
    text: str = ""
    signal: int = 0


class LineSource:
    """Reads lines from a file descriptor: a terminal in its usual mode, or a pipe."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = b""
        self._over = False
        self._signals, self._tell = os.pipe()
        os.set_blocking(self._tell, False)

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Take SIGINT, SIGTERM and SIGHUP as something heard, in the main thread."""
        taken = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._on_signal) for number in taken}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        with suppress(BlockingIOError):
            os.write(self._tell, bytes([number]))

    def next(self, seconds: float) -> Heard:
        """The next line, or what else came first within that time."""
        if (line := self._whole_line()) is not None:
            return line
        if self._over:
            return Heard(Came.END)
        ready, _, _ = select.select([self._signals, self._descriptor], [], [], seconds)
        if self._signals in ready:
            number = os.read(self._signals, 1)[0]
            return (
                Heard(Came.INTERRUPT) if number == signal.SIGINT else Heard(Came.TOLD_TO_END, signal=number)
            )
        if self._descriptor in ready:
            self._read()
            return self._whole_line() or Heard(Came.END if self._over else Came.NOTHING)
        return Heard(Came.NOTHING)

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, READ_BYTES)
        except OSError:
            data = b""
        self._over = not data
        self._buffer += data or (b"\n" if self._buffer else b"")

    def _whole_line(self) -> Heard | None:
        line, end, rest = self._buffer.partition(b"\n")
        if not end:
            return None
        self._buffer = rest
        return Heard(Came.LINE, line.decode(errors="replace").strip())

    def forget(self) -> bool:
        """Drop what was typed before a question could be read; whether there is a terminal to type on.

        A program that sends lines knows what it will be asked.
        """
        if not os.isatty(self._descriptor):
            return False
        with suppress(termios.error):
            termios.tcflush(self._descriptor, termios.TCIFLUSH)
        self._buffer = b""
        return True

    def close(self) -> None:
        """Let go of what was opened here."""
        os.close(self._signals)
        os.close(self._tell)
