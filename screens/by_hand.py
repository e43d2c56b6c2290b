"""The question before an answer by hand: what it means, what was seen, why; Cancel has the focus and a reason is wanted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from screens.by_hand_port import HandPreview
from screens.dialog import Dialog, Sheet
from screens.hand_lines import hand_lines
from screens.ports import Banner
from screens.text import clean, content
from screens.widgets.field import Field


@dataclass(frozen=True, slots=True)
class Answered:
    """What the operator answered, and why."""

    reason: str
    choice: str | None = None


class HandScreen(Dialog[Answered | None]):
    """Asks for one answer by hand; None when there is none."""

    def __init__(
        self, preview: HandPreview, banner: Banner, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Ask about a preview."""
        super().__init__(now)
        self._preview = preview
        self._banner = banner

    def compose(self) -> ComposeResult:
        """The question; Cancel first among what takes the focus."""
        preview = self._preview
        with Vertical(classes="dialog") as box:
            box.border_title = content(preview.title)
            yield Sheet(lambda width: hand_lines(preview, self._banner, width), below=self._rows_below)
            with Vertical(classes="answers"):
                with Horizontal(classes="buttons"):
                    yield Button("Close" if preview.refused else "Cancel", id="cancel", compact=True)
                    if preview.refused is None:
                        yield self.how("", self._how())
                if preview.refused is None:
                    yield from self._inputs()

    def _inputs(self) -> ComposeResult:
        if self._preview.choices:
            with Horizontal(classes="field"):
                yield Static(content("answer"), classes="label", markup=False)
                yield Field(widget_id="choice", placeholder=clean(" or ".join(self._preview.choices)))
        with Horizontal(classes="field"):
            yield Static(content("reason"), classes="label", markup=False)
            yield Field(widget_id="reason", placeholder="needed; it stands in the journal")

    @property
    def _rows_below(self) -> int:
        """Buttons, then a field for each thing that is typed, each under an empty row."""
        return 2 + (0 if self._preview.refused else 2 + 2 * bool(self._preview.choices))

    def _how(self) -> str:
        return f"Tab, type {'answer and reason' if self._preview.choices else 'the reason'} and press Enter"

    @on(Input.Submitted, "#choice")
    def _chosen(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() in self._preview.choices:
            self.query_one("#reason").focus()
        else:
            event.input.add_class("-wrong")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.input.remove_class("-wrong")

    @on(Input.Submitted, "#reason")
    def _reasoned(self, event: Input.Submitted) -> None:
        event.stop()
        reason, choice = event.value.strip(), self._choice()
        if not reason or not self.awake:
            event.input.add_class("-wrong")
        elif self._preview.choices and choice is None:
            wrong = self.query_one("#choice", Input)
            wrong.add_class("-wrong")
            wrong.focus()
        else:
            self.dismiss(Answered(reason, choice))

    def _choice(self) -> str | None:
        if not self._preview.choices:
            return None
        typed = self.query_one("#choice", Input).value.strip()
        return typed if typed in self._preview.choices else None

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        if self.awake:
            self.dismiss(None)
