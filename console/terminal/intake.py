"""Cuts what a terminal sends into keys, pastes and its other news, however the bytes were broken up on their way.

Textual's parser reads escape sequences character by character against a clock. In a paste it takes an escape
character for a key and eats what follows; behind a sequence that it does not know it eats what is typed; and on a
loaded machine it takes the first half of a sequence for keys. So it is only given whole sequences here, one at a time.
"""

from __future__ import annotations

import re
from typing import Final

from textual import constants, events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

ESC: Final = "\x1b"
PASTE_MOST: Final = 1 << 20
"""Characters of one paste that are kept; no line takes so many."""
HALF_SECONDS: Final = 1.0
"""How long the second half of a sequence is waited for once its first half cannot be keys of a person."""
PASTE_SECONDS: Final = 10.0
"""How long a paste may stand still before it counts as over: a lost end must not leave the console deaf."""

_WHOLE: Final = re.compile(
    r"\x1b\[\[."  # the function keys of Linux' own terminal
    r"|\x1b\[M.{3}"  # the oldest way to tell of the mouse
    r"|\x1b\[(?![\[M])[0-?]*[ -/]*[@-~]"  # ECMA-48 5.4: control sequences
    r"|\x1bO[ -~]"
    r"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)"  # ECMA-48 5.6: control strings, which answer what nobody asked
    r"|\x1b(?=\x1b)"
    r"|\x1b[^\[O\]P_^X\x1b]",
    re.DOTALL,
)
_BEGUN: Final = re.compile(r"\x1b(?:\[(?:\[|M.{0,2}|[0-?]*[ -/]*)|O|[\]P_^X][^\x07\x1b]*\x1b?)?", re.DOTALL)
_CONTROL: Final = re.compile(r"\x1b\[[0-?]*[ -/]*")
_STRINGS: Final = frozenset("]P_^X")


class Intake:
    """Takes text as it comes, in any pieces, and answers what a console is to be told."""

    def __init__(self) -> None:
        self._parser = XTermParser()
        self._held = ""
        self._paste: list[str] | None = None
        self._room = PASTE_MOST

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which `give_up` is due; None when nothing is waited for."""
        if self._paste is not None:
            return PASTE_SECONDS
        if not self._held:
            return None
        half = _CONTROL.fullmatch(self._held)
        return HALF_SECONDS if half and len(self._held) > 2 else constants.ESCAPE_DELAY

    def feed(self, text: str) -> list[Message]:
        """What came with this piece and all before it."""
        told: list[Message] = []
        rest, self._held = self._held + text, ""
        while rest:
            rest = self._of_paste(rest, told) if self._paste is not None else self._of_keys(rest, told)
        return told

    def give_up(self) -> list[Message]:
        """Nothing more came: an escape character that stands alone is the key, half a sequence is nothing."""
        held, self._held = self._held, ""
        if self._paste is not None:
            return [self._pasted()]
        if not held or (_CONTROL.fullmatch(held) and len(held) > 2):
            return []
        return [_escape(), *self.feed(held[1:])]

    def _of_keys(self, text: str, told: list[Message]) -> str:
        """Take what stands first; what is left is answered."""
        at = text.find(ESC)
        if at != 0:
            plain = text if at < 0 else text[:at]
            # what was typed before the terminal was the console's has line feeds for Enter
            told += self._parser.feed(plain.replace("\n", "\r"))
            return text[len(plain) :]
        whole = _WHOLE.match(text)
        if whole is not None:
            return self._of_sequence(whole.group(), text[whole.end() :], told)
        if _BEGUN.fullmatch(text):
            self._held = text
            return ""
        broken = _CONTROL.match(text)
        if broken is not None and broken.end() > 2:
            return text[broken.end() :]
        told.append(_escape())
        return text[1:]

    def _of_sequence(self, sequence: str, rest: str, told: list[Message]) -> str:
        if sequence == BRACKETED_PASTE_START:
            self._paste, self._room = [], PASTE_MOST
            return rest
        if sequence == ESC:
            told.append(_escape())
            return rest
        if sequence == BRACKETED_PASTE_END or sequence[1] in _STRINGS:
            return rest
        found = list(self._parser.feed(sequence))
        told += found
        if found:
            return rest
        self._begin_anew()
        if len(sequence) > 2:
            return rest
        told.append(_escape())  # the key, and one that was pressed right behind it
        return sequence[1] + rest

    def _begin_anew(self) -> None:
        """A parser that waits for the rest of a sequence it does not know would eat what is typed next."""
        known, self._parser = self._parser, XTermParser()
        for name in ("last_x", "last_y", "mouse_pixels", "terminal_size", "terminal_pixel_size"):
            setattr(self._parser, name, getattr(known, name))

    def _of_paste(self, text: str, told: list[Message]) -> str:
        """Nothing in a paste is a key: all of it is text, up to its end."""
        end = text.find(BRACKETED_PASTE_END)
        if end >= 0:
            self._keep(text[:end])
            told.append(self._pasted())
            return text[end + len(BRACKETED_PASTE_END) :]
        held = next(
            (n for n in range(len(BRACKETED_PASTE_END) - 1, 0, -1) if text.endswith(BRACKETED_PASTE_END[:n])),
            0,
        )
        self._keep(text[: len(text) - held])
        self._held = text[len(text) - held :]
        return ""

    def _keep(self, text: str) -> None:
        assert self._paste is not None  # noqa: S101 - the callers have looked
        kept = text[: self._room]
        self._room -= len(kept)
        self._paste.append(kept)

    def _pasted(self) -> events.Paste:
        text, self._paste = "".join(self._paste or ()), None
        return events.Paste(text.replace("\0", ""))


def _escape() -> events.Key:
    return events.Key("escape", ESC)
