"""One row of the plan as a line: toggle, glyph and name at the left, its badge and words at the right."""

from __future__ import annotations

from collections.abc import Iterator

from screens.lines import Line, Piece, Role, line_width, piece, spread
from screens.summary import Row
from screens.text import fit, width_of

LEAST_NAME = 12
"""Columns that a name keeps before the words at its right get shorter."""


def row_line(row: Row, toggle: str, width: int) -> Line:
    """A row in exactly `width` columns: the longest words beside the whole name, else those that leave it some room.

    A badge takes what room the name and the words leave; it never takes theirs, apart from the words' longer form.
    """
    left: Line = (Piece(toggle, Role.MUTED), Piece(f"{row.glyph} ", row.role), piece(row.name))
    head = line_width(left)
    room = width - head - 2
    for word, badge in _pairs(row):
        gap = "" if not badge else "  " if badge == row.badge[0] else " "
        if width_of(badge) + len(gap) + width_of(word) <= room:
            told = (piece(badge, row.badge_role), Piece(gap)) if badge else ()
            return spread(left, (*told, piece(word, row.role), Piece(" ")), width)
    room = width - min(head, LEAST_NAME + len(toggle) + 2) - 2
    short = [word for word in row.words[-3:] if width_of(word) <= room]
    word = (short or [fit(row.words[-1], max(0, width - 2))])[0]
    return spread(left, (piece(word, row.role), Piece(" ")), width)


def _pairs(row: Row) -> Iterator[tuple[str, str]]:
    """Words with a badge, most wanted first; the last words stand for the case that nothing else fits."""
    longer = row.words[:-1] or row.words
    if row.badge:
        yield from ((word, badge) for word in row.words for badge in row.badge)
    yield from ((word, "") for word in longer)
