"""Lets the metrics rest while nobody is at the console and nothing runs: every look costs money, and nobody sees it."""

from __future__ import annotations

from datetime import timedelta

from screens.metrics_port import MetricsControl


class Absence:
    """Told how long ago the last key was; `minutes` without one are an absence."""

    def __init__(self, control: MetricsControl | None, minutes: int) -> None:
        """Look after a poller; None where readings come by themselves."""
        self._control = control
        self._minutes = minutes
        self._away = False

    def note(self, idle: timedelta, *, running: bool) -> None:
        """So long without a key, and whether a run is open: one is watched whether or not somebody types."""
        away = idle >= timedelta(minutes=self._minutes) and not running
        if self._control is not None and away is not self._away:
            self._control.rest(resting=away)
        self._away = away
