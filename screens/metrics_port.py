"""What the metrics' room needs beyond readings: how often they are asked for, and whether at all."""

from __future__ import annotations

from typing import Protocol

DOLLARS_PER_1000 = 0.01
"""List price of `GetMetricData` for 1,000 metrics asked for (CloudWatch, us-east-1); a batch costs as much as single calls."""


class MetricsControl(Protocol):
    """The poller's handle. All methods are quick."""

    @property
    def paused(self) -> bool:
        """Whether nothing is asked for."""
        ...

    @property
    def every_seconds(self) -> float:
        """Between two looks."""
        ...

    def pause(self, *, paused: bool) -> None:
        """Ask for nothing from here on, or go on."""
        ...

    def change_pace(self, step: int) -> float:
        """Look more often (-1) or more seldom (1), within bounds; answers the seconds between two looks."""
        ...
