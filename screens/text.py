"""Text on a screen: cleaned by the one sanitiser, measured in columns, cut and padded to them."""

from __future__ import annotations

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
    if text.isascii():
        return text
    return "".join(char if char.isascii() else _ASCII.get(char, "?" * cell_len(char)) for char in text)


_ASCII = {ELLIPSIS: "~", "–": "-", "—": "-", "’": "'", "→": ">", "‹": "<", "›": ">", "·": "-"}  # noqa: RUF001
