"""The plan's map as lines: waves, what is on the critical path, minutes and slack, where each operation stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from operations.plan.forecast import actual_minutes, forecast, running_minutes
from operations.plan.graph import PlanGraph, Schedule
from operations.plan.models import Operation, Plan
from operations.plan.simulation import Simulated, simulate
from screens.glyphs import Glyphs
from screens.known import Known
from screens.lines import Line, Role, line, piece, spread, wrapped
from screens.progress import bar, forecast_source, forecast_text
from screens.proof_lines import PROOF_ROLE, badge_words, proof_glyph
from screens.proof_words import whole_brief
from screens.summary import shown_state
from screens.text import clean, pad
from screens.times import minutes_text, stopwatch
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

    def texts(self) -> tuple[str, ...]:
        """How far the plan is, how long the rest takes, how long all of it was to take; a sentence each."""
        schedule, simulated = self.mapped.schedule, self.mapped.simulated
        planned = f"planned {minutes_text(simulated.total)} with {simulated.slots} slots"
        critical = f"{minutes_text(schedule.total)} on the critical path"
        lengths = f"{planned}, {critical}, {minutes_text(schedule.sequential)} one by one"
        return (f"{self._done} of {self._progress()}", *self._ahead(), lengths)

    @property
    def _done(self) -> int:
        return sum(self.known.status.of(key).state.satisfied for key in self.mapped.plan.operations)

    def _progress(self) -> str:
        return (
            f"{len(self.mapped.plan.operations)} operations in {len(self.mapped.schedule.waves)} waves done"
        )

    def _summary(self) -> list[Line]:
        width, whole = self.width, self.known.whole
        first, *rest = self.texts()
        drawn = bar(self._done, len(self.mapped.plan.operations), _BAR, self.glyphs)
        rows = wrapped(f"{drawn} {first}", width, Role.STRONG)
        for text in rest:
            rows += wrapped(text, width, Role.STRONG if text is rest[-1] else Role.PLAIN)
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

    def _ahead(self) -> tuple[str, ...]:
        """How long all that is not done takes yet, and where that figure comes from."""
        mapped, status = self.mapped, self.known.status
        found = forecast(
            mapped.plan, mapped.graph, status, mapped.plan.operations, mapped.simulated.slots, self.now
        )
        return (f"{forecast_text(found)}, {forecast_source(found)}",) if found.left else ()

    def told(self, key: str) -> str:
        """One operation in words: its state, what was planned, what it took or has taken so far, its slack."""
        operation, status = self.mapped.plan.operations[key], self.known.status
        took, runs = actual_minutes(status, key), running_minutes(status, key, self.now)
        planned = f"planned {stopwatch(operation.estimate * 60)}"
        actual = f", took {stopwatch(took * 60)}" if took is not None else ""
        so_far = f", {stopwatch(runs * 60)} so far" if took is None and runs is not None else ""
        state = state_word(shown_state(operation, status))
        return f"{key}: {state}, {planned}{actual}{so_far}, {self._late(key)}"

    def _late(self, key: str) -> str:
        if key in self.mapped.schedule.critical_path:
            return "critical"
        slack = self.mapped.schedule.slack[key]
        return f"slack {minutes_text(slack)}" if slack else "no slack"

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
        right: Line = (
            *badge,
            piece(pad(state_word(state), _STATE), STATE_ROLE[state]),
            piece(f"{stopwatch(operation.estimate * 60):>{_MINUTES}}"),
            *self._actual(operation),
            piece(f"{self._late(operation.id):>{_SLACK}}", Role.ATTENTION if critical else Role.MUTED),
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
        over = (int(minutes * 60) - round(operation.estimate * 60)) / 60  # of the seconds that are shown
        actual = piece(f"{stopwatch(minutes * 60):>{_MINUTES}}", Role.RUNNING if took is None else Role.PLAIN)
        if took is None and over < 0:
            return (actual, piece(" " * _MINUTES))
        signed = f"{'+' if over > 0 else '-'}{stopwatch(abs(over) * 60)}"
        return (actual, piece(f"{signed:>{_MINUTES}}", Role.ATTENTION if over > 0 else Role.SUCCEEDED))
