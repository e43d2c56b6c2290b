"""An input line that does not blink: a blinking cursor costs bytes for as long as it is open."""

from __future__ import annotations

from textual import events
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

    def on_paste(self, event: events.Paste) -> None:
        """Take the first line that says something; a control character in it ends no line."""
        event.stop()
        event.prevent_default()
        lines = event.text.replace("\r", "\n").split("\n")
        text = clean(next((line for line in lines if line.strip()), ""))
        if text:
            self.replace(text, *self.selection)
