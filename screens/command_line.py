"""The `:` line: a command's name, then what it is about; Tab completes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from screens.action import Action
from screens.lines import Line, Piece, Role, cut, piece
from screens.text import content
from screens.widgets.band import Band
from screens.widgets.field import Field


class CommandLineScreen(ModalScreen[str | None]):
    """Asks for a line at the bottom; answers it without the colon, None when it was left."""

    CSS_PATH = "command_line.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("tab", "complete", "Complete", show=False, priority=True),
    ]

    def __init__(self, actions: Sequence[Action], words: Sequence[str], start: str = "") -> None:
        """Ask; `words` are the ids that arguments may be."""
        super().__init__()
        self._actions = tuple(action for action in actions if action.command)
        self._words = tuple(words)
        self._start = start

    def compose(self) -> ComposeResult:
        """What fits so far, and the line."""
        with Vertical(id="command-box"):
            yield Band(widget_id="suggestions")
            with Horizontal(id="command-row"):
                yield Static(content(":"), id="colon", markup=False)
                yield Field(widget_id="command", value=self._start)

    def on_mount(self) -> None:
        """Offer everything at first."""
        self._suggest(self._start)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._suggest(event.value)

    def _suggest(self, typed: str) -> None:
        self.query_one("#suggestions", Band).present(lambda width: self._line(typed, width))

    def _line(self, typed: str, width: int) -> Line:
        name, space, argument = typed.lstrip().partition(" ")
        if space:
            usage = self._usage(name)
            matches = [word for word in self._words if argument and word.startswith(argument)][:8]
            return cut((piece(f" {usage}  ", Role.STRONG), piece("  ".join(matches), Role.MUTED)), width)
        found = [each for each in self._actions if (each.command or "").startswith(name)]
        if len(found) == 1:
            return cut((piece(f" {found[0].usage}  ", Role.STRONG), piece(found[0].help, Role.MUTED)), width)
        names = "  ".join(each.command or "" for each in found)
        return cut((Piece(" "), piece(names or "no such command", Role.MUTED)), width)

    def _usage(self, name: str) -> str:
        """What follows a name; of a shortened one, what it would be."""
        exact = [each for each in self._actions if each.command == name]
        found = exact or [each for each in self._actions if name and (each.command or "").startswith(name)]
        return found[0].usage if len(found) == 1 else "could be several" if found else "no such command"

    def action_complete(self) -> None:
        """Add what is certain."""
        box = self.query_one("#command", Input)
        completed = complete(box.value, [each.command or "" for each in self._actions], self._words)
        if completed != box.value:
            box.value = completed
            box.cursor_position = len(completed)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip() or None)

    def action_leave(self) -> None:
        """Back without a command."""
        self.dismiss(None)


def complete(typed: str, names: Sequence[str], words: Sequence[str]) -> str:
    """The line with its last word completed as far as all candidates agree."""
    head, space, last = typed.rpartition(" ")
    found = [each for each in (words if space else names) if each.startswith(last)]
    if not found:
        return typed
    common = found[0]
    for each in found[1:]:
        while not each.startswith(common):
            common = common[:-1]
    end = " " if len(found) == 1 else ""
    return f"{head}{space}{common}{end}"
