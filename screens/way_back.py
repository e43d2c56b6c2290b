"""The way back, operation by operation: in which order, how long, which guards must hold, what is lost, by when to begin."""

from __future__ import annotations

from collections.abc import Sequence

from operations.plan.models import Operation
from screens.action import Action
from screens.back_out_lines import counted, window_words
from screens.kit import Kit
from screens.lines import Line, Role, line, piece, spread, wrapped
from screens.ports import BackOut, FeedUpdate
from screens.proof_lines import PROOF_ROLE, badge_words
from screens.room import Room, Seen
from screens.text import clean, pad
from screens.times import minutes_text
from screens.widgets.bodies import Body
from screens.widgets.stage import Stacked
from screens.words import STATE_ROLE, state_word

ROOM_FOR_BADGE = 100
"""Columns from which a row has room for what is proven of its inverse."""
_STATE, _BADGE, _GUARDS, _MINUTES = 14, 18, 10, 9
"""Columns for the state, the badge, the guards, the minutes."""
Row = tuple[str | None, Line]
"""A line and the operation that it is about."""


class WayBackBody(Body):
    """The lines; the cursor stands on an operation."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(cursor=True, widget_id="way-back")
        self._kit = kit
        self._seen: Seen | None = None
        self._keys: tuple[str | None, ...] = ()

    @property
    def chosen(self) -> str | None:
        """The operation under the cursor."""
        return self._keys[self.cursor] if self.cursor is not None and self.cursor < len(self._keys) else None

    def show_seen(self, seen: Seen) -> None:
        """The journal says something else."""
        self._seen = seen
        self.redraw()

    def redraw(self) -> None:
        """The whole way for this width."""
        if self.room > 10 and self._seen is not None:
            rows = way_rows(self._kit, self._seen, self.room - 1)
            self._keys = tuple(key for key, _ in rows)
            self.show([(piece(" "), *row) for _, row in rows])


class WayBackRoom(Room):
    """Everything about going back, on one page."""

    NAME = "way-back"
    AUTO_FOCUS = "#way-back"

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action]) -> None:
        """Show the way back as it is now."""
        self.way = WayBackBody(kit)
        super().__init__(kit, seen, actions, Stacked((self.way,), ("Way back",), kit.glyphs))

    def on_mount(self) -> None:
        """What is known already."""
        super().on_mount()
        self.way.show_seen(self.seen)

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        super().show_update(update)
        self.way.show_seen(self.seen)

    def tick(self) -> None:
        """The window runs out."""
        super().tick()
        self.way.redraw()

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operation under the cursor."""
        return () if self.way.chosen is None else (self.way.chosen,)


def way_rows(kit: Kit, seen: Seen, width: int) -> list[Row]:
    """The answer in words, then a row for each operation in the order in which it would be undone."""
    width -= 1
    back = seen.update.back_out if seen.update else None
    if back is None:
        return [(None, line(piece("the journal has not been read yet", Role.MUTED)))]
    rows: list[Row] = [
        (None, row) for text, role in _answers(kit, back) for row in wrapped(text, width, role)
    ]
    spent = 0.0
    for key in back.order:
        operation = kit.plan.operations.get(key)
        if operation is None:
            continue
        spent += back.minutes_by.get(key, operation.estimate)
        rows.append((key, _row(kit, seen, operation, back.minutes_by.get(key, operation.estimate), width)))
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
    lost = "; ".join(clean(loss) for loss in back.loses) or "nothing"
    return [
        (f"{takes}, {source}.", Role.STRONG),
        (window[:1].upper() + window[1:] + ".", Role.PLAIN),
        (f"Guards that must hold on the way: {back.guards}. Loses: {lost}.", Role.PLAIN),
    ]


def _row(kit: Kit, seen: Seen, operation: Operation, minutes: float, width: int) -> Line:
    state = seen.known.status.of(operation.id).state
    left = (piece(f"{kit.glyphs.states[state]} ", STATE_ROLE[state]), piece(operation.id, Role.STRONG))
    badge: Line = ()
    if width >= ROOM_FOR_BADGE:
        proof = seen.known.proof(operation)
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
