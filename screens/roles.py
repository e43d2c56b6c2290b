"""The roles room: who answers for what, who is on, who has the lease, and the handing over of the watch."""

from __future__ import annotations

from collections.abc import Sequence

from operations.plan.registers import RaciRow
from screens.action import Action
from screens.kit import Kit
from screens.lines import Line, Role, line, piece, spread
from screens.list_room import ListRoom
from screens.raci_lines import NOBODY, ORDERS, task_lines
from screens.room import Seen
from screens.text import clean, pad
from screens.watch_lines import pending_approvals, watch_lines
from screens.widgets.lists import PageBody, Row
from screens.widgets.stage import PaneStage, SideBySide
from state.projections.watch import Watch

_ACCOUNTABLE = 22


class RolesRoom(ListRoom):
    """RACI, watch and lease of one plan."""

    NAME = "roles"
    LIST = "raci"
    AUTO_FOCUS = "#raci"
    ORDERS = ORDERS
    FILTER_HINT = "words of a row: a task, a role, an operation; Esc shows all"

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action], about: Sequence[str]) -> None:
        """Show the roles; `about` are the operations that were chosen: their rows come first."""
        self.about = frozenset(about)
        self.watch_page = PageBody("watch", self._watch_lines)
        super().__init__(kit, seen, actions)

    def stage(self) -> PaneStage:
        """Who is on at the left; who answers for what at the right."""
        bodies = (self.watch_page, self.list, self.page)
        return SideBySide(bodies, ("Watch", "Who answers", "Task"), self.kit.glyphs)

    @property
    def seen_watch(self) -> Watch:
        """What the journal says of people."""
        return self.seen.update.watch if self.seen.update else Watch()

    @property
    def chosen(self) -> RaciRow | None:
        """The row under the cursor."""
        return {row.task: row for row in self.kit.plan.raci}.get(self.list.chosen or "")

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operations of the chosen task."""
        return () if self.chosen is None else self.chosen.operations

    def draw(self) -> None:
        """Every pane anew."""
        super().draw()
        self.watch_page.redraw()
        waiting = len(pending_approvals(self.kit.plan, self.seen.known.status, self.kit.clock()))
        note = (piece(f"{waiting} to approve", Role.ATTENTION),) if waiting else ()
        self.panes.all[0].retitle(note=note)

    def note(self) -> Line:
        """By what the rows are sorted."""
        order = "chosen first" if self.order == "chosen" else f"by {self.order}"
        return (piece(order, Role.MUTED),)

    def _watch_lines(self, width: int) -> list[Line]:
        update = self.seen.update
        alive = update.runner_alive if update else False
        status, now = self.seen.known.status, self.kit.clock()
        return watch_lines(self.kit.plan, self.seen_watch, status, alive, self.kit.glyphs, now, width)

    def _is_about(self, row: RaciRow) -> bool:
        return bool(self.about & set(row.operations))

    def rows(self, width: int) -> Sequence[Row]:
        """A row for each task that matches."""
        found = [row for row in self.kit.plan.raci if self._matches(row)]
        if self.order == "chosen":
            found.sort(key=lambda row: not self._is_about(row))
        elif self.order == "accountable":
            found.sort(key=lambda row: row.accountable)
        return [(row.task, self._row(row, width)) for row in found]

    def _matches(self, row: RaciRow) -> bool:
        people = (*row.responsible, *row.consulted, *row.informed)
        return self.matches(row.task, row.accountable, *people, *row.operations)

    def _row(self, row: RaciRow, width: int) -> Line:
        role = Role.STRONG if self._is_about(row) else Role.PLAIN
        right = piece(pad(clean(row.accountable), min(_ACCOUNTABLE, width // 2)), Role.MUTED)
        return spread((piece(row.task, role),), (right,), width)

    def page_lines(self, width: int) -> list[Line]:
        """One task: who answers, who does it, who stands in, and its operations."""
        row = self.chosen
        if row is None:
            none = "no task is chosen" if self.kit.plan.raci else NOBODY
            return [line(piece(none, Role.MUTED))]
        return task_lines(self.kit.plan, row, self.seen.known.status, self.kit.glyphs, width)
