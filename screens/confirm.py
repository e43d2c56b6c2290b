"""The question before an act. Cancel has the focus; `y` or a typed phrase says yes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from operations.plan.models import ConfirmLevel
from screens.dialog import Dialog, Sheet
from screens.ports import ActPreview, Banner
from screens.preview_lines import preview_lines
from screens.text import clean, content
from screens.widgets.field import Field
from state.events import Direction


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The operator said yes, and why if they said so."""

    reason: str


class ConfirmScreen(Dialog[Confirmed | None]):
    """Asks for one act; answers None when it is not to be done."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "yes", "Do it", show=False)]

    def __init__(
        self, preview: ActPreview, banner: Banner, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Ask about a preview."""
        super().__init__(now)
        self._preview = preview
        self._banner = banner
        self._typed = preview.level is ConfirmLevel.IRREVERSIBLE and preview.refused is None

    def compose(self) -> ComposeResult:
        """The question, the answer's inputs, Cancel first among what takes the focus."""
        preview = self._preview
        with Vertical(classes="dialog" + (" -danger" if self._typed else "")) as box:
            box.border_title = content(preview.title)
            yield Sheet(lambda width: preview_lines(preview, self._banner, width), below=self._rows_below)
            with Vertical(classes="answers"):
                with Horizontal(classes="buttons"):
                    yield Button("Close" if preview.refused else "Cancel", id="cancel", compact=True)
                    if preview.refused is None:
                        yield self.how(*self._how())
                if preview.refused is None:
                    yield from self._inputs()

    def _inputs(self) -> ComposeResult:
        if self._typed:
            with Horizontal(classes="field"):
                yield Static(content("type it"), classes="label", markup=False)
                yield Field(widget_id="phrase", placeholder=clean(self._preview.phrase or ""))
        with Horizontal(classes="field"):
            yield Static(content("reason"), classes="label", markup=False)
            yield Field(widget_id="reason", placeholder="optional; goes into the journal")

    @property
    def _rows_below(self) -> int:
        """Buttons, then a field for the reason and one for the phrase, each under an empty row."""
        return 2 + (0 if self._preview.refused else 2 + 2 * self._typed)

    def _how(self) -> tuple[str, str]:
        if self._typed:
            return "", f"Tab, type {self._preview.phrase} and press Enter"
        return "y", "roll back" if self._preview.direction is Direction.INVERSE else "run"

    def action_yes(self) -> None:
        """Say yes by key, which is enough only for what can be undone."""
        if self.awake and not self._typed and self._preview.refused is None and not self._in_input:
            self._confirm()

    @property
    def _in_input(self) -> bool:
        return isinstance(self.focused, Input)

    @on(Input.Submitted, "#phrase")
    def _phrase_given(self, event: Input.Submitted) -> None:
        event.stop()
        if self.awake and self._typed and event.value.strip() == self._preview.phrase:
            self._confirm()
        else:
            self.query_one("#phrase", Input).add_class("-wrong")

    @on(Input.Changed, "#phrase")
    def _phrase_changed(self) -> None:
        self.query_one("#phrase", Input).remove_class("-wrong")

    @on(Input.Submitted, "#reason")
    def _reason_given(self, event: Input.Submitted) -> None:
        event.stop()
        target = "#phrase" if self._typed else "#cancel"
        self.query_one(target).focus()

    def _confirm(self) -> None:
        self.dismiss(Confirmed(self.query_one("#reason", Input).value.strip()))

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        if self.awake:
            self.dismiss(None)
