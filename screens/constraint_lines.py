"""Constraints as lines: the worst that stand in the way first."""

from __future__ import annotations

from collections.abc import Sequence

from operations.plan.registers import Constraint
from screens.glyphs import Glyphs
from screens.lines import Line, Role, line, piece, spread, wrapped
from screens.text import clean, pad
from screens.words import SEVERITY_ORDER, SEVERITY_ROLE, state_word

ROOM_FOR_BLOCKS = 64
"""Columns from which a row has room for what the constraint blocks."""


def by_urgency(constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Unsettled before settled, then by severity, then as in the plan."""
    return tuple(sorted(constraints, key=lambda each: (each.status.settled, SEVERITY_ORDER[each.severity])))


def open_note(constraints: Sequence[Constraint]) -> Line:
    """For the pane's title: how many are not settled."""
    unsettled = sum(not each.status.settled for each in constraints)
    role = Role.ATTENTION if unsettled else Role.MUTED
    return (piece(f"{unsettled} open", role), piece(f" of {len(constraints)}", Role.MUTED))


def constraint_line(constraint: Constraint, glyphs: Glyphs, width: int) -> Line:
    """Severity, title, what it blocks, status."""
    settled = constraint.status.settled
    role = Role.MUTED if settled else SEVERITY_ROLE[constraint.severity]
    glyph = glyphs.good if settled else glyphs.warning
    head = piece(f"{glyph} {pad(constraint.severity.value, 8)} ", role)
    title = piece(f"{constraint.id} {constraint.title}", Role.MUTED if settled else Role.PLAIN)
    status = piece(state_word(constraint.status), role)
    if width < ROOM_FOR_BLOCKS:
        return spread((head, title), (status,), width)
    blocks = f"blocks {', '.join(constraint.blocks)}" if constraint.blocks and not settled else ""
    column = width // 3
    end = (piece(pad(clean(blocks), column), Role.MUTED), piece(f" {status.text:>11}", role))
    return spread((head, title), end, width)


def constraint_page(constraint: Constraint, width: int) -> list[Line]:
    """Everything about one constraint."""
    settled = "settled" if constraint.status.settled else "not settled"
    rows = wrapped(constraint.title, width, Role.STRONG)
    facts = [
        f"{constraint.severity.value}, {state_word(constraint.status)} ({settled}), {constraint.progress:g} % done",
        f"category {constraint.category}",
    ]
    if constraint.owner or constraint.role:
        facts.append(f"owner {constraint.owner or '-'}, role {constraint.role or '-'}")
    if constraint.weeks:
        facts.append(f"weeks {constraint.weeks[0]} to {constraint.weeks[-1]}")
    facts.append(f"blocks {', '.join(constraint.blocks) or 'nothing'}")
    for fact in facts:
        rows += wrapped(fact, width)
    if constraint.impact:
        rows += [line(piece("impact", Role.HEADING)), *wrapped(constraint.impact, width, indent=1)]
    if constraint.mitigation:
        rows.append(line(piece("mitigation", Role.HEADING)))
        rows += [row for text in constraint.mitigation for row in wrapped(text, width, indent=1)]
    return rows
