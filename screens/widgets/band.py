"""A single line across the screen that is drawn again only when it changes."""

from __future__ import annotations

from collections.abc import Callable

from screens.lines import Line
from screens.widgets.line_view import LineView


class Band(LineView):
    """One line made for whatever width there is."""

    DEFAULT_CSS = "Band { height: 1; }"

    def __init__(self, *, widget_id: str | None = None, classes: str | None = None) -> None:
        super().__init__(focusable=False, widget_id=widget_id, classes=classes)
        self._make: Callable[[int], Line] = lambda _width: ()

    def present(self, make: Callable[[int], Line]) -> None:
        """Show what `make` answers for the width, now and after every resize."""
        self._make = make
        self.redraw()

    def redraw(self) -> None:
        """Ask for the line again."""
        if self.content_size.width:
            self.show((self._make(self.content_size.width),))

    def on_resize(self) -> None:
        """Another width, another line."""
        self.redraw()
