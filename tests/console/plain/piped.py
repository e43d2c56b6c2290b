"""A line console over fakes, on a real pipe or pseudo-terminal, driven from a thread that waits for words."""

from __future__ import annotations

import io
import os
import pty
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.screens.still import STILL

from console.parts import ConsoleParts  # isort: skip
from console.journal.review import ReviewDesk
from console.plain.session import PlainConsole, Speech
from console.plain.source import LineSource
from console.ports import Ports
from operations.plan.models import Plan
from tests.screens.fakes import NOW, FakeDesk, FakeFeed, FakeMetrics, a_plan

assert STILL
PATIENCE = 20.0


@dataclass
class Clock:
    """A clock that a test moves."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def pass_minutes(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


@dataclass
class Listening:
    """A console that runs in a thread; what it said, and a way to type."""

    feed: FakeFeed
    desk: FakeDesk
    metrics: FakeMetrics
    clock: Clock
    typed: int
    said: io.StringIO = field(default_factory=io.StringIO)
    code: int | None = None
    _from: int = 0

    def type(self, line: str) -> None:
        """A line; what is waited for after it must be said after it."""
        self._from = len(self.said.getvalue())
        os.write(self.typed, line.encode() + b"\n")

    def hear(self, *wanted: str) -> str:
        """Wait until all of these have been said since the last line was typed."""
        end = time.monotonic() + PATIENCE
        while True:
            text = self.said.getvalue()[self._from :]
            if all(each in text for each in wanted):
                return text
            assert time.monotonic() < end, f"{wanted} was never said:\n{text}"
            threading.Event().wait(0.01)

    def wait(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, "it never came to hold"
            threading.Event().wait(0.01)

    def answer(self, line: str, *wanted: str) -> str:
        """Type a line and wait for words and the next prompt."""
        self.type(line)
        return self.hear(*wanted)


@contextmanager
def listening(
    feed: FakeFeed | None = None,
    desk: FakeDesk | None = None,
    plan: Plan | None = None,
    *,
    terminal: bool = False,
    ascii_words: bool = False,
    utc: bool = True,
    ports: Ports | None = None,
    parts: ConsoleParts | None = None,
) -> Iterator[Listening]:
    """A console that listens until the block ends, when its input ends."""
    reading, typing = pty.openpty()[::-1] if terminal else os.pipe()
    if terminal:
        tty.setcbreak(reading)
    talked = Listening(feed or FakeFeed(), desk or FakeDesk(), FakeMetrics(), Clock(), typing)
    source = LineSource(reading)
    if parts is None:
        fakes = (talked.feed, talked.desk, talked.metrics)
        parts = ConsoleParts(plan or a_plan(), *fakes, ports=ports or Ports())
    elif isinstance(parts.desk, ReviewDesk) and isinstance(parts.desk.live, FakeDesk):
        talked.desk = parts.desk.live
    speech = Speech(source, talked.said, talked.clock, idle_minutes=15, utc=utc, ascii_words=ascii_words)
    console = PlainConsole(parts, speech)

    def work() -> None:
        talked.code = console.run()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        talked.hear("cutover>")
        yield talked
    finally:
        os.close(typing)
        thread.join(PATIENCE)
        source.close()
        os.close(reading)
    assert not thread.is_alive()
    assert talked.code == 0
