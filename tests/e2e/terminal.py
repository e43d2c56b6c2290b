"""A real pseudo-terminal with a terminal emulator behind it: what a person would see, and their keys."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from typing import Any

import pyte

CALM = (b"25", b"7")
"""What is on in a terminal at rest: the cursor is seen, long lines go on in the next one."""
USED = {False: b"h", True: b"l"}
"""How a mode that is off at rest, or on, looks while it is in use."""
ELSEWHERE = {"COLUMNS": "80", "LINES": "24"}
"""What a shell may have exported in another window: the terminal's own size counts."""
PATIENCE = 30.0
"""Seconds after which text that should have come is a failure."""


def _own_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _own_and_ignore() -> None:
    _own_the_terminal()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


class Terminal:
    """Runs a command on a pty of a given size."""

    def __init__(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        columns: int = 80,
        lines: int = 24,
        *,
        ignores_hangup: bool = False,
    ) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._main, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._child = child
        self.raw = b""
        begin = _own_and_ignore if ignores_hangup else _own_the_terminal
        self.process = subprocess.Popen(
            command,
            stdin=child,
            stdout=child,
            stderr=child,
            env={
                **environment,
                **ELSEWHERE,
                "TERM": "xterm-256color",
                "LC_ALL": "C.UTF-8",
                "PYTHONFAULTHANDLER": "1",
            },
            start_new_session=True,
            preexec_fn=begin,  # noqa: PLW1509 - there are no threads in the test
        )

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def modes(self) -> list[Any]:
        """The line's modes, as `stty` would show them."""
        return termios.tcgetattr(self._child)

    def left_on(self) -> list[str]:
        """What the command turned on by a control sequence and has not turned off again."""
        switched: dict[bytes, bytes] = dict(re.findall(rb"\x1b\[\?(\d+)([hl])", self.raw))
        on = [f"?{number.decode()}" for number, switch in switched.items() if switch == USED[number in CALM]]
        pushed, popped = (len(re.findall(rb"\x1b\[%s\d*u" % sign, self.raw)) for sign in (b">", b"<"))
        return [*on, *(["kitty keys"] if pushed > popped else [])]

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._main, keys.encode())

    def see(self, wanted: str) -> str:
        """Wait until a regular expression stands on the screen; the screen is returned."""
        end = time.monotonic() + PATIENCE
        while not re.search(wanted, self.text):
            left = end - time.monotonic()
            assert left > 0, f"{wanted!r} never stood on the screen:\n{self.text}\n{self._last_words()}"
            assert self._read(left), f"the command ended before {wanted!r}:\n{self.text}"
        return self.text

    def _last_words(self) -> str:
        """What a command that hangs wrote so far, and where its threads stand (by faulthandler, on SIGABRT)."""
        written = len(self.raw)
        self.process.send_signal(signal.SIGABRT)
        while self._read(1.0):
            pass
        stacks = self.raw[written:].decode(errors="replace")
        return f"{self.raw[:written][-3000:]!r}\n{stacks}"

    def settle(self) -> None:
        """Read what comes until nothing has come for a quarter of a second."""
        while select.select([self._main], [], [], 0.25)[0]:
            if not self._read(0.25):
                return

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._main], [], [], min(seconds, 1.0))
        if not ready:
            return self.process.poll() is None
        try:
            data = os.read(self._main, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def ended(self) -> int:
        """Wait for the command's end; its exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.5)
        assert self.process.poll() is not None, f"the command never ended:\n{self.text}\n{self._last_words()}"
        while self._read(0.05) and select.select([self._main], [], [], 0.05)[0]:
            pass
        return self.process.wait(timeout=1)

    def hang_up(self) -> None:
        """Close the terminal as a lost link does, with a command that may ignore the signal for it."""
        os.close(self._main)
        os.close(self._child)
        self._main = self._child = -1

    def close(self) -> None:
        """End what still runs."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for descriptor in (self._main, self._child):
            if descriptor >= 0:
                os.close(descriptor)
