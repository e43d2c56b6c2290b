"""What all dialogs share: deaf to keys for a moment, Esc cancels, Cancel has the focus."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.lines import Line, Role, as_content, piece
from screens.widgets.line_view import LineView

Answer = TypeVar("Answer")

DEAF_SECONDS = 0.3
"""Keys typed ahead over a slow link must not answer a question that nobody has read."""


BORDER_ROWS = 2
"""Rows that a dialog's border takes."""


class Dialog(ModalScreen[Answer]):
    """A question. Yield Cancel first, so that it has the focus."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Button"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("pagedown,ctrl+d", "scroll(10)", show=False),
        Binding("pageup,ctrl+u", "scroll(-10)", show=False),
    ]

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Make a dialog; `now` counts seconds."""
        super().__init__()
        self._now = now
        self._opened: float | None = None

    def on_mount(self) -> None:
        """From here on it is deaf for a moment, and no toast covers what it says."""
        self.app.clear_notifications()
        self._opened = self._now()

    @property
    def awake(self) -> bool:
        """Whether it takes answers."""
        return self._opened is not None and self._now() - self._opened >= DEAF_SECONDS

    def on_key(self, event: events.Key) -> None:
        """Swallow what was typed before the question could be read; bindings only see what gets past here."""
        if not self.awake:
            event.stop()
            event.prevent_default()

    def action_scroll(self, count: int) -> None:
        """Scroll what is asked about."""
        for view in self.query(LineView):
            if view.has_class("body"):
                view.scroll_lines(count)

    def how(self, key: str, does: str) -> Static:
        """What says yes, beside the buttons."""
        keyed = (piece(f"{key}  ", Role.STRONG),) if key else ()
        return Static(as_content((*keyed, piece(does))), classes="how", markup=False)

    def action_cancel(self) -> None:
        """Answer no."""
        self.dismiss(None)


class Sheet(LineView):
    """Lines in a dialog that scroll with the dialog's keys."""

    DEFAULT_CSS = "Sheet { height: auto; max-height: 100%; }"

    def __init__(self, make: Callable[[int], list[Line]], *, below: int) -> None:
        """Make a sheet; `make` answers the lines for a width, `below` rows are kept for what stands under it."""
        super().__init__(focusable=False, classes="body")
        self._make = make
        self._below = below + BORDER_ROWS

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many rows as the lines take at this width, or as the screen has."""
        return max(1, min(len(self._make(width)), viewport.height - self._below))

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.redraw()

    def redraw(self) -> None:
        """Make the lines again; what is the same is not sent again."""
        if self.content_size.width > 4:
            self.show(self._make(self.room))
