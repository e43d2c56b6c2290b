"""The plan's map: its waves, what is on the critical path, minutes and slack, and where each operation stands."""

from __future__ import annotations

from collections.abc import Sequence

from screens.action import Action
from screens.kit import Kit
from screens.known import Known
from screens.map_lines import Mapped, MapView
from screens.ports import FeedUpdate
from screens.room import Room, Seen
from screens.widgets.bodies import Body
from screens.widgets.stage import Stacked


class MapBody(Body):
    """The map's lines, as of the last look at the journal; the cursor stands on an operation, a wave or the summary."""

    def __init__(self, mapped: Mapped, kit: Kit) -> None:
        super().__init__(cursor=True, widget_id="map")
        self._mapped = mapped
        self._kit = kit
        self._known = Known()
        self._keys: tuple[str | None, ...] = ()

    @property
    def chosen(self) -> str | None:
        """The operation under the cursor."""
        return self._keys[self.cursor] if self.cursor is not None and self.cursor < len(self._keys) else None

    def show_known(self, known: Known) -> None:
        """The journal says something new; only rows that read differently are sent."""
        self._known = known
        self.redraw()

    def redraw(self) -> None:
        """The whole map for this width."""
        if self.room > 10:
            kit = self._kit
            rows = MapView(self._mapped, self._known, kit.glyphs, kit.clock(), self.room - 1).rows()
            self._keys = tuple(key for key, _ in rows)
            self.show([row for _, row in rows])


class MapRoom(Room):
    """The map of one plan."""

    NAME = "map"
    AUTO_FOCUS = "#map"
    FILTERS = False

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action], mapped: Mapped) -> None:
        """Show a plan that was worked out."""
        self.map = MapBody(mapped, kit)
        super().__init__(kit, seen, actions, Stacked((self.map,), ("Map",), kit.glyphs))

    def on_mount(self) -> None:
        """What is known already."""
        super().on_mount()
        self.map.show_known(self.seen.known)

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        super().show_update(update)
        self.map.show_known(update.known)

    def tick(self) -> None:
        """Time has passed: what runs takes longer, and less is left."""
        super().tick()
        self.map.redraw()

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operation under the cursor."""
        return () if self.map.chosen is None else (self.map.chosen,)
