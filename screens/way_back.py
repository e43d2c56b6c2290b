"""The way back, operation by operation: in which order, how long, which guards must hold, what is lost, by when to begin."""

from __future__ import annotations

from collections.abc import Sequence

from screens.action import Action
from screens.kit import Kit
from screens.lines import piece
from screens.ports import FeedUpdate
from screens.room import Room, Seen
from screens.way_lines import way_rows
from screens.widgets.bodies import Body
from screens.widgets.stage import Stacked


class WayBackBody(Body):
    """The lines; the cursor stands on an operation."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(cursor=True, widget_id="way-back")
        self._kit = kit
        self._seen: Seen | None = None
        self._keys: tuple[str | None, ...] = ()

    @property
    def chosen(self) -> str | None:
        """The operation under the cursor."""
        return self._keys[self.cursor] if self.cursor is not None and self.cursor < len(self._keys) else None

    def show_seen(self, seen: Seen) -> None:
        """The journal says something else."""
        self._seen = seen
        self.redraw()

    def redraw(self) -> None:
        """The whole way for this width."""
        if self.room > 10 and self._seen is not None:
            rows = way_rows(self._kit, self._seen.update, self.room - 1)
            self._keys = tuple(key for key, _ in rows)
            self.show([(piece(" "), *row) for _, row in rows])


class WayBackRoom(Room):
    """Everything about going back, on one page."""

    NAME = "way-back"
    AUTO_FOCUS = "#way-back"
    FILTERS = False

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action]) -> None:
        """Show the way back as it is now."""
        self.way = WayBackBody(kit)
        super().__init__(kit, seen, actions, Stacked((self.way,), ("Way back",), kit.glyphs))

    def on_mount(self) -> None:
        """What is known already."""
        super().on_mount()
        self.way.show_seen(self.seen)

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        super().show_update(update)
        self.way.show_seen(self.seen)

    def tick(self) -> None:
        """The window runs out."""
        super().tick()
        self.way.redraw()

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operation under the cursor."""
        return () if self.way.chosen is None else (self.way.chosen,)
