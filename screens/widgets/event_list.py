"""A list of any length of which only the rows in sight are read and held."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from textual.message import Message

from screens.glyphs import ASCII, ASCII_CLASS, UNICODE
from screens.lines import Line
from screens.widgets.bodies import Body

SHARE = 3
"""At an edge the list moves on by the third part of what is in sight: every row that moves is sent again."""


class EventList(Body):
    """Rows by number. The cursor keeps its row when rows are added, or left out."""

    class Moved(Message):
        """The cursor stands on another row."""

    def __init__(self, make: Callable[[Sequence[int], int], Sequence[Line]], widget_id: str) -> None:
        """Make a list; `make` answers the lines of some rows for a width."""
        super().__init__(cursor=True, widget_id=widget_id)
        self._make = make
        self._seqs: Sequence[int] = range(0)
        self._first = 0
        self._at = 0
        self._marked = (False, False)
        self.keeps_end = True
        """Whether the cursor goes along when rows are added at the end."""

    @property
    def chosen(self) -> int | None:
        """The row under the cursor."""
        return self._seqs[self._at] if 0 <= self._at < len(self._seqs) else None

    @property
    def position(self) -> int:
        """Which of the rows shown it is, from 1."""
        return self._at + 1 if self._seqs else 0

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._seqs)

    @property
    def _height(self) -> int:
        return max(1, self.content_size.height)

    def show_rows(self, seqs: Sequence[int]) -> None:
        """Show these rows, in rising order."""
        before, room = self.chosen, self._at - self._first
        self._seqs = seqs
        if self.keeps_end or before is None:
            self._at = max(0, len(seqs) - 1)
        else:
            self._at = max(0, bisect_right(seqs, before) - 1)
        self._first = self._at - room
        self._draw()
        if self.chosen != before:
            self.post_message(self.Moved())

    def go_to(self, seq: int) -> None:
        """Put the cursor on a row, or on the one before it where it is not shown."""
        self.move_to_row(max(0, bisect_right(self._seqs, seq) - 1))

    def redraw(self) -> None:
        """Read the rows in sight again."""
        self._draw()

    def _draw(self) -> None:
        if self.room <= 10:
            return
        height, count = self._height, len(self._seqs)
        self._first = max(0, min(self._first, count - height))
        if self._at < self._first:
            self._first = self._at
        elif self._at >= self._first + height:
            self._first = self._at - height + 1
        shown = self._seqs[self._first : self._first + height]
        self.show(self._make(shown, self.room))
        super().move_to(self._at - self._first)
        marked = (self._first > 0, self._first + height < count)
        if marked != self._marked:
            self._marked = marked
            self._refresh_row(0)
            self._refresh_row(height - 1)

    def move_to_row(self, index: int) -> None:
        """Put the cursor on the row of an index, as near as there is one."""
        index = max(0, min(index, len(self._seqs) - 1))
        if not self._seqs or index == self._at:
            return
        height, step = self._height, max(1, self._height // SHARE)
        near = abs(index - self._at) == 1
        self._at = index
        self.keeps_end = index == len(self._seqs) - 1
        if index < self._first:
            self._first = index - (step - 1 if near else height // 2)
        elif index >= self._first + height:
            self._first = index - height + (step if near else height // 2)
        self._draw()
        self.post_message(self.Moved())

    def move_by(self, count: int) -> None:
        """Move the cursor."""
        self.move_to_row(self._at + count)

    def move_to(self, index: int) -> None:
        """Put the cursor on a row in sight: a click."""
        self.move_to_row(self._first + index)

    def scroll_lines(self, count: int) -> None:
        """The wheel moves the cursor."""
        self.move_by(count)

    def go_top(self) -> None:
        """To the first row."""
        self.move_to_row(0)

    def go_bottom(self) -> None:
        """To the last row, and along with those that come."""
        self.move_to_row(len(self._seqs) - 1)
        self.keeps_end = True

    def _mark(self, y: int) -> str:
        above, below = self._marked
        glyphs = ASCII if self.app.has_class(ASCII_CLASS) else UNICODE
        if y == self._height - 1 and below:
            return glyphs.more_below
        return glyphs.more_above if y == 0 and above else ""
