"""A screen that is first drawn when its lines are there: until then what stood on the terminal stays, instead of nothing."""

from __future__ import annotations

from textual.screen import Screen

from screens.widgets.line_view import LineView

LONGEST = 0.5
"""Seconds after which it is drawn as it is."""


class Unveiled(Screen[None]):
    """Lines are made for a width, which a view learns of with the first layout: Textual would draw that layout empty."""

    def __init__(self) -> None:
        """Nothing is there yet."""
        super().__init__()
        self._awaited: int | None = None
        self._there = False

    def on_mount(self) -> None:
        """Whatever a view waits for, the screen does not wait for it long."""
        self.set_timer(LONGEST, self._unveil)

    def _compositor_refresh(self) -> None:
        """Draw, once every view has heard of its size: it hears of that first, then of our question."""
        if self._there or self is not self.app.screen:
            super()._compositor_refresh()
            return
        views = list(self.query(LineView))
        if self._awaited is None and views:
            self._awaited = len(views)
            for view in views:
                view.call_later(self._one_is_there)

    def _one_is_there(self) -> None:
        self._awaited = (self._awaited or 0) - 1
        if self._awaited <= 0:
            self._unveil()

    def _unveil(self) -> None:
        if not self._there:
            self._there = True
            self.refresh()
