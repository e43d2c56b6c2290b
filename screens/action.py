"""What a command of the console is; the table of them is the console's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where a command works; the value is the heading in help."""

    RUN = "Run and roll back"
    SAFETY = "Arming"
    ROOMS = "Rooms"
    LOOK = "Look around"
    MOVE = "Move"
    CONSOLE = "Console"


@dataclass(frozen=True, slots=True)
class Action:
    """One command. Key bindings, the `:` line, the palette and help are all made of this.

    Attributes:
        id: unique; the binding's id and the name of its handler.
        title: what the palette and help call it.
        help: one sentence.
        scope: where help lists it.
        keys: default keys as Textual names them.
        command: its name behind `:`, None when it has none.
        arguments: what may follow the name, for people.
        mutates: whether it asks for something that changes the account, or a run.
        hint: its word in the hint line at the bottom, None to leave it out.
        room: the room in which its keys work; typed behind `:` elsewhere it goes there first, by the action of that
            name. None: everywhere.
    """

    id: str
    title: str
    help: str
    scope: Scope
    keys: tuple[str, ...] = ()
    command: str | None = None
    arguments: str = ""
    mutates: bool = False
    hint: str | None = None
    room: str | None = None

    @property
    def shown_keys(self) -> str:
        """The keys as people press them."""
        return " ".join(_SHOWN.get(key, key) for key in self.keys)

    @property
    def usage(self) -> str:
        """The `:` form with its arguments, empty when there is none."""
        return f":{self.command} {self.arguments}".rstrip() if self.command else ""


_SHOWN = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "ctrl+q": "Ctrl+Q",
    "ctrl+p": "Ctrl+P",
    "ctrl+c": "Ctrl+C",
    "escape": "Esc",
    "enter": "Enter",
    "g": "gg",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "ctrl+d": "Ctrl+D",
    "ctrl+u": "Ctrl+U",
}
