"""A question with fields: lines to read, what is to be typed, Cancel in focus, `y` says yes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from screens.dialog import Dialog, Sheet
from screens.entry import Entry, Given
from screens.lines import Line
from screens.text import clean, content
from screens.widgets.field import Field


class FormScreen(Dialog[Given | None]):
    """Asks for a few words and a yes; answers None when it is not to be."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "yes", "Yes", show=False)]

    def __init__(
        self,
        title: str,
        make: Callable[[int], list[Line]],
        entries: Sequence[Entry],
        verb: str,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask; `make` answers the lines for a width, `verb` is what `y` does."""
        super().__init__(now)
        self._title = title
        self._make = make
        self._entries = tuple(entries)
        self._verb = verb

    def compose(self) -> ComposeResult:
        """The lines, Cancel, the fields."""
        with Vertical(classes="dialog -small") as box:
            box.border_title = content(self._title)
            yield Sheet(self._make, below=2 + 2 * len(self._entries))
            with Vertical(classes="answers"):
                with Horizontal(classes="buttons"):
                    yield Button("Cancel", id="cancel", compact=True)
                    yield self.how("y", f"{self._verb}   Tab  to the fields")
                for entry in self._entries:
                    with Horizontal(classes="field"):
                        yield Static(content(entry.name), classes="label", markup=False)
                        yield _field(entry)

    def action_yes(self) -> None:
        """Say yes by key, when everything is typed that must be."""
        if not self.awake or isinstance(self.focused, Input):
            return
        wrong = [entry for entry in self._entries if not entry.accepts(self._typed(entry))]
        for entry in self._entries:
            self._input(entry).set_class(entry in wrong, "-wrong")
        if wrong:
            self._input(wrong[0]).focus()
        else:
            self.dismiss({entry.name: self._typed(entry) for entry in self._entries})

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        ids = [_id(entry) for entry in self._entries]
        after = ids.index(event.input.id or "") + 1
        self.query_one(f"#{ids[after]}" if after < len(ids) else "#cancel").focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        event.input.remove_class("-wrong")

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        if self.awake:
            self.dismiss(None)

    def _input(self, entry: Entry) -> Input:
        return self.query_one(f"#{_id(entry)}", Input)

    def _typed(self, entry: Entry) -> str:
        return self._input(entry).value.strip()


def _id(entry: Entry) -> str:
    return f"entry-{entry.name.replace(' ', '-')}"


def _field(entry: Entry) -> Field:
    return Field(widget_id=_id(entry), value=clean(entry.value), placeholder=clean(entry.hint))
