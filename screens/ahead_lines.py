"""What lies ahead of a run, for the line that always stands: approvals that are waited for, how far it is, how long yet."""

from __future__ import annotations

from datetime import datetime

from operations.plan.errors import PlanError
from operations.plan.forecast import forecast, forecast_back
from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from screens.glyphs import Glyphs
from screens.lines import Line, Role, piece
from screens.ports import FeedUpdate
from screens.progress import bar, forecast_text
from screens.watch_lines import pending_approvals
from state.events import Direction
from state.projections.states import RunState, RunStatus

_BAR = 8
_EVERY = 10
"""Seconds for which a line stands: the rest of a run is told in minutes."""


class Ahead:
    """Makes the line for one plan; worked out anew with the journal, and every few seconds."""

    def __init__(self, plan: Plan, glyphs: Glyphs) -> None:
        """Look at one plan."""
        self._plan = plan
        self._glyphs = glyphs
        self._graph: PlanGraph | None = None
        self._made: tuple[FeedUpdate, float] | None = None
        self._line: Line = ()

    def line(self, update: FeedUpdate | None, now: datetime) -> Line:
        """An approval that is waited for; else a bar and the time that the rest of a run or a rollback takes."""
        if update is None or update.status.run is None:
            return ()
        made = (update, now.timestamp() // _EVERY)
        if self._made is None or self._made[0] is not update or self._made[1] != made[1]:
            self._made, self._line = made, self._make(update, update.status.run, now)
        return self._line

    def _make(self, update: FeedUpdate, run: RunStatus, now: datetime) -> Line:
        waiting = pending_approvals(self._plan, update.status, now)
        if waiting:
            others = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
            said = f"{self._glyphs.warning} :approve {waiting[0].operation}{others}"
            return (piece(said, Role.ATTENTION),)
        return self._rest(update, run, now) if run.state is RunState.RUNNING else ()

    def _rest(self, update: FeedUpdate, run: RunStatus, now: datetime) -> Line:
        try:
            self._graph = self._graph or PlanGraph.of(self._plan)
        except PlanError:
            return ()
        wanted = tuple(key for key in run.operations if key in self._plan.operations)
        if not wanted:
            return ()
        status, graph, slots = update.status, self._graph, run.max_parallel
        if run.direction is Direction.INVERSE:
            found = forecast_back(graph, status, wanted, update.back_out.minutes_by, slots, now)
            done = len(wanted) - found.left
        else:
            found = forecast(self._plan, graph, status, wanted, slots, now)
            done = sum(status.of(key).state.satisfied for key in wanted)
        drawn = bar(done, len(wanted), _BAR, self._glyphs)
        return (piece(f"{drawn} ", Role.RUNNING), piece(forecast_text(found), Role.MUTED))
