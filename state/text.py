"""The one sanitiser: text from AWS, a plan, a tracker or the environment becomes harmless before anybody sees it.

Screens, commands and logs all use it. What a terminal could act on is dropped, or in JSON written as an escape, so
that no data is lost there. Nothing in here raises, whatever the text holds.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Final

LONGEST: Final = 4000
"""Characters of one piece of text that are looked at; a screen has no room for more."""
MARKS: Final = 4
"""Combining marks that may stand on one character; heaps of them spill over other lines."""

_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that never reach a terminal: controls (C0, DEL, C1), formats (bidi, zero width, tags), lone
surrogates, private use, and what is no character (yet)."""
_MARK_CATEGORIES: Final = frozenset({"Mn", "Me"})
_UNSEEN: Final = frozenset(
    # variation selectors, Mongolian ones, the grapheme joiner, fillers that draw nothing, Khmer inherent vowels
    [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x180B, 0x180C, 0x180D, 0x180F, 0x034F, 0x115F, 0x1160, 0x3164,
     0xFFA0, 0x17B4, 0x17B5]
)  # fmt: skip
_BREAKS: Final = frozenset(map(ord, "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"))
"""What ends a line or a field somewhere becomes a blank, so that words do not run together."""
_REMEMBERED: Final = 4096


def _harmful(code: int) -> bool:
    return code in _UNSEEN or code in _BREAKS or unicodedata.category(chr(code)) in _DROPPED


class _Table(dict[int, "str | int"]):
    """A table for `str.translate` that works every character out once."""

    def __init__(self, kept: str = "") -> None:
        super().__init__({ord(char): char for char in kept})

    def __missing__(self, code: int) -> str | int:
        found = self._replacement(code) if _harmful(code) else code
        if len(self) < _REMEMBERED:
            self[code] = found
        return found

    def _replacement(self, code: int) -> str:
        return " " if code in _BREAKS else ""


class _Escapes(_Table):
    """The same characters as JSON escapes; beyond the basic plane as two surrogates, as JSON has it."""

    def _replacement(self, code: int) -> str:
        return _escaped(chr(code))


def _escaped(char: str) -> str:
    raw = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{raw[start : start + 4]}" for start in range(0, len(raw), 4))


_ONE_LINE: Final = _Table()
_LINES: Final = _Table(kept="\n")
_JSON: Final = _Escapes(kept="\n")


def clean(value: object, limit: int = LONGEST) -> str:
    """What may be shown of a value: one line without control, bidi, zero-width or other unseen characters.

    Line breaks and tabs become spaces; what is longer than `limit` characters is cut.
    """
    text = as_text(value)[:limit]
    if text.isascii() and text.isprintable():
        return text
    return _without_heaps(text.translate(_ONE_LINE))


def clean_lines(value: object) -> str:
    """The same for text that has lines of its own, such as a table: its line feeds stay, and nothing is cut."""
    text = as_text(value)
    return _without_heaps(text.translate(_LINES))


def as_json(value: Any, *, indent: int | None = None) -> str:
    """A value as JSON whose text no terminal acts on: what `clean` would drop is written as `\\uXXXX`.

    It parses back to the same value.
    """
    separators = None if indent is not None else (", ", ": ")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators).translate(_JSON)


def ascii_json(text: str) -> str:
    """The same JSON in ASCII alone, for a stream that can hold no more; it parses back to the same value."""
    return text if text.isascii() else "".join(char if char.isascii() else _escaped(char) for char in text)


def as_text(value: object) -> str:
    """`str(value)`; the type's name where there is none, e.g. for an integer of more than 4,300 digits."""
    if isinstance(value, str):
        return value
    try:
        return str(value)
    except (ValueError, RecursionError):
        return f"<{type(value).__name__}>"


def _without_heaps(text: str) -> str:
    """Without the combining marks beyond the first few on one character."""
    if text.isascii() or not _has_heap(text):
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char) in _MARK_CATEGORIES else 0
        if run <= MARKS:
            kept.append(char)
    return "".join(kept)


def _has_heap(text: str) -> bool:
    run = 0
    for char in text:
        run = run + 1 if char >= "\u0300" and unicodedata.combining(char) else 0
        if run > MARKS:
            return True
    return False
