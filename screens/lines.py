"""Lines as data: pieces of clean text with a role each; which colour a role has is the theme's business."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from textual.content import Content

from screens.text import clean, fit, width_of


class Role(StrEnum):
    """What a piece of text is; the value is the theme's name for its colour."""

    PLAIN = "plain"
    MUTED = "muted"
    HEADING = "heading"
    STRONG = "strong"
    FRAME = "frame"
    PENDING = "phase-pending"
    READY = "phase-ready"
    BLOCKED = "phase-blocked"
    RUNNING = "phase-running"
    SUCCEEDED = "phase-succeeded"
    FAILED = "phase-failed"
    HELD = "phase-held"
    IN_DOUBT = "phase-in-doubt"
    ROLLING_BACK = "phase-rolling-back"
    ROLLED_BACK = "phase-rolled-back"
    SKIPPED = "phase-skipped"
    ATTENTION = "attention"
    LIVE = "live"
    DRILL = "drill"
    ARMED = "armed"
    READ_ONLY = "read-only"
    FOCUS = "focused"

    @property
    def bold(self) -> bool:
        """Whether it is bold as well, so that it stands out without colours."""
        return self in _BOLD

    @property
    def reverse(self) -> bool:
        """Whether it is a badge: shown in reverse."""
        return self in _BADGES


_BADGES = frozenset({Role.LIVE, Role.DRILL, Role.ARMED, Role.READ_ONLY, Role.FOCUS})
_BOLD = _BADGES | {Role.HEADING, Role.STRONG, Role.FAILED, Role.IN_DOUBT, Role.HELD, Role.ATTENTION}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of clean text in one role. Make it with `piece`, which cleans."""

    text: str
    role: Role = Role.PLAIN


Line = tuple[Piece, ...]


def piece(text: object, role: Role = Role.PLAIN) -> Piece:
    """A piece of anything."""
    return Piece(clean(text), role)


def line(*parts: Piece | str) -> Line:
    """A line of pieces; bare strings are plain."""
    return tuple(part if isinstance(part, Piece) else piece(part) for part in parts)


def line_width(pieces: Iterable[Piece]) -> int:
    """Columns that a line takes."""
    return sum(width_of(part.text) for part in pieces)


def cut(pieces: Line, width: int) -> Line:
    """A line in at most `width` columns; what is lost at the end is marked with an ellipsis."""
    if line_width(pieces) <= width:
        return pieces
    kept: list[Piece] = []
    left = width
    for part in pieces:
        taken = width_of(part.text)
        if taken >= left:
            kept.append(
                Piece(fit(part.text + " ", left) if taken == left else fit(part.text, left), part.role)
            )
            break
        kept.append(part)
        left -= taken
    return tuple(kept)


def merged(pieces: Line) -> Line:
    """The same line in as few pieces as show the same: a blank has no colour of its own, and every piece costs bytes."""
    kept: list[Piece] = []
    for part in pieces:
        if not part.text:
            continue
        last = kept[-1] if kept else None
        if last is not None and _joins(last, part):
            role = part.role if last.text.isspace() else last.role
            kept[-1] = Piece(last.text + part.text, role)
        else:
            kept.append(part)
    return tuple(kept)


def _joins(before: Piece, after: Piece) -> bool:
    """Whether two pieces look the same in one role; in a badge a blank does show."""
    if before.role is after.role:
        return True
    blank = before.text.isspace() or after.text.isspace()
    return blank and not before.role.reverse and not after.role.reverse


def changed_span(old: Line, new: Line) -> tuple[int, int]:
    """The columns from the first to behind the last that differ between two lines; all of them with wide characters."""
    before = [(char, part.role) for part in old for char in part.text]
    after = [(char, part.role) for part in new for char in part.text]
    if line_width(old) != len(before) or line_width(new) != len(after):
        return 0, max(line_width(old), line_width(new))
    start, longest = 0, max(len(before), len(after))
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = longest
    if len(before) == len(after):
        while end > start and before[end - 1] == after[end - 1]:
            end -= 1
    return start, end


def spread(left: Line, right: Line, width: int) -> Line:
    """`left` at the left and `right` at the right edge; the left one is cut when both do not fit."""
    gap = width - line_width(left) - line_width(right)
    if gap >= 1:
        return (*left, Piece(" " * gap), *right)
    room = width - line_width(right) - 1
    if room < 1:
        return cut((*left, Piece(" "), *right), width)
    left = cut(left, room)
    return (*left, Piece(" " * (width - line_width(left) - line_width(right))), *right)


def joined(parts: Iterable[Line], gap: str = "  ") -> Line:
    """Lines behind each other, those that are empty left out."""
    result: list[Piece] = []
    for part in parts:
        if not part:
            continue
        if result:
            result.append(Piece(gap))
        result.extend(part)
    return tuple(result)


def first_that_fits(candidates: Iterable[Line], width: int) -> Line:
    """The first line that needs no cut, else the last one, cut."""
    last: Line = ()
    for last in candidates:
        if line_width(last) <= width:
            return last
    return cut(last, width)


def wrapped(
    text: str, width: int, role: Role = Role.PLAIN, indent: int = 0, most: int | None = None
) -> list[Line]:
    """Clean text broken into lines at blanks, or where it must; `most` lines, the last one with an ellipsis."""
    room = max(8, width - indent)
    plain = clean(text)
    rows = (
        [row.plain.rstrip() for row in Content(plain).fold(room)] if " " not in plain else _fill(plain, room)
    )
    if most is not None and len(rows) > most:
        rows = [*rows[: most - 1], fit(rows[most - 1] + " " + rows[most], room)]
    return [(Piece(" " * indent), Piece(row, role)) if indent else (Piece(row, role),) for row in rows]


def _fill(text: str, room: int) -> list[str]:
    rows, row = [], ""
    for word in text.split(" "):
        while width_of(word) > room:
            head = fit(word, room)[:-1] or word[:1]
            rows += [row, head] if row else [head]
            row, word = "", word[len(head) :]
        if row and width_of(row) + 1 + width_of(word) > room:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}" if row else word
    return [*rows, row]


def as_content(pieces: Line) -> Content:
    """A line for a widget that shows `Content`, with theme colours."""
    return Content.assemble(*((part.text, _style(part.role)) for part in pieces))


def _style(role: Role) -> str:
    if role in (Role.PLAIN, Role.STRONG, Role.HEADING):
        return "bold" if role.bold else ""
    words = [f"${role.value}", *(["bold"] if role.bold else []), *(["reverse"] if role.reverse else [])]
    return " ".join(words)
