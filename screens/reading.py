"""A sheet to read: help, a constraint. Any of Esc, q and Enter closes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from screens.dialog import Dialog, Sheet
from screens.lines import Line
from screens.text import content


class ReadingScreen(Dialog[None]):
    """Lines under a title. It asks nothing, so it listens at once."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter", "cancel", "Close", show=False),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
        Binding("g", "scroll(-9999)", show=False),
        Binding("G", "scroll(9999)", show=False),
        Binding("space", "scroll(10)", show=False),
    ]

    def __init__(self, title: str, make: Callable[[int], list[Line]]) -> None:
        """Show what `make` answers for a width."""
        super().__init__()
        self._title = title
        self._make = make

    @property
    def awake(self) -> bool:
        """Nothing can go wrong here."""
        return True

    def compose(self) -> ComposeResult:
        """The lines, and how to close them."""
        with Vertical(classes="dialog") as box:
            box.border_title = content(self._title)
            yield Sheet(self._make, below=2)
            yield Static(content("Esc closes   j k scroll"), classes="how -foot", markup=False)
