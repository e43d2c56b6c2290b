"""One task of the RACI table as lines: who answers, who does it, who stands in, and its operations."""

from __future__ import annotations

from operations.plan.models import Plan
from operations.plan.registers import RaciRow
from screens.glyphs import Glyphs
from screens.lines import Line, Role, line, piece, spread, wrapped
from screens.summary import shown_state
from screens.words import STATE_ROLE, state_word
from state.projections.states import PlanStatus

ORDERS = ("chosen", "plan", "accountable")
"""What tasks can be sorted by."""
NOBODY = "this plan says of nobody who answers for what"


def task_lines(plan: Plan, row: RaciRow, status: PlanStatus, glyphs: Glyphs, width: int) -> list[Line]:
    """Everything about one task."""
    rows = wrapped(row.task, width, Role.STRONG)
    rows += wrapped(f"accountable {_with_stand_in(plan, row.accountable)}", width, Role.PLAIN)
    for word, people in (
        ("responsible", row.responsible),
        ("consulted", row.consulted),
        ("informed", row.informed),
    ):
        if people:
            named = ", ".join(_with_stand_in(plan, each) for each in people)
            rows += wrapped(f"{word} {named}", width, Role.MUTED)
    return rows + _operations(plan, row, status, glyphs, width)


def _with_stand_in(plan: Plan, role_id: str) -> str:
    """A role with its stand-in."""
    role = {each.id: each for each in plan.roles}.get(role_id)
    if role is None:
        return role_id
    return f"{role_id} (stand-in {role.backup})" if role.backup else role_id


def _operations(plan: Plan, row: RaciRow, status: PlanStatus, glyphs: Glyphs, width: int) -> list[Line]:
    rows: list[Line] = []
    for key in row.operations:
        operation = plan.operations.get(key)
        if operation is None:
            continue
        state = shown_state(operation, status)
        needs = f"  {' or '.join(operation.approval.roles)} must approve" if operation.approval else ""
        left = line(
            piece(f" {glyphs.states[state]} {key}", STATE_ROLE[state]),
            piece(needs, Role.ATTENTION),
        )
        rows.append(spread(left, (piece(state_word(state), STATE_ROLE[state]),), width))
    return [line(piece("operations", Role.HEADING)), *rows] if rows else []
