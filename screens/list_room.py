"""What rooms with a list share: its filter, its order, and the page about the row under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.widgets import Input

from screens.action import Action
from screens.kit import Kit
from screens.lines import Line, Role, joined, piece
from screens.ports import FeedUpdate
from screens.room import Room, Seen
from screens.times import Zone
from screens.widgets.lists import ListBody, PageBody, Row
from screens.widgets.stage import PaneStage


class ListRoom(Room):
    """A list, by default in the first pane, and a page about the chosen row."""

    LIST: ClassVar[str] = ""
    """The id of the list."""
    ORDERS: ClassVar[tuple[str, ...]] = ()
    """What the list can be sorted by; the first is how it opens."""

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action]) -> None:
        """Make a room of the stage that the subclass arranges."""
        self.kit = kit
        self.wanted = ""
        self.order = self.ORDERS[0] if self.ORDERS else ""
        self.list = ListBody(self.LIST, self.rows, "nothing matches; Esc shows all")
        self.page = PageBody(f"{self.LIST}-page", self.page_lines)
        super().__init__(kit, seen, actions, self.stage())

    def stage(self) -> PaneStage:
        """The panes."""
        raise NotImplementedError

    def rows(self, width: int) -> Sequence[Row]:
        """The rows for a width, filtered and in order."""
        raise NotImplementedError

    def page_lines(self, width: int) -> list[Line]:
        """The page about the chosen row."""
        raise NotImplementedError

    def note(self) -> Line:
        """What the list's title says at its right."""
        return ()

    # what arrives

    def on_mount(self) -> None:
        """What is known already."""
        super().on_mount()
        self.draw()

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        super().show_update(update)
        self.draw()

    def tick(self) -> None:
        """Time has passed: ages."""
        super().tick()
        self.draw()

    def watch_zone(self, zone: Zone) -> None:
        """Times in the other zone."""
        super().watch_zone(zone)
        if self.is_mounted:
            self.draw()

    def draw(self) -> None:
        """Make every pane anew; what reads the same is not sent."""
        self.list.redraw()
        self.page.show_about(self.list.chosen)
        self.panes.all[self.list_pane - 1].retitle(note=joined([self._filter_note(), self.note()]))

    @property
    def list_pane(self) -> int:
        """The number of the pane that holds the list."""
        return next(pane.number for pane in self.panes.all if pane.body is self.list)

    def _filter_note(self) -> Line:
        if not self.wanted.strip():
            return ()
        count = self.list.count
        return (piece(f"{count} match{'' if count == 1 else 'es'}", Role.ATTENTION),)

    @on(ListBody.Moved)
    def _read_chosen(self, event: ListBody.Moved) -> None:
        event.stop()
        if event.body is self.list:
            self.page.show_about(self.list.chosen)

    def open_chosen(self) -> None:
        """Enter reads the chosen row's page over the whole screen, and zooms any other pane."""
        if self.panes.current.body is self.list and self.page in [pane.body for pane in self.panes.all]:
            number = next(pane.number for pane in self.panes.all if pane.body is self.page)
            self.panes.focus_pane(number)
            self.panes.zoomed = True
        else:
            super().open_chosen()

    def step_back(self) -> bool:
        """The filter ends first; from the page, Esc goes back to the list."""
        was_zoomed = self.panes.zoomed
        if super().step_back():
            if was_zoomed and not self.panes.zoomed:
                self.panes.focus_pane(self.list_pane)
            return True
        return False

    # the filter and the order

    def start_filter(self, text: str = "") -> None:
        """Ask which rows to show, or show those that match a text."""
        self.panes.show_pane(self.list_pane)
        self.filter_box.open(text)

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        self.wanted = event.value
        self.draw()

    @on(Input.Submitted, "#filter")
    def _keep_filter(self, event: Input.Submitted) -> None:
        event.stop()
        self.filter_box.close()
        self.panes.focus_pane(self.list_pane)

    def matches(self, *texts: str) -> bool:
        """Whether every word of the filter stands somewhere in these texts, whatever its case."""
        there = "\n".join(texts).casefold()
        return all(word in there for word in self.wanted.casefold().split())

    def sort_by(self, order: str = "") -> str | None:
        """Sort by something, or by the next thing; answers by what, None when it cannot be."""
        if order and order not in self.ORDERS:
            return None
        if not self.ORDERS:
            return None
        after = (self.ORDERS.index(self.order) + 1) % len(self.ORDERS)
        self.order = order or self.ORDERS[after]
        self.draw()
        return self.order
