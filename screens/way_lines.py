"""The way back as lines: the answer in words, then each operation in the order in which it would be undone."""

from __future__ import annotations

from operations.plan.models import Operation
from screens.back_out_lines import counted, window_words
from screens.kit import Kit
from screens.known import Known
from screens.lines import Line, Role, line, piece, spread, wrapped
from screens.ports import BackOut, FeedUpdate
from screens.proof_lines import PROOF_ROLE, badge_words
from screens.text import clean, pad
from screens.times import minutes_text
from screens.words import STATE_ROLE, state_word

ROOM_FOR_BADGE = 100
"""Columns from which a row has room for what is proven of its inverse."""
_STATE, _BADGE, _GUARDS, _MINUTES = 14, 18, 10, 9
"""Columns for the state, the badge, the guards, the minutes."""
Row = tuple[str | None, Line]
"""A line and the operation that it is about."""


def way_rows(kit: Kit, update: FeedUpdate | None, width: int) -> list[Row]:
    """The answer in words, then a row for each operation in the order in which it would be undone."""
    width -= 1
    if update is None:
        return [(None, line(piece("the journal has not been read yet", Role.MUTED)))]
    back = update.back_out
    rows: list[Row] = [
        (None, row) for text, role in _answers(kit, back) for row in wrapped(text, width, role)
    ]
    if back.order:
        rows.append((None, ()))
    spent = 0.0
    for key in back.order:
        operation = kit.plan.operations.get(key)
        if operation is None:
            continue
        spent += back.minutes_by.get(key, operation.estimate)
        rows.append(
            (key, _row(kit, update.known, operation, back.minutes_by.get(key, operation.estimate), width))
        )
        rows += [(key, row) for row in _loss(operation, width)]
    if back.order:
        one_by_one = f"{minutes_text(spent)} one by one, {minutes_text(back.minutes)} on the longest chain"
        rows.append((None, line(piece(one_by_one, Role.MUTED))))
    return rows


def _answers(kit: Kit, back: BackOut) -> list[tuple[str, Role]]:
    if not back.operations:
        return [("Nothing stands that could be undone.", Role.STRONG)]
    if not back.possible:
        blocked = ", ".join(clean(key) for key in back.blocked_by)
        return [(f"NO: past the point of no return: {blocked} cannot be undone.", Role.FAILED)]
    takes = f"YES: {counted(back.operations, 'operation')}, {minutes_text(back.minutes)}"
    source = "by the plan's estimates, or the p95 of rehearsals where that is longer"
    window = window_words(kit.plan, back, kit.clock())
    several = f"{len(back.loses)} of them lose something: it stands below each"
    lost = (
        f"Loses: {clean(back.loses[0])}"
        if len(back.loses) == 1
        else several
        if back.loses
        else "Nothing is lost"
    )
    return [
        (f"{takes}, {source}.", Role.STRONG),
        (window[:1].upper() + window[1:] + ".", Role.PLAIN),
        (
            f"Guards that must hold on the way: {back.guards}. {lost}.",
            Role.ATTENTION if back.loses else Role.PLAIN,
        ),
    ]


def _row(kit: Kit, known: Known, operation: Operation, minutes: float, width: int) -> Line:
    state = known.status.of(operation.id).state
    left = (piece(f"{kit.glyphs.states[state]} ", STATE_ROLE[state]), piece(operation.id, Role.STRONG))
    badge: Line = ()
    if width >= ROOM_FOR_BADGE:
        proof = known.proof(operation)
        badge = (piece(pad(clean(badge_words(proof, kit.glyphs)[0]), _BADGE), PROOF_ROLE[proof.standing]),)
    guards = counted(len(operation.guard), "guard") if operation.guard else ""
    right: Line = (
        *badge,
        piece(pad(state_word(state), _STATE), STATE_ROLE[state]),
        piece(pad(guards, _GUARDS), Role.MUTED),
        piece(f"{minutes_text(minutes):>{_MINUTES}}" if operation.reversible else "no way back", Role.PLAIN),
    )
    return spread(left, right, width)


def _loss(operation: Operation, width: int) -> list[Line]:
    lines: list[Line] = []
    if operation.irreversible:
        lines += wrapped(f"cannot be undone: {operation.irreversible}", width, Role.FAILED, indent=2)
    elif operation.loses != "nothing":
        role = Role.MUTED if operation.loses.startswith("nothing") else Role.ATTENTION
        lines += wrapped(f"loses {operation.loses}", width, role, indent=2)
    for kept in operation.retains:
        lines += wrapped(f"leaves behind {kept}", width, Role.MUTED, indent=2)
    return lines
