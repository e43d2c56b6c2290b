"""A widget that shows lines, scrolls them and sends only those that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from screens.glyphs import ASCII, ASCII_CLASS, UNICODE
from screens.lines import Line, Piece, Role, changed_span, cut, merged, piece
from screens.text import ascii_only
from screens.widgets.roles import role_style

MARK = ">"
"""Stands before the line under the cursor, which is shown in other colours or in reverse as well."""
WHEEL_LINES = 3
"""Lines that one notch of the mouse wheel moves."""


class LineView(Widget):
    """Lines with their own scrolling, so that new lines never lay the screen out again.

    With a cursor, up and down move it; without one they scroll. `follow` keeps the last line in sight until somebody
    scrolls up.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-view--cursor"}
    DEFAULT_CSS = (
        "LineView { height: 1fr; }\n"
        "LineView:focus > .line-view--cursor { background: $cursor; color: $cursor-text; text-style: bold; }\n"
        "LineView:focus:nocolor > .line-view--cursor { text-style: bold reverse; }\n"
    )

    top: var[int] = var(0)
    """The first line in sight."""

    def __init__(
        self,
        *,
        cursor: bool = False,
        follow: bool = False,
        focusable: bool = True,
        widget_id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a view without lines."""
        super().__init__(id=widget_id, classes=classes, markup=False)
        self.can_focus = focusable
        self._edge = ""
        self._lines: tuple[Line, ...] = ()
        self._cursor: int | None = 0 if cursor else None
        self._follow = follow

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    @property
    def cursor(self) -> int | None:
        """The line under the cursor, None without a cursor or without lines."""
        return self._cursor if self._lines else None

    @property
    def chosen_text(self) -> str:
        """The whole text of the line under the cursor; without a cursor, of the lines in sight."""
        first = self.top if self.cursor is None else self.cursor
        count = max(1, self.content_size.height) if self.cursor is None else 1
        rows = ("".join(part.text for part in row).strip() for row in self._lines[first : first + count])
        return "\n".join(rows)

    @property
    def following(self) -> bool:
        """Whether the last line is kept in sight."""
        return self._follow

    @property
    def room(self) -> int:
        """Columns for a line."""
        return max(0, self.content_size.width - len(self._edge))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many rows as there are lines, for an automatic height."""
        return max(1, len(self._lines))

    def set_edge(self, edge: str) -> None:
        """Draw something else at the left of every line."""
        if edge != self._edge:
            self._edge = edge
            self.refresh()

    def show(self, lines: Sequence[Line]) -> None:
        """Replace the lines; only those in sight that differ are drawn again."""
        new = tuple(lines)
        if new == self._lines:
            return
        old, self._lines = self._lines, new
        cursor = self._cursor
        if self._cursor is not None:
            self._cursor = min(self._cursor, max(0, len(new) - 1))
        before = self.top
        self.set_reactive(LineView.top, self._last_top() if self._follow else min(before, self._last_top()))
        if self.top != before or self._cursor != cursor:
            self.refresh()
            return
        height = self.content_size.height
        marks = {0, height - 1} if len(new) != len(old) else set()
        for row in range(height):
            was, now = _line_at(old, self.top + row), _line_at(new, self.top + row)
            if row in marks:
                self._refresh_row(row)
            elif was != now:
                start, end = changed_span(was, now)
                self.refresh(Region(start + len(self._edge), row, end - start + 1, 1))

    def _refresh_row(self, row: int) -> None:
        self.refresh(Region(0, row, self.content_size.width, 1))

    def _last_top(self) -> int:
        return max(0, len(self._lines) - max(1, self.content_size.height))

    def on_resize(self) -> None:
        """Keep the lines in sight that were."""
        self.top = self._last_top() if self._follow else min(self.top, self._last_top())
        if self._cursor is not None:
            self._see(self._cursor)

    def watch_top(self) -> None:
        """Scrolling draws everything in sight."""
        self.refresh()

    def scroll_lines(self, count: int) -> None:
        """Scroll by lines, up when negative."""
        self.top = max(0, min(self.top + count, self._last_top()))
        if self._follows_when_last:
            self._follow = self.top >= self._last_top()

    _follows_when_last = False
    """Whether scrolling to the end begins to follow, and scrolling up ends it."""

    def move_by(self, count: int) -> None:
        """Move the cursor by lines, or scroll where there is none."""
        if self._cursor is None:
            self.scroll_lines(count)
        else:
            self.move_to(self._cursor + count)

    def move_to(self, index: int) -> None:
        """Put the cursor on a line, as near as there is one, and bring it in sight."""
        if self._cursor is None:
            self.scroll_lines(index - self.top)
            return
        index = max(0, min(index, len(self._lines) - 1))
        if index == self._cursor:
            return
        old, self._cursor = self._cursor, index
        top = self.top
        self._see(index)
        if self.top == top:
            self._refresh_row(old - top)
            self._refresh_row(index - top)

    def _see(self, index: int) -> None:
        height = max(1, self.content_size.height)
        if index < self.top:
            self.top = index
        elif index >= self.top + height:
            self.top = index - height + 1

    def page(self, direction: int) -> None:
        """Move by one screenful, up when negative."""
        self.move_by(direction * max(1, self.content_size.height - 1))

    def go_top(self) -> None:
        """To the first line."""
        self.move_to(0)

    def go_bottom(self) -> None:
        """To the last line."""
        self.move_to(len(self._lines))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls."""
        event.stop()
        self.scroll_lines(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls."""
        event.stop()
        self.scroll_lines(-WHEEL_LINES)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a line."""
        if self._cursor is not None and (offset := event.get_content_offset(self)) is not None:
            self.move_to(self.top + offset.y)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """The cursor looks different with and without the focus."""
        super().watch_has_focus(_has_focus)
        if self._cursor is not None:
            self._refresh_row(self._cursor - self.top)

    def render_line(self, y: int) -> Strip:
        """One row: the edge, the line, and a mark where more lines hide."""
        base = self.rich_style
        width = self.content_size.width
        index = self.top + y
        pieces = self._lines[index] if index < len(self._lines) else ()
        mark = self._mark(y)
        room = self.room - (1 if mark else 0)
        chosen = index == self._cursor and bool(self._lines) and self.has_focus
        plain = ascii_only if self.app.has_class(ASCII_CLASS) else str
        shown = marked(pieces) if chosen else pieces
        segments = [
            Segment(plain(part.text), self._style_of(part, base, chosen=chosen))
            for part in merged(cut(shown, room))
        ]
        if self._edge:
            segments.insert(0, Segment(self._edge, base + role_style(self, Role.FRAME)))
        filler = base + self.get_component_rich_style("line-view--cursor") if chosen else base
        strip = Strip(segments).simplify().adjust_cell_length(max(0, width - (1 if mark else 0)), filler)
        if mark:
            strip = Strip([*strip, Segment(mark, base + role_style(self, Role.MUTED))])
        return strip

    def _mark(self, y: int) -> str:
        height = self.content_size.height
        if height < 1:
            return ""
        glyphs = ASCII if self.app.has_class(ASCII_CLASS) else UNICODE
        if y == height - 1 and self.top < self._last_top():
            return glyphs.more_below
        return glyphs.more_above if y == 0 and self.top > 0 else ""

    def _style_of(self, part: Piece, base: Style, *, chosen: bool) -> Style:
        if chosen:
            return base + self.get_component_rich_style("line-view--cursor")
        return base + role_style(self, part.role)


def marked(pieces: Line) -> Line:
    """A line with the cursor's mark at its left, in the blank that rows begin with: colours alone do not show a cursor."""
    text = "".join(part.text for part in pieces[:1])
    if not text.startswith(" "):
        return (piece(MARK), *pieces)
    return (piece(MARK, pieces[0].role), piece(text[1:], pieces[0].role), *pieces[1:])


def _line_at(lines: Sequence[Line], index: int) -> Line:
    """A line, an empty one behind the last."""
    return lines[index] if index < len(lines) else ()
