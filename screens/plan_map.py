"""The plan's map: its waves, what is on the critical path, minutes and slack, and where each operation stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from operations.plan.forecast import actual_minutes, forecast, running_minutes
from operations.plan.graph import PlanGraph, Schedule
from operations.plan.models import Operation, Plan
from operations.plan.simulation import Simulated, simulate
from screens.action import Action
from screens.glyphs import Glyphs
from screens.kit import Kit
from screens.known import Known
from screens.lines import Line, Role, line, piece, spread, wrapped
from screens.ports import FeedUpdate
from screens.progress import bar, forecast_source, forecast_text
from screens.proof_lines import PROOF_ROLE, badge_words, proof_glyph
from screens.proof_words import whole_brief
from screens.room import Room, Seen
from screens.summary import shown_state
from screens.text import clean, pad
from screens.times import minutes_text, stopwatch
from screens.widgets.bodies import Body
from screens.widgets.stage import Stacked
from screens.words import STATE_ROLE, state_word

ROOM_FOR_BADGE = 88
"""Columns from which a row has room for what is proven of the way back."""
ROOM_FOR_ACTUAL = 79
"""Columns from which a row has room for the actual time beside the planned one."""
_STATE, _MINUTES, _SLACK, _BADGE, _BAR = 13, 8, 17, 16, 12
"""Columns for the state, each of the planned and actual time and their difference, the slack, the badge, the bar."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A plan worked out once: waves and slack from its dependencies, its length from its slots too."""

    plan: Plan
    graph: PlanGraph
    schedule: Schedule
    simulated: Simulated

    @classmethod
    def of(cls, plan: Plan) -> Mapped:
        """Work a plan out with as many slots as it allows.

        Raises:
            CyclicPlanError: operations wait for each other.
        """
        graph = PlanGraph.of(plan)
        return cls(plan, graph, graph.schedule(), simulate(plan, graph, plan.limits.max_parallel))


class MapBody(Body):
    """The map's lines, as of the last look at the journal; the cursor stands on an operation, a wave or the summary."""

    def __init__(self, mapped: Mapped, kit: Kit) -> None:
        super().__init__(cursor=True, widget_id="map")
        self._mapped = mapped
        self._kit = kit
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
            kit = self._kit
            rows = MapView(self._mapped, self._known, kit.glyphs, kit.clock(), self.room - 1).rows()
            self._keys = tuple(key for key, _ in rows)
            self.show([row for _, row in rows])


