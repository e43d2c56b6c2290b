"""How far something has come and how long it will take yet, as lines."""

from __future__ import annotations

from dataclasses import dataclass

from operations.plan.forecast import Forecast
from screens.glyphs import Glyphs
from screens.times import about, minutes_text, stopwatch

FULL, EMPTY = "█", "░"
ASCII_FULL, ASCII_EMPTY = "#", "."


def bar(done: float, total: float, columns: int, glyphs: Glyphs) -> str:
    """A bar of this width; full only when everything is done."""
    full, empty = (ASCII_FULL, ASCII_EMPTY) if glyphs.ascii else (FULL, EMPTY)
    share = 1.0 if total <= 0 else max(0.0, min(1.0, done / total))
    filled = columns if share >= 1 else min(columns - 1, int(columns * share))
    return full * filled + empty * (columns - filled)


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of so many in so many seconds."""

    done: int
    total: int
    seconds: float

    @property
    def left(self) -> float | None:
        """Seconds to go at the pace so far, None while nothing is done."""
        return None if not self.done else self.seconds / self.done * (self.total - self.done)

    def text(self) -> str:
        """`34/153 0:12, about 0:40 left`."""
        rest = "" if self.left is None else f", about {stopwatch(self.left)} left"
        return f"{self.done}/{self.total} {stopwatch(self.seconds)}{rest}"


def forecast_text(found: Forecast) -> str:
    """`~12 min left, p95 31 min`; by the estimates alone while too little is done."""
    if found.p50 is None or found.p95 is None:
        return f"{about(found.estimated)} left"
    return f"{about(found.p50)} left, p95 {minutes_text(found.p95)}"


def forecast_source(found: Forecast) -> str:
    """Where the figures come from."""
    if found.p50 is None:
        return f"by the plan's estimates: {found.samples} done so far say too little"
    return f"by how long {found.samples} that are done took against their estimates; estimated {minutes_text(found.estimated)}"
