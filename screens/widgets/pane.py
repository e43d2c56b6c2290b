"""A numbered pane: its title line and its body, one of which has the focus."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import var
from textual.widget import Widget

from screens.glyphs import Glyphs
from screens.lines import Line, Piece, Role, cut, line, line_width, piece
from screens.widgets.band import Band


class Pane(Vertical):
    """A body under a title; the title says the key that focuses it and shows when it has the focus."""

    DEFAULT_CSS = "Pane { height: 1fr; }"

    current: var[bool] = var(False)
    """Whether the focus is inside."""

    def __init__(self, number: int, name: str, body: Widget, *, glyphs: Glyphs, joint: str = "") -> None:
        """Make a pane; `joint` is drawn at the left of the title, where a divider meets it."""
        super().__init__(id=f"pane-{number}", classes="pane")
        self.number = number
        self.body = body
        self._label = name
        self._note: Line = ()
        self._glyphs = glyphs
        self._joint = joint
        self._title = Band(classes="pane-title")

    def compose(self) -> ComposeResult:
        """The title above the body."""
        yield self._title
        yield self.body

    def on_mount(self) -> None:
        """Show the title."""
        self._title.present(self._line)

    def retitle(self, name: str | None = None, note: Line | None = None, joint: str | None = None) -> None:
        """Change the name, the note at the right, or the joint at the left."""
        self._label = self._label if name is None else name
        self._note = self._note if note is None else note
        self._joint = self._joint if joint is None else joint
        self._title.redraw()

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """The focus has come in."""
        self.current = True

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """The focus has gone."""
        self.current = False

    def watch_current(self) -> None:
        """The title shows it."""
        self._title.redraw()

    def _line(self, width: int) -> Line:
        rule = self._glyphs.rule
        label = f" {self.number} {self._label} "
        name = piece(label, Role.FOCUS) if self.current else piece(label, Role.HEADING)
        left = (Piece(self._joint, Role.FRAME), Piece(rule, Role.FRAME), name)
        note = (piece(" "), *self._note, piece(" ")) if self._note else ()
        gap = width - line_width(left) - line_width(note) - 1
        if gap < 1:
            note, gap = (), max(0, width - line_width(left))
            return (*cut(left, width), Piece(rule * gap, Role.FRAME))
        return line(*left, Piece(rule * gap, Role.FRAME), *note, Piece(rule, Role.FRAME))
