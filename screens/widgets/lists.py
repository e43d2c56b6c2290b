"""A list with a cursor that stays on its row's key, and a page beside it that is made anew for the row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.message import Message

from screens.lines import Line, Role, line, piece
from screens.widgets.bodies import Body

Row = tuple[str | None, Line]
"""A row's key, None where there is nothing to choose, and what it shows."""
LEAST = 10
"""Columns below which nothing is drawn."""


class ListBody(Body):
    """Rows made for a width. When rows change places, the cursor goes with the one that it stood on."""

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, body: ListBody) -> None:
            super().__init__()
            self.body = body

        @property
        def control(self) -> ListBody:
            """Whose cursor it is."""
            return self.body

    def __init__(self, widget_id: str, make: Callable[[int], Sequence[Row]], empty: str) -> None:
        """Make a list.

        Args:
            widget_id: its id.
            make: answers the rows for a width.
            empty: what is said when there are none.
        """
        super().__init__(cursor=True, widget_id=widget_id)
        self._make = make
        self._empty = empty
        self._keys: tuple[str | None, ...] = ()

    @property
    def chosen(self) -> str | None:
        """The key under the cursor."""
        return self._keys[self.cursor] if self.cursor is not None and self.cursor < len(self._keys) else None

    @property
    def count(self) -> int:
        """How many rows can be chosen."""
        return sum(key is not None for key in self._keys)

    def redraw(self) -> None:
        """Make the rows again."""
        if self.room <= LEAST:
            return
        before = self.chosen
        rows = self._make(self.room - 2)
        self._keys = tuple(key for key, _ in rows)
        none = line(piece(f" {self._empty}", Role.MUTED))
        self.show([(piece(" "), *row) for _, row in rows] or [none])
        if before is not None and before in self._keys and self.chosen != before:
            self.move_to(self._keys.index(before))
        elif self.chosen != before:
            self.post_message(self.Moved(self))

    def choose(self, key: str) -> bool:
        """Put the cursor on a row; False when there is none with this key."""
        if key in self._keys:
            self.move_to(self._keys.index(key))
        return key in self._keys

    def move_to(self, index: int) -> None:
        """Put the cursor on a line and tell of it."""
        before = self.cursor
        super().move_to(index)
        if self.cursor != before:
            self.post_message(self.Moved(self))


class PageBody(Body):
    """Lines to read, made for a width."""

    def __init__(self, widget_id: str, make: Callable[[int], list[Line]]) -> None:
        """Make a page of what `make` answers for a width."""
        super().__init__(widget_id=widget_id)
        self._make = make
        self._about: object = None

    def show_about(self, about: object) -> None:
        """Another subject is read from its top."""
        if about != self._about:
            self._about = about
            self.top = 0
        self.redraw()

    def redraw(self) -> None:
        """Make the lines again."""
        if self.room > LEAST:
            self.show([(piece(" "), *row) for row in self._make(self.room - 2)])
