"""Help, made of the one table of commands."""

from __future__ import annotations

from collections.abc import Sequence

from screens.action import Action, Scope
from screens.glyphs import Glyphs
from screens.lines import Line, Role, line, piece, wrapped
from screens.reading import ReadingScreen
from screens.words import STATE_ROLE, state_word
from state.projections.states import OperationState

_KEYS = 13
"""Columns for keys."""


class HelpScreen(ReadingScreen):
    """Every command with its keys and its `:` form, then every glyph with its word."""

    def __init__(self, actions: Sequence[Action], glyphs: Glyphs) -> None:
        """Show these commands."""
        super().__init__("Help", lambda width: help_lines(actions, glyphs, width))


def help_lines(actions: Sequence[Action], glyphs: Glyphs, width: int) -> list[Line]:
    """The help as lines."""
    rows: list[Line] = []
    for scope in Scope:
        chosen = [action for action in actions if action.scope is scope]
        if chosen:
            rows.append(line(piece(scope.value, Role.HEADING)))
            rows += [row for action in chosen for row in _action_rows(action, width)]
            rows.append(())
    rows.append(line(piece("Glyphs", Role.HEADING)))
    for state in OperationState:
        rows.append(line(piece(f" {glyphs.states[state]} {state_word(state)}", STATE_ROLE[state])))
    rows.append(line(piece(f" {glyphs.claimed} claimed, without proof", Role.MUTED)))
    return rows


def _action_rows(action: Action, width: int) -> list[Line]:
    usage = f"{action.usage}  " if action.usage else ""
    rows = wrapped(f"{usage}{action.help}", width - _KEYS - 1)
    keys = action.shown_keys
    return [
        (piece(f" {keys if index == 0 else '':<{_KEYS}}", Role.STRONG), *row)
        for index, row in enumerate(rows)
    ]
