"""The plan's map: its waves, what is on the critical path, minutes and slack, and where each operation stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from operations.plan.graph import PlanGraph, Schedule
from operations.plan.models import Operation, Plan
from operations.plan.simulation import Simulated, simulate
from screens.action import Action
from screens.glyphs import Glyphs
from screens.kit import Kit
from screens.known import Known
from screens.lines import Line, Role, line, piece, spread, wrapped
from screens.ports import FeedUpdate
from screens.proof_lines import PROOF_ROLE, badge_words
from screens.room import Room, Seen
from screens.summary import shown_state
from screens.text import clean, pad
from screens.times import minutes_text
from screens.widgets.bodies import Body
from screens.widgets.stage import Stacked
from screens.words import STATE_ROLE, state_word

ROOM_FOR_BADGE = 88
"""Columns from which a row has room for what is proven of the way back."""
_STATE, _MINUTES, _SLACK, _BADGE = 13, 11, 17, 16
"""Columns for the state, the planned time, the slack, the badge."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A plan worked out once: waves and slack from its dependencies, its length from its slots too."""

    plan: Plan
    schedule: Schedule
    simulated: Simulated

    @classmethod
    def of(cls, plan: Plan) -> Mapped:
        """Work a plan out with as many slots as it allows.

        Raises:
            CyclicPlanError: operations wait for each other.
        """
        graph = PlanGraph.of(plan)
        return cls(plan, graph.schedule(), simulate(plan, graph, plan.limits.max_parallel))


class MapBody(Body):
    """The map's lines, as of the last look at the journal; the cursor stands on an operation, a wave or the summary."""

    def __init__(self, mapped: Mapped, glyphs: Glyphs) -> None:
        super().__init__(cursor=True, widget_id="map")
        self._mapped = mapped
        self._glyphs = glyphs
        self._known = Known()
        self._keys: tuple[str | None, ...] = ()

    @property
    def chosen(self) -> str | None:
        """The operation under the cursor."""
        return self._keys[self.cursor] if self.cursor is not None and self.cursor < len(self._keys) else None

    def show_known(self, known: Known) -> None:
        """The journal says something new; only rows that read differently are sent."""
        self._known = known
        self.redraw()

    def redraw(self) -> None:
        """The whole map for this width."""
        if self.room > 10:
            rows = map_rows(self._mapped, self._known, self._glyphs, self.room)
            self._keys = tuple(key for key, _ in rows)
            self.show([row for _, row in rows])


class MapRoom(Room):
    """The map of one plan."""

    NAME = "map"
    AUTO_FOCUS = "#map"

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action], mapped: Mapped) -> None:
        """Show a plan that was worked out."""
        self.map = MapBody(mapped, kit.glyphs)
        super().__init__(kit, seen, actions, Stacked((self.map,), ("Map",), kit.glyphs))

    def on_mount(self) -> None:
        """What is known already."""
        super().on_mount()
        self.map.show_known(self.seen.known)

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        super().show_update(update)
        self.map.show_known(update.known)

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operation under the cursor."""
        return () if self.map.chosen is None else (self.map.chosen,)


def map_rows(mapped: Mapped, known: Known, glyphs: Glyphs, width: int) -> list[tuple[str | None, Line]]:
    """The whole map, wave after wave, each row with its operation; the last column is left to the mark of more lines."""
    width -= 1
    rows: list[tuple[str | None, Line]] = [(None, row) for row in _summary(mapped, known, glyphs, width)]
    critical = frozenset(mapped.schedule.critical_path)
    for number, wave in enumerate(mapped.schedule.waves, start=1):
        rows += [(None, ()), (None, _wave(mapped, wave, number, known, width))]
        for key in wave:
            operation = mapped.plan.operations[key]
            rows.append((key, _row(mapped, operation, known, glyphs, width, critical=key in critical)))
    return rows


def _summary(mapped: Mapped, known: Known, glyphs: Glyphs, width: int) -> list[Line]:
    schedule, simulated = mapped.schedule, mapped.simulated
    done = sum(known.status.of(key).state.satisfied for key in mapped.plan.operations)
    count = len(mapped.plan.operations)
    planned = f"planned {minutes_text(simulated.total)} with {simulated.slots} slots"
    rest = (
        f"{minutes_text(schedule.total)} on the critical path, {minutes_text(schedule.sequential)} one by one"
    )
    rows = wrapped(f"{count} operations in {len(schedule.waves)} waves, {done} done", width, Role.STRONG)
    rows += wrapped(f"{planned}, {rest}", width, Role.STRONG)
    told = (
        f"{glyphs.critical} on the critical path: late here, late as a whole. "
        "Slack: how much later it may start. By the plan's estimates."
    )
    return rows + wrapped(told, width, Role.MUTED)


def _wave(mapped: Mapped, wave: tuple[str, ...], number: int, known: Known, width: int) -> Line:
    start = min(mapped.schedule.start[key] for key in wave)
    done = sum(known.status.of(key).state.satisfied for key in wave)
    left = line(piece(f"wave {number}", Role.HEADING), piece(f"  from minute {start:g}", Role.MUTED))
    return spread(left, (piece(f"{done}/{len(wave)} done", Role.MUTED),), width)


def _row(
    mapped: Mapped, operation: Operation, known: Known, glyphs: Glyphs, width: int, *, critical: bool
) -> Line:
    state = shown_state(operation, known.status)
    mark = piece(f"{glyphs.critical} " if critical else "  ", Role.ATTENTION)
    name = piece(operation.id, Role.STRONG if critical else Role.PLAIN)
    left: Line = (mark, piece(f"{glyphs.states[state]} ", STATE_ROLE[state]), name)
    badge: Line = ()
    if width >= ROOM_FOR_BADGE:
        proof = known.proof(operation)
        badge = (piece(pad(clean(badge_words(proof, glyphs)[0]), _BADGE), PROOF_ROLE[proof.standing]),)
    slack = mapped.schedule.slack[operation.id]
    late = "critical" if critical else f"slack {minutes_text(slack)}" if slack else "no slack"
    right: Line = (
        *badge,
        piece(pad(state_word(state), _STATE), STATE_ROLE[state]),
        piece(f"{minutes_text(operation.estimate):>{_MINUTES}}"),
        piece(f"{late:>{_SLACK}}", Role.ATTENTION if critical else Role.MUTED),
    )
    return spread(left, right, width)
