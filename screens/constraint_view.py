"""Constraints in full as lines: each in a row that sorts and filters, and what it means for the operations that it blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from operations.plan.models import Plan
from operations.plan.obstacles import Waiving, binds, blocked_by, waiving_of
from operations.plan.registers import Constraint
from screens.constraint_lines import constraint_page
from screens.glyphs import Glyphs
from screens.lines import Line, Piece, Role, line, piece, spread, wrapped
from screens.summary import shown_state
from screens.text import clean, pad
from screens.times import aged, day_and_time, parsed
from screens.words import SEVERITY_ORDER, SEVERITY_ROLE, STATE_ROLE, state_word
from state.projections.states import PlanStatus

_SEVERITY, _STATUS, _WEEK, _OWNER, _BLOCKS = 8, 12, 7, 12, 16
ROOM_FOR_BLOCKS = 88
"""Columns from which a row has room for what the constraint blocks."""
NEVER = 10_000
"""A week behind every other, for what has none."""
ORDERS = ("severity", "status", "week", "owner")
"""What constraints can be sorted by."""


@dataclass(frozen=True, slots=True)
class ConstraintView:
    """The constraints of a plan at one moment."""

    plan: Plan
    status: PlanStatus
    glyphs: Glyphs
    now: datetime

    def sorted_by(self, order: str) -> list[Constraint]:
        """Every constraint, in an order of `ORDERS`."""
        return sorted(self.plan.constraints, key=_ORDER[order])

    def texts(self, each: Constraint) -> tuple[str, ...]:
        """What a filter looks through."""
        words = (
            each.severity.value,
            state_word(each.status),
            each.category,
            each.owner or "",
            each.role or "",
        )
        return (each.id, each.title, *words, *each.blocks, "settled" if each.status.settled else "unsettled")

    def _waiving(self, each: Constraint) -> Waiving:
        return waiving_of(each, self.status.waivers, self.now)

    def row(self, each: Constraint, width: int) -> Line:
        """One constraint in a list."""
        settled, glyphs = each.status.settled, self.glyphs
        role = Role.MUTED if settled else SEVERITY_ROLE[each.severity]
        head = (
            piece(
                f"{glyphs.good if settled else glyphs.warning} {pad(each.severity.value, _SEVERITY)} ", role
            ),
            piece(pad(self._status(each), _STATUS), Role.MUTED if settled else Role.PLAIN),
            piece(pad(weeks_text(each), _WEEK), Role.MUTED),
            piece(pad(clean(each.owner or "-"), _OWNER) + " ", Role.MUTED),
        )
        title = piece(f"{each.id} {each.title}", Role.MUTED if settled else Role.PLAIN)
        if width < ROOM_FOR_BLOCKS:
            return (*head, title)
        return spread((*head, title), (self._blocks(each),), width)

    def _status(self, each: Constraint) -> str:
        return "waived" if self._waiving(each).valid else state_word(each.status)

    def _blocks(self, each: Constraint) -> Piece:
        blocked = blocked_by(self.plan, each)
        if each.status.settled or not blocked:
            return piece(pad("", _BLOCKS))
        status = self.status
        waiting = sum(not status.of(key).state.satisfied for key in blocked)
        return piece(pad(f"blocks {waiting} of {len(blocked)}", _BLOCKS), Role.MUTED)

    def page(self, chosen: Constraint, width: int) -> list[Line]:
        """Everything about a constraint, its waiver, and the operations that it blocks."""
        page, titled = constraint_page(chosen, width), len(wrapped(chosen.title, width))
        title, rest = page[:titled], page[titled:]
        meaning, blocked = self._meaning(chosen, width), self._blocked(chosen, width)
        return [*title, *meaning, *blocked, *rest, *self._stage(chosen, width)]

    def _meaning(self, each: Constraint, width: int) -> list[Line]:
        """Whether it holds anything up, and its waiver."""
        waiving = self._waiving(each)
        if not binds(each):
            rows: list[Line] = []
        elif waiving.valid:
            rows = wrapped(
                f"waived until {when_text(waiving.until)}: it holds nothing up", width, Role.ATTENTION
            )
        else:
            said = (
                f"critical and open: what it blocks may not start; two may :waive {each.id} until TIME reason"
            )
            rows = wrapped(said, width, Role.FAILED)
        now = self.now
        for signed in (*waiving.signed, *waiving.void):
            counts = f"until {when_text(signed.until)}" if signed in waiving.signed else "no longer counts"
            who = f"waived by {signed.actor}, {aged(signed.at, now)}, {counts}; {signed.owner} sees to it: {signed.reason}"
            rows += wrapped(who, width, Role.PLAIN, 1)
        if waiving.signed and not waiving.valid:
            rows += wrapped(f"{waiving.missing} more must sign before it counts", width, Role.ATTENTION, 1)
        return rows

    def _stage(self, each: Constraint, width: int) -> list[Line]:
        """The parts of the resolution plan that fall into its weeks."""
        rows: list[Line] = []
        for stage in self.plan.resolution:
            if set(stage.weeks) & set(each.weeks):
                weeks = f"week {stage.weeks[0]} to {stage.weeks[-1]}"
                rows += wrapped(f"{stage.title}, {weeks}: {', '.join(stage.does)}", width, Role.MUTED, 1)
        return [line(piece("plan of resolution", Role.HEADING)), *rows] if rows else []

    def _blocked(self, each: Constraint, width: int) -> list[Line]:
        blocked = blocked_by(self.plan, each)
        status = self.status
        if not blocked:
            return []
        waiting = sum(not status.of(key).state.satisfied for key in blocked)
        heading = f"blocks {len(blocked)} operation{'' if len(blocked) == 1 else 's'}, {waiting} not done"
        rows = [line(piece(heading, Role.HEADING))]
        for key in blocked:
            operation = self.plan.operations[key]
            state = shown_state(operation, status)
            left = line(
                piece(f" {self.glyphs.states[state]} {key}", STATE_ROLE[state]),
                piece(f"  {operation.title}"),
            )
            rows.append(spread(left, (piece(state_word(state), STATE_ROLE[state]),), width))
        return rows


def weeks_text(each: Constraint) -> str:
    """In which weeks of the plan of resolution it is seen to: `w1-3`."""
    if not each.weeks:
        return "-"
    first, last = each.weeks[0], each.weeks[-1]
    return f"w{first}" if first == last else f"w{first}-{last}"


def when_text(at: str | None) -> str:
    """A day and time with its zone, for what lies ahead."""
    found = parsed(at)
    return "an unknown time" if found is None else day_and_time(found)


def _severity(each: Constraint) -> tuple[object, ...]:
    return each.status.settled, SEVERITY_ORDER[each.severity], each.id


_ORDER: dict[str, Callable[[Constraint], tuple[object, ...]]] = {
    "severity": _severity,
    "status": lambda each: (list(type(each.status)).index(each.status), *_severity(each)),
    "week": lambda each: (each.weeks[0] if each.weeks else NEVER, *_severity(each)),
    "owner": lambda each: ((each.owner or "\uffff").casefold(), *_severity(each)),
}