class MapRoom(Room):
    """The map of one plan."""

    NAME = "map"
    AUTO_FOCUS = "#map"

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action], mapped: Mapped) -> None:
        """Show a plan that was worked out."""
        self.map = MapBody(mapped, kit)
        super().__init__(kit, seen, actions, Stacked((self.map,), ("Map",), kit.glyphs))

    def on_mount(self) -> None:
        """What is known already."""
        super().on_mount()
        self.map.show_known(self.seen.known)

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        super().show_update(update)
        self.map.show_known(update.known)

    def tick(self) -> None:
        """Time has passed: what runs takes longer, and less is left."""
        super().tick()
        self.map.redraw()

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operation under the cursor."""
        return () if self.map.chosen is None else (self.map.chosen,)


@dataclass(frozen=True, slots=True)
class MapView:
    """The map at one moment, `width` columns wide, of which the last is left to the mark of more lines."""

    mapped: Mapped
    known: Known
    glyphs: Glyphs
    now: datetime
    width: int

    def rows(self) -> list[tuple[str | None, Line]]:
        """The whole map, wave after wave, each row with its operation."""
        mapped = self.mapped
        rows: list[tuple[str | None, Line]] = [(None, row) for row in self._summary()]
        critical = frozenset(mapped.schedule.critical_path)
        for number, wave in enumerate(mapped.schedule.waves, start=1):
            rows += [(None, ()), (None, self._wave(wave, number))]
            for key in wave:
                rows.append((key, self._row(mapped.plan.operations[key], critical=key in critical)))
        return rows

    def _summary(self) -> list[Line]:
        schedule, simulated, width = self.mapped.schedule, self.mapped.simulated, self.width
        count = len(self.mapped.plan.operations)
        done = sum(self.known.status.of(key).state.satisfied for key in self.mapped.plan.operations)
        drawn = bar(done, count, _BAR, self.glyphs)
        planned = f"planned {minutes_text(simulated.total)} with {simulated.slots} slots"
        critical = f"{minutes_text(schedule.total)} on the critical path"
        rest = f"{critical}, {minutes_text(schedule.sequential)} one by one"
        head = f"{drawn} {done} of {count} operations in {len(schedule.waves)} waves done"
        rows = wrapped(head, width, Role.STRONG)
        rows += self._ahead()
        rows += wrapped(f"{planned}, {rest}", width, Role.STRONG)
        whole = self.known.whole
        rows += wrapped(
            f"{proof_glyph(whole.standing, self.glyphs)} {whole_brief(whole)}",
            width,
            PROOF_ROLE[whole.standing],
        )
        told = (
            f"{self.glyphs.critical} on the critical path: late here, late as a whole. "
            "Slack: how much later it may start, by the plan's estimates."
        )
        told_here = ("planned", "actual", "delta") if width >= ROOM_FOR_ACTUAL else ("planned",)
        names = "".join(f"{name:>{_MINUTES}}" for name in told_here)
        heads = (piece(names + " " * _SLACK, Role.MUTED),)
        return [*rows, *wrapped(told, width, Role.MUTED), spread((), heads, width)]

    def _ahead(self) -> list[Line]:
        """How long all that is not done takes yet, and where that figure comes from."""
        mapped, status = self.mapped, self.known.status
        found = forecast(
            mapped.plan, mapped.graph, status, mapped.plan.operations, mapped.simulated.slots, self.now
        )
        if not found.left:
            return []
        return wrapped(f"{forecast_text(found)}, {forecast_source(found)}", self.width, Role.PLAIN)

    def _wave(self, wave: tuple[str, ...], number: int) -> Line:
        start = min(self.mapped.schedule.start[key] for key in wave)
        done = sum(self.known.status.of(key).state.satisfied for key in wave)
        left = line(piece(f"wave {number}", Role.HEADING), piece(f"  from minute {start:g}", Role.MUTED))
        return spread(left, (piece(f"{done}/{len(wave)} done", Role.MUTED),), self.width)

    def _row(self, operation: Operation, *, critical: bool) -> Line:
        state = shown_state(operation, self.known.status)
        mark = piece(f"{self.glyphs.critical} " if critical else "  ", Role.ATTENTION)
        name = piece(operation.id, Role.STRONG if critical else Role.PLAIN)
        left: Line = (mark, piece(f"{self.glyphs.states[state]} ", STATE_ROLE[state]), name)
        badge: Line = ()
        if self.width >= ROOM_FOR_BADGE:
            proof = self.known.proof(operation)
            words = badge_words(proof, self.glyphs)[0]
            badge = (piece(pad(clean(words), _BADGE), PROOF_ROLE[proof.standing]),)
        slack = self.mapped.schedule.slack[operation.id]
        late = "critical" if critical else f"slack {minutes_text(slack)}" if slack else "no slack"
        right: Line = (
            *badge,
            piece(pad(state_word(state), _STATE), STATE_ROLE[state]),
            piece(f"{stopwatch(operation.estimate * 60):>{_MINUTES}}"),
            *self._actual(operation),
            piece(f"{late:>{_SLACK}}", Role.ATTENTION if critical else Role.MUTED),
        )
        return spread(left, right, self.width)

    def _actual(self, operation: Operation) -> Line:
        """How long it took, or has taken so far, and how much more or less than planned that is."""
        status = self.known.status
        took, runs = actual_minutes(status, operation.id), running_minutes(status, operation.id, self.now)
        minutes = runs if took is None else took
        if self.width < ROOM_FOR_ACTUAL:
            return ()
        if minutes is None:
            return (piece(" " * (2 * _MINUTES)),)
        over = minutes - operation.estimate
        actual = piece(f"{stopwatch(minutes * 60):>{_MINUTES}}", Role.RUNNING if took is None else Role.PLAIN)
        if took is None and over < 0:
            return (actual, piece(" " * _MINUTES))
        signed = f"{'+' if over > 0 else '-'}{stopwatch(abs(over) * 60)}"
        return (actual, piece(f"{signed:>{_MINUTES}}", Role.ATTENTION if over > 0 else Role.SUCCEEDED))
