"""Writes the same picture in fewer bytes: only cells that change, and of each change of colour only what differs.

Textual draws whole widgets anew, at a change of focus the whole screen, and names foreground, background and emphasis for
every piece of text; with 24-bit colours that is some forty bytes a piece, more than most pieces have letters. This keeps a
copy of what stands on the terminal and sends the difference. Whatever it does not understand it passes on as it is, and takes
the screen for unknown from there; so it does when the terminal's size changes and when it is told to forget.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from rich.cells import cell_len

from console.terminal.sgr import PLAIN, Style

_PART: Final = re.compile(
    r"\x1b\[(?P<style>[0-9;]*)m"
    r"|\x1b\[(?P<row>[0-9]+);(?P<column>[0-9]+)H"
    r"|(?P<line>\r?\n)(?=\x1b\[[0-9]+;[0-9]+H)"
    r"|(?P<begin>\x1b\[\?2026h)"
    r"|(?P<end>\x1b\[\?2026l)"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|(?P<other>[\s\S])"
)
NEAR: Final = 6
"""Cells between two changes that cost less than a move of the cursor; a move takes 5 to 8 bytes."""
BEGIN: Final = "\x1b[?2026h"
END: Final = "\x1b[?2026l"
"""Around a frame, for terminals that then show it at once (synchronised output)."""

Cell = tuple[str, Style]
"""A character and its look; the second half of a wide one is an empty text."""
Size = tuple[int, int]
_NOWHERE: Final = (-1, -1)


class Thrift:
    """Rewrites everything that is written to one terminal. `size` answers its columns and rows."""

    def __init__(self, size: Callable[[], Size]) -> None:
        self._size = size
        self._known_size: Size = (0, 0)
        self._forgotten = True
        self._rows: list[list[Cell | None]] = []
        self._cursor = _NOWHERE
        self._shown = PLAIN
        self._begun = False

    def forget(self) -> None:
        """Somebody else may have written on the terminal: draw everything again when it is next drawn. From any thread."""
        self._forgotten = True

    def spare(self, text: str) -> str:
        """What to write in the place of a text."""
        size = self._size()
        if self._forgotten or size != self._known_size:
            self._forgotten, self._known_size = False, size
            self._forget_cells()
        frame = _Frame(self._rows, self._known_size[0], self._cursor, self._shown)
        for part in _PART.finditer(text):
            kind = part.lastgroup
            if kind == "begin" and not frame.touched:
                self._begun = True
            elif kind == "end" and self._begun and not frame.touched:
                self._begun = False
            elif kind in ("begin", "end", "other") or not frame.take(part):
                return self._drawn(frame) + self._raw(text[part.start() :], frame.style)
        return self._drawn(frame)

    def _forget_cells(self) -> None:
        columns, rows = self._known_size
        self._rows = [[None] * columns for _ in range(rows)]
        self._cursor = _NOWHERE

    def _drawn(self, frame: _Frame) -> str:
        """The difference, and the cursor where the whole frame would have left it."""
        pen = _Pen(self._cursor, self._shown)
        for row in sorted(frame.changed):
            for first, last in _runs(frame.changed[row], self._rows[row]):
                pen.draw(row, first, self._rows[row][first : last + 1])
        if frame.cursor != _NOWHERE:
            pen.go(*frame.cursor)
        pen.wear(frame.style)
        self._cursor, self._shown = pen.cursor, frame.style
        return self._framed("".join(pen.kept))

    def _framed(self, text: str) -> str:
        begins = BEGIN if text and self._begun else ""
        self._begun = self._begun and not begins
        return begins + text

    def _raw(self, text: str, style: Style) -> str:
        """What is not understood goes as it is; a frame's end alone changes nothing on the screen."""
        if text != END:
            self._forget_cells()
            for numbers in re.findall(r"\x1b\[([0-9;]*)m", text):
                style = style.after(numbers)
            self._shown = style
        return self._framed(text)


class _Frame:
    """What one write puts where: cells that differ from those that stand there."""

    def __init__(self, rows: list[list[Cell | None]], columns: int, cursor: Size, style: Style) -> None:
        self._rows = rows
        self._columns = columns
        self.cursor = cursor
        self.style = style
        self.changed: dict[int, set[int]] = {}
        self.touched = False

    def take(self, part: re.Match[str]) -> bool:
        """Take a part of the text in; False when what it does is not understood."""
        self.touched = True
        match part.lastgroup:
            case "style":
                self.style = self.style.after(part["style"])
                return True
            case "column":
                self.cursor = (int(part["row"]) - 1, int(part["column"]) - 1)
                return self.cursor[0] < len(self._rows) and self.cursor[1] < self._columns
            case "line":
                return self.cursor[0] + 1 < len(self._rows)
        return self._write(part["text"])

    def _write(self, text: str) -> bool:
        row, column = self.cursor
        cells = _cells(text, self.style)
        if row < 0 or cells is None or column + len(cells) > self._columns:
            return False
        there = self._rows[row]
        for at, cell in enumerate(cells, column):
            if there[at] != cell:
                there[at] = cell
                self.changed.setdefault(row, set()).add(at)
        self.cursor = (row, column + len(cells))
        _forget_halves(there, column, self.cursor[1])
        return True


def _forget_halves(row: list[Cell | None], first: int, behind: int) -> None:
    """Terminals differ in what is left of a wide character when one half of it is written over."""
    before = row[first - 1] if first else None
    if before is not None and before[0] and cell_len(before[0]) > 1:
        row[first - 1] = None
    if behind < len(row) and (after := row[behind]) is not None and after[0] == "":
        row[behind] = None


@lru_cache(maxsize=512)
def _cells(text: str, style: Style) -> tuple[Cell, ...] | None:
    """The cells of a text; None where a character has no width of its own."""
    blank = style.on_blank
    if text.isascii():
        return tuple((char, blank if char == " " else style) for char in text)
    cells: list[Cell] = []
    for char in text:
        width = cell_len(char)
        if not width:
            return None
        cells += [(char, blank if char == " " else style), ("", style)][:width]
    return tuple(cells)


def _runs(changed: set[int], row: list[Cell | None]) -> list[tuple[int, int]]:
    """The changed columns as runs, near ones as one; a row with wide characters is drawn as far as it is known."""
    if any(cell is not None and cell[0] == "" for cell in row):
        known = [column for column, cell in enumerate(row) if cell is not None]
        changed = set(known)
    runs: list[tuple[int, int]] = []
    for column in sorted(changed):
        if runs and column - runs[-1][1] <= NEAR and None not in row[runs[-1][1] : column]:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    return runs


class _Pen:
    """Writes cells with as few moves and changes of look as it can."""

    def __init__(self, cursor: Size, style: Style) -> None:
        self.kept: list[str] = []
        self.cursor = cursor
        self._style = style

    def go(self, row: int, column: int) -> None:
        """Move to a cell."""
        if self.cursor != (row, column):
            self.kept.append(f"\x1b[{row + 1};{column + 1}H")
            self.cursor = (row, column)

    def wear(self, style: Style) -> None:
        """Take on a look."""
        self.kept.append(style.from_(self._style))
        self._style = style

    def draw(self, row: int, column: int, cells: list[Cell | None]) -> None:
        """Write cells from a place on."""
        self.go(row, column)
        for cell in cells:
            char, style = cell or (" ", PLAIN)
            if char != " " or self._style.on_blank != style:
                self.wear(style)
            self.kept.append(char)
        self.cursor = (row, column + len(cells))
