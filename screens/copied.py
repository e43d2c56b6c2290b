"""The text that was copied, to be marked by hand where the clipboard is out of reach."""

from __future__ import annotations

from screens.keys import Keys
from screens.lines import Line, Role, wrapped
from screens.reading import ReadingScreen

MOST_LINES = 500
"""Lines that are shown; what is longer is better kept as a screenshot or an export."""


class CopiedScreen(ReadingScreen):
    """How far a text got, and the text itself."""

    def __init__(self, text: str, told: str, keys: Keys | None = None) -> None:
        """Show a text and what became of it."""
        super().__init__("Copy", lambda width: copied_lines(text, told, width), keys)


def copied_lines(text: str, told: str, width: int) -> list[Line]:
    """What became of the text, then the text, whole and without anything before it."""
    rows = wrapped(told, width, Role.MUTED)
    rows.append(())
    shown = text.rstrip("\n").split("\n")
    for row in shown[:MOST_LINES]:
        rows += wrapped(row, width) if row.strip() else [()]
    if len(shown) > MOST_LINES:
        rows += wrapped(f"and {len(shown) - MOST_LINES} lines more", width, Role.MUTED)
    return rows
