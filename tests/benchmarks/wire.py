"""A program on a pseudo-terminal of 80x24, measured from outside: what it sends, when, and what processor time it takes."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import statistics
import struct
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path

import pyte

COLUMNS, ROWS = 80, 24
QUIET = 0.12
"""Seconds without a byte after which an answer to a key counts as whole."""
PATIENCE = 600.0
"""Seconds after which something never comes; a busy machine reads a million events in minutes."""
ANSWERS = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?1;2c", b"\x1b[?2026$p": b"\x1b[?2026;2$y"}
"""What a terminal says when it is asked."""
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Paint:
    """When something stood on the screen: seconds since the start, seconds of processor time until then."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What one key led to: seconds to the first frame of the answer and to its last byte, and its bytes."""

    seconds: float
    whole: float
    size: int


@dataclass(frozen=True, slots=True)
class Rest:
    """What a program costs while nobody types: bytes a second, and its own processor time in percent of a core."""

    rate: float
    cpu: float


class Wire:
    """Runs a command on a terminal. Use with `with`; the command is ended at the end."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self.bytes = 0
        self.began = time.monotonic()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.chdir(folder)
            os.execvpe(command[0], list(command), dict(environment))
        ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._watching = True

    @property
    def text(self) -> str:
        """The screen as lines of text, as far as it was watched."""
        return "\n".join(self._screen.display)

    def _read(self, seconds: float) -> int:
        if not select.select([self._fd], [], [], seconds)[0]:
            return 0
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError as error:
            raise EOFError(f"the command ended; its last screen:\n{self.text}") from error
        self.bytes += len(data)
        for question, answer in ANSWERS.items():
            if question in data:
                os.write(self._fd, answer)
        if self._watching:
            self._stream.feed(data)
        return len(data)

    def see(self, wanted: str) -> Paint:
        """Wait until a regular expression stands on the screen."""
        pattern = re.compile(wanted, re.DOTALL)
        self._watching = True
        while not pattern.search(self.text):
            if time.monotonic() - self.began > PATIENCE:
                raise TimeoutError(f"{wanted!r} never stood on the screen:\n{self.text}")
            self._read(0.05)
        return Paint(time.monotonic() - self.began, self.cpu())

    def settle(self, quiet: float = QUIET, limit: float = 20.0) -> None:
        """Read until nothing has come for a while."""
        last = end = time.monotonic()
        end += limit
        while (now := time.monotonic()) < end and now - last < quiet:
            if self._read(0.02):
                last = time.monotonic()

    def press(self, key: str) -> Answer:
        """Press a key and take the whole answer; the screen is not watched meanwhile: that takes time too."""
        self._watching = False
        sent, pressed = self.bytes, time.monotonic()
        os.write(self._fd, key.encode())
        first = last = None
        while time.monotonic() - (last or pressed) < (QUIET if last else 1.0):
            if self._read(0.02):
                last = time.monotonic()
                first = first or last
        return Answer((first or pressed) - pressed, (last or pressed) - pressed, self.bytes - sent)

    def rest(self, seconds: float) -> Rest:
        """Let it stand."""
        self._watching = False
        sent, spent, began = self.bytes, self.cpu(alone=True), time.monotonic()
        while time.monotonic() - began < seconds:
            self._read(0.2)
        took = time.monotonic() - began
        return Rest((self.bytes - sent) / took, 100 * (self.cpu(alone=True) - spent) / took)

    def cpu(self, *, alone: bool = False) -> float:
        """Seconds of processor time of the command, by default with all the processes that it started."""
        return sum(_spent(pid) for pid in ([self.pid] if alone else _tree(self.pid)))

    def close(self) -> None:
        """End the command."""
        with suppress(OSError):
            os.kill(self.pid, signal.SIGTERM)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            with suppress(EOFError):
                self._read(0.02)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def p95(values: Sequence[float]) -> float:
    """The 95th percentile by nearest rank."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def middle(runs: Sequence[Paint], of: Callable[[Paint], float]) -> float:
    """The median of one figure over several runs."""
    return statistics.median(of(run) for run in runs)
