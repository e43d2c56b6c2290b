"""The metrics' room, and how often the metrics are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from console.metric_pace import ALONE, toggled
from screens.metrics_port import DEAR, dollars_a_day
from screens.metrics_room import MetricsRoom

if TYPE_CHECKING:
    from console.app import CutoverApp


class MetricsKeeper:
    """Opens the room; pauses the poller, and changes its pace."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {
            "metrics": lambda _: self.open(),
            "pause-metrics": lambda _: self._pause(),
            "metrics-seldom": lambda _: self._pace(1),
            "metrics-often": lambda _: self._pace(-1),
        }

    def open(self) -> None:
        """Show the metrics."""
        control = self._app.ports.metrics
        self._app.enter(lambda seen, actions: MetricsRoom(self._app.kit, seen, actions, control))

    def _pause(self) -> None:
        self._app.say(toggled(self._app.ports.metrics))
        self._draw()

    def _pace(self, step: int) -> None:
        control = self._app.ports.metrics
        if control is None:
            self._app.say(ALONE)
            return
        every = control.change_pace(step)
        a_day = dollars_a_day(len(self._app.room.seen.snapshot.readings), every)
        said = f"metrics are read every {every:g} s, for about ${a_day:.2f} a day"
        dear = a_day >= DEAR
        self._app.say(f"{said}: that is a lot" if dear else said, error=dear)
        self._draw()

    def _draw(self) -> None:
        if isinstance(self._app.room, MetricsRoom):
            self._app.room.draw()
