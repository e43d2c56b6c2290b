"""A plain question: a few lines, Cancel in focus, `y` says yes. Used for pause, resume, cancel and quit."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from enum import Enum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from screens.dialog import Dialog, Sheet
from screens.lines import Line, wrapped
from screens.text import content


class Answer(Enum):
    """Yes, and nothing else: no answer is None."""

    YES = "yes"


class AskScreen(Dialog[Answer | None]):
    """Asks one thing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "yes", "Yes", show=False)]

    def __init__(
        self, title: str, texts: Sequence[str], verb: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Ask with a title and paragraphs; `verb` is what `y` does."""
        super().__init__(now)
        self._title = title
        self._texts = tuple(texts)
        self._verb = verb

    def compose(self) -> ComposeResult:
        """The lines above the answers."""
        with Vertical(classes="dialog -small") as box:
            box.border_title = content(self._title)
            yield Sheet(self._lines, below=2)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel", compact=True)
                yield self.how("y", self._verb)

    def _lines(self, width: int) -> list[Line]:
        return [row for text in self._texts for row in wrapped(text, width)]

    def action_yes(self) -> None:
        """Say yes."""
        if self.awake:
            self.dismiss(Answer.YES)

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        if self.awake:
            self.dismiss(None)
