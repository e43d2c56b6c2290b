"""The stage of a room: its numbered panes, one of which has the focus, and how they share the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import var
from textual.widget import Widget

from screens.glyphs import Glyphs
from screens.widgets.line_view import LineView
from screens.widgets.pane import Pane

NARROW = 70
"""Columns below which there is room for one pane at a time."""
SHORT = 15
"""Rows of all panes together below which there is room for one at a time."""


class PaneStage(Vertical):
    """Panes that the keys 1 to 9 focus; a small screen, or zoom, shows one of them alone.

    A subclass says in `COLUMNS` which containers hold which panes, and composes them.
    """

    DEFAULT_CSS = "PaneStage { height: 1fr; }"
    COLUMNS: ClassVar[Sequence[tuple[str, tuple[int, ...]]]] = ()
    """Containers by id, each with the numbers of the panes inside."""
    EDGED: ClassVar[tuple[int, ...]] = ()
    """Panes with a divider at their left where there is room for several."""

    zoomed: var[bool] = var(False)
    """Whether one pane has the whole screen although there is room for more."""

    def __init__(self, bodies: Sequence[Widget], names: Sequence[str], glyphs: Glyphs) -> None:
        super().__init__(id="panes")
        self._glyphs = glyphs
        self._current = 1
        self.all = tuple(
            Pane(number, name, body, glyphs=glyphs, joint=self._joint(number))
            for number, (name, body) in enumerate(zip(names, bodies, strict=True), start=1)
        )

    @property
    def current(self) -> Pane:
        """The pane that has the focus, or had it last."""
        return self.all[self._current - 1]

    @property
    def alone(self) -> bool:
        """Whether there is but one pane, which has the whole screen at all times."""
        return len(self.all) == 1

    @property
    def single(self) -> bool:
        """Whether one pane is shown at a time."""
        return self.zoomed or self.size.width < NARROW or self.size.height < SHORT

    def focus_pane(self, number: int) -> None:
        """Put the focus into a pane, if there is one of this number; where there is room for one only, show that one."""
        if not 1 <= number <= len(self.all):
            return
        self.show_pane(number)
        self.call_after_refresh(self.current.body.focus)

    def show_pane(self, number: int) -> None:
        """See that a pane is in sight, wherever the focus is."""
        self._current = number
        self._arrange()

    def go_round(self, step: int) -> None:
        """The focus goes to the next pane, or to the one before."""
        self.focus_pane((self._current - 1 + step) % len(self.all) + 1)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click may have moved the focus too."""
        for pane in self.all:
            if event.widget is pane.body and pane.number != self._current:
                self._current = pane.number
                self._arrange()

    def on_resize(self) -> None:
        """Another size may have room for fewer panes."""
        self._arrange()

    def watch_zoomed(self) -> None:
        """One pane or all."""
        if self.is_mounted:
            self.focus_pane(self._current)

    def _joint(self, number: int) -> str:
        """What is drawn where a divider meets the title of a pane."""
        if self._glyphs.ascii:
            return "+" if number in self.EDGED else ""
        first = self.EDGED[:1]
        return "┬" if number in first else "├" if number in self.EDGED else ""

    def _arrange(self) -> None:
        """Where all panes have room no class changes with the focus: each change draws everything inside again."""
        single = self.single
        edge = "" if single else "|" if self._glyphs.ascii else "│"
        self.set_class(single, "-single")
        self._mark()
        for pane in self.all:
            pane.set_class(single and pane is self.current, "-current")
            pane.retitle(joint="" if single else self._joint(pane.number))
            if isinstance(pane.body, LineView) and pane.number in self.EDGED:
                pane.body.set_edge(edge)
        for name, numbers in self.COLUMNS:
            self.query_one(f"#{name}").set_class(single and self._current in numbers, "-holds-current")

    def _mark(self) -> None:
        """Classes of the subclass's own, which its stylesheet may look at."""


class SideBySide(PaneStage):
    """A list at the left; at the right what is to be said of the chosen line, and perhaps more below it."""

    COLUMNS = (("left", (1,)), ("right", (2, 3, 4)), ("middle", (1, 2, 3, 4)))
    EDGED = (2, 3, 4)

    def compose(self) -> ComposeResult:
        """Two columns."""
        with Horizontal(id="middle"):
            with Vertical(id="left", classes="column"):
                yield self.all[0]
            with Vertical(id="right", classes="column"):
                yield from self.all[1:]


class Stacked(PaneStage):
    """Panes one above the other, each over the whole width."""

    COLUMNS = (("middle", (1, 2, 3, 4)),)

    def compose(self) -> ComposeResult:
        """One column."""
        with Vertical(id="middle", classes="column"):
            yield from self.all
