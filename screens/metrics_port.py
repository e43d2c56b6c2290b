"""What the metrics' room needs beyond readings: how often they are asked for, and whether at all."""

from __future__ import annotations

from typing import Protocol

DOLLARS_PER_1000 = 0.01
"""List price of `GetMetricData` for 1,000 metrics asked for (CloudWatch, us-east-1); a batch costs as much as single calls."""


DEAR = 1.0
"""Dollars a day from which the cost of asking is warned of; 12 metrics once a minute are some 17 cents."""
DAY = 86_400


def dollars_a_day(metrics: int, every_seconds: float) -> float:
    """What asking for so many metrics so often costs in a day, at list price."""
    return metrics * DAY / max(every_seconds, 1.0) / 1000 * DOLLARS_PER_1000


def cost_words(asked: int) -> str:
    """How many metrics were asked for since the console opened, and what that is at list price."""
    return f"asked {asked:,}, ${asked / 1000 * DOLLARS_PER_1000:.2f}"


class MetricsControl(Protocol):
    """The poller's handle. All methods are quick."""

    @property
    def paused(self) -> bool:
        """Whether somebody wants nothing to be asked for."""
        ...

    @property
    def why_not(self) -> str | None:
        """Why nothing is asked for, in a word or a few; None while it is."""
        ...

    @property
    def every_seconds(self) -> float:
        """Between two looks."""
        ...

    def pause(self, *, paused: bool) -> None:
        """Ask for nothing from here on, or go on."""
        ...

    def rest(self, *, resting: bool) -> None:
        """Ask for nothing while nobody looks, or go on."""
        ...

    def change_pace(self, step: int) -> float:
        """Look more often (-1) or more seldom (1), within bounds; answers the seconds between two looks."""
        ...
