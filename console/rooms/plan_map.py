"""The map of the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from operations.plan.errors import PlanError
from screens.map_lines import Mapped
from screens.plan_map import MapRoom

if TYPE_CHECKING:
    from console.app import CutoverApp


class MapKeeper:
    """Opens the map; the plan is worked out at the first time."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._mapped: Mapped | None = None

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"map": lambda _: self.open()}

    def open(self) -> None:
        """Show the map."""
        try:
            mapped = self._mapped or Mapped.of(self._app.plan)
        except PlanError as error:
            self._app.say(str(error), error=True)
            return
        self._mapped = mapped
        self._app.enter(lambda seen, actions: MapRoom(self._app.kit, seen, actions, mapped))
