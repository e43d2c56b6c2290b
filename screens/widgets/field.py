"""An input line that does not blink: a blinking cursor costs bytes for as long as it is open."""

from __future__ import annotations

from textual.widgets import Input

from screens.text import clean


class Field(Input):
    """One line of text without border and blinking."""

    def __init__(self, *, widget_id: str, value: str = "", placeholder: str = "") -> None:
        super().__init__(value, id=widget_id, placeholder=placeholder, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """What is pasted is hostile text like any other."""
        return clean(value)
