"""A sheet to read: help, a constraint. Any of Esc, q and Enter closes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from screens.dialog import Dialog, Sheet
from screens.keys import Keys
from screens.lines import Line
from screens.text import content


class ReadingScreen(Dialog[None]):
    """Lines under a title. It asks nothing, so it listens at once."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter", "cancel", "Close", show=False),
        Binding("space", "scroll(10)", show=False),
    ]
    ACTS: ClassVar[Mapping[str, str]] = {
        "down": "scroll(1)",
        "up": "scroll(-1)",
        "top": "scroll(-9999)",
        "bottom": "scroll(9999)",
        "page-down": "scroll(10)",
        "page-up": "scroll(-10)",
    }
    """What the keys of these commands do here, wherever the user has put them."""

    def __init__(self, title: str, make: Callable[[int], list[Line]], keys: Keys | None = None) -> None:
        """Show what `make` answers for a width; without `keys` the arrows alone scroll."""
        super().__init__()
        self._title = title
        self._make = make
        self._scrolls = "{down} {up}".format_map(keys) if keys else "arrows"
        if keys:
            keys.bind(self, self.ACTS)

    @property
    def awake(self) -> bool:
        """Nothing can go wrong here."""
        return True

    def compose(self) -> ComposeResult:
        """The lines, and how to close them."""
        with Vertical(classes="dialog") as box:
            box.border_title = content(self._title)
            yield Sheet(self._make, below=2)
            yield Static(content(f"Esc closes   {self._scrolls} scroll"), classes="how -foot", markup=False)
