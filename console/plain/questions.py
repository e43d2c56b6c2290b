"""How the line mode asks: a whole word says yes, each field is a line, every refusal is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from console.acts.forms import REFUSALS
from console.plain.talk import Talk
from screens.entry import Entry, Given
from screens.ports import Banner
from screens.preview_lines import place_lines

Seen = TypeVar("Seen")
YES = "yes"
"""What says yes to what can be undone; what cannot wants its own name."""
READ_ONLY = "read-only: arm to act"
WIDTH = 400
"""Columns to which a question is not cut."""
NOTHING_DONE = "nothing was done"


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks one thing at a time; `banner` answers what is known now of where the console stands."""

    talk: Talk
    banner: Callable[[], Banner]

    def place(self) -> None:
        """Say where it would happen and as whom."""
        self.talk.say_lines(place_lines(self.banner(), WIDTH))

    def yes(self, verb: str, word: str = YES) -> bool:
        """Whether somebody types the word; says that nothing was done when not."""
        if self.talk.ask(f"Type {word} to {verb}, anything else does nothing:") == word:
            return True
        self.talk.say(NOTHING_DONE)
        return False

    def given(self, entries: Sequence[Entry]) -> Given | None:
        """What is typed for each field; an empty line takes what stands there already. None: one was not answered."""
        given: dict[str, str] = {}
        for entry in entries:
            typed = self.talk.ask(f"{entry.name}, {entry.hint}{_default(entry)}:")
            if typed is None or not entry.accepts(typed or entry.value):
                self.talk.say(NOTHING_DONE if typed is None else f"{entry.name} is needed; {NOTHING_DONE}")
                return None
            given[entry.name] = typed or entry.value
        return given

    def tried(self, call: Callable[[], Seen]) -> Seen | None:
        """What a call answers; None when it was refused, which is said."""
        try:
            return self.talk.busy(call)
        except REFUSALS as error:
            self.talk.say(str(error))
            return None

    def sent(self, call: Callable[[], object], done: str) -> bool:
        """Do something, and say that it is done, or why not."""
        try:
            self.talk.busy(call)
        except REFUSALS as error:
            self.talk.say(str(error))
            return False
        self.talk.say(done)
        return True


def _default(entry: Entry) -> str:
    if entry.value:
        return f"; an empty line takes {entry.value}"
    return "" if entry.required else "; may stay empty"
