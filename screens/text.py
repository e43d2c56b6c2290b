"""Text on a screen: cleaned by the one sanitiser, measured in columns, cut and padded to them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len, chop_cells
from textual.content import Content

from state.text import LONGEST, clean

__all__ = ["ELLIPSIS", "LONGEST", "ascii_only", "clean", "content", "fit", "pad", "width_of"]

ELLIPSIS = "…"


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
    return text if text.isascii() else "".join(map(_ascii_form, text))


@lru_cache(4096)
def _ascii_form(char: str) -> str:
    """One character as ASCII of the same width: its likeness, the letter under its accent, or question marks."""
    if char.isascii():
        return char
    if found := _ASCII.get(char):
        return found
    if "\u2500" <= char <= "\u257f":
        return _box_form(char)
    if "\u2580" <= char <= "\u259f":
        return "#"
    letter = unicodedata.normalize("NFKD", char)[0]
    width = cell_len(char)
    return letter if letter.isascii() and letter.isprintable() and width == 1 else "?" * width


def _box_form(char: str) -> str:
    """A line of a frame, by its name: what only runs across or only up and down is a line, everything else a corner."""
    name = unicodedata.name(char)
    across, along = "HORIZONTAL" in name or "LEFT" in name, "VERTICAL" in name or "UP" in name
    if across and not along and "DOWN" not in name and "ARC" not in name:
        return "-"
    return "|" if not across and "RIGHT" not in name and "ARC" not in name else "+"


_ASCII = {
    ELLIPSIS: "~", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "·": "-", "•": "*", "×": "x",  # noqa: RUF001
    "→": ">", "←": "<", "↑": "^", "↓": "v", "‹": "<", "›": ">", "▸": ">", "▾": "v", "▴": "^", "▶": ">", "▼": "v",  # noqa: RUF001
    "▁": "_", "▂": "_", "▔": "-", "✔": "+", "✘": "x", "✓": "+", "○": "o", "●": "*", "≤": "<", "≥": ">", "±": "~",
}  # fmt: skip
