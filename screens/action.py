"""What a command of the console is; the table of them is the console's."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where a command works; the value is the heading in help."""

    RUN = "Run and roll back"
    SAFETY = "Arming"
    ROOMS = "Rooms"
    JOURNAL = "In the journal"
    TIME = "Time travel"
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
        return " ".join(map(shown_key, self.keys))

    @property
    def usage(self) -> str:
        """The `:` form with its arguments, empty when there is none."""
        return f":{self.command} {self.arguments}".rstrip() if self.command else ""


_REPLACED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Textual's names of characters where these are not Unicode's."""


def _named(char: str) -> str:
    name = unicodedata.name(char).lower().replace("-", "_").replace(" ", "_")
    return _REPLACED.get(name, name)


CHARACTERS = {_named(chr(code)): chr(code) for code in range(32, 127) if not chr(code).isalnum()}
"""ASCII characters that are no letter or figure, by the names that Textual has for their keys."""
_SHOWN = {"escape": "Esc", "g": "gg", "pageup": "PgUp", "pagedown": "PgDn", "space": "Space"}


def shown_key(key: str) -> str:
    """A key as people press it: `?`, `Ctrl+Q`, `Shift+Tab`, `F6`."""
    *held, last = key.split("+")
    if last in _SHOWN and not held:
        return _SHOWN[last]
    word = CHARACTERS.get(last) or (last if len(last) == 1 and not held else last.title())
    return "+".join([*(each.title() for each in held), word])
