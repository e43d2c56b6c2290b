"""How often the metric poller looks: the operator's choice, within bounds; adapter of `screens.metrics_port.MetricsControl`."""

from __future__ import annotations

STEPS = (5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Seconds between two looks."""
LEAST_SECONDS = 60.0
"""CloudWatch keeps a point a minute of most metrics: asking more often buys nothing, and costs as much each time."""
PAUSED, RESTS = "paused", "resting"
"""Somebody wants it so; nobody is here."""


class MetricsPace:
    """Read by the poller's thread, changed by the console's."""

    def __init__(self, every_seconds: float, least_seconds: float = LEAST_SECONDS) -> None:
        """Begin with the setting's pace, which is also the quickest.

        Less than `least_seconds` counts as that; 0 asks for nothing until somebody ends the pause.
        """
        self._quickest = max(every_seconds, least_seconds)
        self._every = self._quickest
        self._paused = every_seconds == 0
        self._resting = False

    @property
    def paused(self) -> bool:
        """Whether somebody wants nothing to be asked for."""
        return self._paused

    @property
    def why_not(self) -> str | None:
        """Why nothing is asked for, None while it is."""
        return PAUSED if self._paused else RESTS if self._resting else None

    @property
    def every_seconds(self) -> float:
        """Between two looks."""
        return self._every

    def pause(self, *, paused: bool) -> None:
        """Ask for nothing from here on, or go on."""
        self._paused = paused

    def rest(self, *, resting: bool) -> None:
        """Ask for nothing while nobody looks, or go on."""
        self._resting = resting

    def change_pace(self, step: int) -> float:
        """More often (-1) or more seldom (1)."""
        steps = sorted({self._quickest, *(each for each in STEPS if each > self._quickest)})
        index = min(max(0, steps.index(self._every) + step), len(steps) - 1)
        self._every = steps[index]
        return self._every
