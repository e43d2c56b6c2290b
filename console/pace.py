"""How often the metric poller looks: the operator's choice, within bounds; adapter of `screens.metrics_port.MetricsControl`."""

from __future__ import annotations

STEPS = (5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Seconds between two looks."""


class MetricsPace:
    """Read by the poller's thread, changed by the console's."""

    def __init__(self, every_seconds: float) -> None:
        """Begin with the setting's pace, which is also the quickest: asking more often than metrics have points buys nothing."""
        self._quickest = every_seconds
        self._every = every_seconds
        self._paused = False

    @property
    def paused(self) -> bool:
        """Whether nothing is asked for."""
        return self._paused

    @property
    def every_seconds(self) -> float:
        """Between two looks."""
        return self._every

    def pause(self, *, paused: bool) -> None:
        """Ask for nothing from here on, or go on."""
        self._paused = paused

    def change_pace(self, step: int) -> float:
        """More often (-1) or more seldom (1)."""
        steps = sorted({self._quickest, *(each for each in STEPS if each > self._quickest)})
        index = min(max(0, steps.index(self._every) + step), len(steps) - 1)
        self._every = steps[index]
        return self._every
