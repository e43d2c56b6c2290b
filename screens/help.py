"""Help, made of the one table of commands."""

from __future__ import annotations

from collections.abc import Sequence

from operations.plan.proofs import Standing
from screens.action import Action, Scope
from screens.glyphs import Glyphs
from screens.keys import Keys
from screens.lines import Line, Role, line, piece, wrapped
from screens.proof_lines import PROOF_ROLE, proof_glyph
from screens.proof_words import SHORT
from screens.reading import ReadingScreen
from screens.words import STATE_ROLE, state_word
from state.projections.states import OperationState

_KEYS = 13
"""Columns for keys."""
_BADGES = {
    Standing.PROVEN: "proven: it went forward and back, and nothing differed",
    Standing.CHANGED: "changed since it was proven",
    Standing.UNPROVEN: "unproven: not rehearsed, or not to be rehearsed",
    Standing.FAILED: "unproven: its last rehearsal failed",
    Standing.IRREVERSIBLE: "no way back: not reversible",
}
_CLAIMS = (
    "claim 100: somebody says 100 %; nothing has checked it.",
    "ev 3/12 2 d: 3 of 12 checks passed last time, the newest of them 2 days ago.",
)


class HelpScreen(ReadingScreen):
    """Every command with its keys and its `:` form, then every glyph with its word."""

    def __init__(self, actions: Sequence[Action], glyphs: Glyphs) -> None:
        """Show these commands."""
        super().__init__("Help", lambda width: help_lines(actions, glyphs, width), Keys(actions))


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
    rows.append(line(piece(f" {glyphs.claimed} claimed, no evidence", Role.MUTED)))
    rows += [(), line(piece("Ways back, as rehearsed in the sandbox", Role.HEADING))]
    for standing, told in _BADGES.items():
        short = f"{proof_glyph(standing, glyphs)}{SHORT[standing]}"
        rows.append(line(piece(f" {short:<8}{told}", PROOF_ROLE[standing])))
    rows += [(), line(piece("Claims and evidence", Role.HEADING))]
    for row in _CLAIMS:
        rows += wrapped(row, width, indent=1)
    return rows


def _action_rows(action: Action, width: int) -> list[Line]:
    usage = f"{action.usage}  " if action.usage else ""
    rows = wrapped(f"{usage}{action.help}", width - _KEYS - 1)
    keys = action.shown_keys
    return [
        (piece(f" {keys if index == 0 else '':<{_KEYS}}", Role.STRONG), *row)
        for index, row in enumerate(rows)
    ]
