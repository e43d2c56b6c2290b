"""Where a movement key goes, whatever pane it is pressed in."""

from __future__ import annotations

from enum import StrEnum

from textual.widget import Widget

from screens.widgets.line_view import LineView
from screens.widgets.plan_tree import PlanTree


class Move(StrEnum):
    """One movement."""

    DOWN = "down"
    UP = "up"
    INTO = "into"
    OUT = "out"
    TOP = "top"
    BOTTOM = "bottom"
    PAGE_DOWN = "page_down"
    PAGE_UP = "page_up"


def move_in(body: Widget, move: Move) -> None:
    """Move in the body of a pane."""
    if isinstance(body, PlanTree):
        _move_tree(body, move)
    elif isinstance(body, LineView):
        _move_lines(body, move)


def _move_tree(tree: PlanTree, move: Move) -> None:
    match move:
        case Move.DOWN:
            tree.action_cursor_down()
        case Move.UP:
            tree.action_cursor_up()
        case Move.TOP:
            tree.action_scroll_home()
        case Move.BOTTOM:
            tree.action_scroll_end()
        case Move.PAGE_DOWN:
            tree.action_page_down()
        case Move.PAGE_UP:
            tree.action_page_up()
        case Move.INTO:
            tree.go_in()
        case Move.OUT:
            tree.go_out()


def _move_lines(view: LineView, move: Move) -> None:
    match move:
        case Move.DOWN:
            view.move_by(1)
        case Move.UP:
            view.move_by(-1)
        case Move.TOP:
            view.go_top()
        case Move.BOTTOM:
            view.go_bottom()
        case Move.PAGE_DOWN:
            view.page(1)
        case Move.PAGE_UP:
            view.page(-1)
