"""Leaving read-only: type the account's alias, knowing what that allows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from screens.dialog import Dialog, Sheet
from screens.lines import Line, Role, wrapped
from screens.ports import ArmPreview, Banner
from screens.preview_lines import place_lines
from screens.text import clean, content
from screens.widgets.field import Field


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed as the account's alias; whoever takes the request judges it."""

    alias: str


class ArmScreen(Dialog[Typed | None]):
    """Asks for the alias; answers None when the console stays read-only.

    The alias has the focus, not Cancel: nothing but the whole alias says yes, and Enter without it says nothing.
    """

    AUTO_FOCUS = "#alias"

    def __init__(
        self,
        phase: str | None,
        banner: Banner,
        idle_minutes: int,
        preview: ArmPreview | None = None,
        acting: str = "r and R",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask for a phase, None for all of them; `acting` is what a person presses to run and to roll back."""
        super().__init__(now)
        self._acting = acting
        self._phase = phase
        self._banner = banner
        self._idle = idle_minutes
        self._preview = preview or ArmPreview()

    def compose(self) -> ComposeResult:
        """What arming means, Cancel, the alias."""
        what = "all phases" if self._phase is None else f"phase {self._phase}"
        with Vertical(classes="dialog -small") as box:
            box.border_title = content(f"Arm {what}")
            yield Sheet(lambda width: self._lines(what, width), below=4)
            with Vertical(classes="answers"):
                with Horizontal(classes="buttons"):
                    yield Button("Cancel", id="cancel", compact=True)
                    yield self.how("Enter", "arm, once the alias is typed")
                with Horizontal(classes="field"):
                    yield Static(content("alias"), classes="label", markup=False)
                    yield Field(widget_id="alias", placeholder=clean(self.expected))

    @property
    def expected(self) -> str:
        """What has to be typed: the alias, or the account where it has none."""
        return self._banner.alias or self._banner.account

    def _lines(self, what: str, width: int) -> list[Line]:
        texts = (
            f"While it is armed, {self._acting} may ask to run and roll back operations of {what}; each asks before it acts.",
            f"It goes back to read-only after {self._idle} minutes without a key, or with :disarm.",
            f"To arm, type {self.expected}.",
        )
        rows = [*place_lines(self._banner, width), ()]
        for text in texts[:-1]:
            rows += wrapped(text, width)
        role = Role.ATTENTION if self._preview.way_back_only else Role.PLAIN
        for text in self._preview.lines:
            rows += wrapped(text, width, role)
        return [*rows, (), *wrapped(texts[-1], width, Role.STRONG)]

    @on(Input.Submitted, "#alias")
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        if self.awake and event.value.strip() == self.expected:
            self.dismiss(Typed(event.value.strip()))
        else:
            self.query_one("#alias", Input).add_class("-wrong")

    @on(Input.Changed, "#alias")
    def _changed(self) -> None:
        self.query_one("#alias", Input).remove_class("-wrong")

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        if self.awake:
            self.dismiss(None)
