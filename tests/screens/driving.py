"""Makes consoles over fakes and waits for them without sleeping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.screens.still import STILL

from textual.pilot import Pilot  # isort: skip

from console.app import CutoverApp
from console.keymap import KeyMap
from console.parts import ConsoleParts, Frame, Manner
from console.ports import Ports
from operations.plan.models import Plan
from screens.kit import Link
from tests.parsed import parse_once
from tests.screens.fakes import NOW, FakeDesk, FakeFeed, FakeMetrics, a_plan

assert STILL
parse_once()
SMALL = (80, 24)
LARGE = (120, 40)


class Ticker:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Driven:
    """A console and everything that it was given."""

    app: CutoverApp
    feed: FakeFeed
    desk: FakeDesk
    metrics: FakeMetrics
    ticker: Ticker

    async def settle(self, pilot: Pilot[int]) -> None:
        """Wait until the console has shown its first look at everything."""
        await until(
            pilot,
            lambda: (
                self.app.main.update_seen is not None
                and bool(self.app.main.metrics.snapshot.readings)
                and self.app.main.detail.item is not None
                and self.app.main.detail.complete
            ),
        )
        await pilot.pause()

    async def dialog(self, pilot: Pilot[int], *keys: str, awake: bool = True) -> None:
        """Press keys that open a dialog, and wait until it is there and listens."""
        before = len(self.app.screen_stack)
        await pilot.press(*keys)
        await until(pilot, lambda: len(self.app.screen_stack) > before and self._painted())
        await pilot.pause()
        if awake:
            self.ticker.pass_seconds(1)

    def _painted(self) -> bool:
        children = [*self.app.screen.query("*")]
        tiny = self.app.size.height < SMALL[1]
        return bool(children) and (tiny or all(child.size for child in children if child.display))


def make(
    plan: Plan | None = None,
    feed: FakeFeed | None = None,
    theme: str = "dark",
    link: Link = Link.FAST,
    *,
    utc: bool = True,
    keys: KeyMap | None = None,
    ports: Ports | None = None,
    frame: Frame = Frame.CALM,
    desk: FakeDesk | None = None,
) -> Driven:
    """A console over fakes."""
    feed, desk, metrics, ticker = feed or FakeFeed(), desk or FakeDesk(), FakeMetrics(), Ticker()
    parts = ConsoleParts(plan or a_plan(), feed, desk, metrics, ports=ports or Ports(), frame=frame)
    manner = Manner(theme, link, utc, keys=keys or KeyMap())
    app = CutoverApp(parts, manner, clock=lambda: NOW, monotonic=ticker)
    return Driven(app, feed, desk, metrics, ticker)


async def until(pilot: Pilot[int], holds: Callable[[], bool], looks: int = 400) -> None:
    """Let the console work until something holds; fails when it never does."""
    for _ in range(looks):
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came to hold")


def text_of(app: CutoverApp) -> str:
    """What the terminal would show, row by row."""
    rows = app.screen._compositor.render_strips()  # the only place that sees modal and main screen together
    return "\n".join("".join(segment.text for segment in row) for row in rows)
