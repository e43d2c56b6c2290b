"""The one sanitiser: text from AWS, a plan or a journal becomes harmless before any screen shows it."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len, chop_cells
from textual.content import Content

ELLIPSIS = "…"
LONGEST = 4000
"""Characters of one piece of text that are looked at; a screen has no room for more."""

_SPACES = dict.fromkeys(map(ord, "\t\n\r\v\f\x85\u2028\u2029"), " ")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that never reach a terminal: controls (C0, C1, ESC), formats (bidi, zero width), surrogates."""


def clean(value: object, limit: int = LONGEST) -> str:
    """What may be shown of a value: one line without control, bidi or zero-width characters.

    Line breaks and tabs become spaces. Never raises, whatever the text holds.
    """
    text = str(value)[:limit].translate(_SPACES)
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for char in text if not _harmful(char))


def _harmful(char: str) -> bool:
    return unicodedata.category(char) in _DROPPED or "\ufe00" <= char <= "\ufe0f"


def content(value: object) -> Content:
    """A value as text that no markup parser looks into."""
    return Content(clean(value))


def width_of(text: str) -> int:
    """Columns that a cleaned text takes."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int) -> str:
    """A cleaned text in at most `width` columns, its loss marked with an ellipsis."""
    if width <= 0:
        return ""
    if width_of(text) <= width:
        return text
    if width == 1:
        return ELLIPSIS
    return chop_cells(text, width - 1)[0].rstrip() + ELLIPSIS


def pad(text: str, width: int) -> str:
    """A cleaned text in exactly `width` columns."""
    fitted = fit(text, width)
    return fitted + " " * (width - width_of(fitted))


def ascii_only(text: str) -> str:
    """A cleaned text for terminals without UTF-8, as wide as before; what has no ASCII form becomes a question mark."""
    if text.isascii():
        return text
    return "".join(char if char.isascii() else _ASCII.get(char, "?" * cell_len(char)) for char in text)


_ASCII = {ELLIPSIS: "~", "–": "-", "—": "-", "’": "'", "→": ">", "‹": "<", "›": ">", "·": "-"}  # noqa: RUF001
