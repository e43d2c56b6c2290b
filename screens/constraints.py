"""The constraints room: what stands in the way, how bad, whose, by when, and the operations that wait for it."""

from __future__ import annotations

from collections.abc import Sequence

from operations.plan.obstacles import blocked_by
from operations.plan.registers import Constraint
from screens.constraint_lines import open_note
from screens.constraint_view import ORDERS, ConstraintView
from screens.lines import Line, Role, joined, line, piece
from screens.list_room import ListRoom
from screens.widgets.lists import Row
from screens.widgets.stage import PaneStage, Stacked


class ConstraintsRoom(ListRoom):
    """Every constraint of the plan."""

    NAME = "constraints"
    LIST = "constraint-list"
    AUTO_FOCUS = "#constraint-list"
    ORDERS = ORDERS
    FILTER_HINT = "words of a row, such as: critical open team; Esc shows all"

    def stage(self) -> PaneStage:
        """The list above, the chosen constraint below."""
        return Stacked((self.list, self.page), ("Constraints", "Constraint"), self.kit.glyphs)

    @property
    def chosen(self) -> Constraint | None:
        """The constraint under the cursor."""
        return {each.id: each for each in self.kit.plan.constraints}.get(self.list.chosen or "")

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """What the chosen constraint blocks."""
        return () if self.chosen is None else blocked_by(self.kit.plan, self.chosen)

    def note(self) -> Line:
        """How many are open, and by what they are sorted."""
        order = (piece(f"by {self.order}", Role.MUTED),)
        return joined([open_note(self.kit.plan.constraints), order])

    def rows(self, width: int) -> Sequence[Row]:
        """A row for each constraint that matches."""
        view = self._view
        every = view.sorted_by(self.order)
        return [(each.id, view.row(each, width)) for each in every if self.matches(*view.texts(each))]

    @property
    def _view(self) -> ConstraintView:
        return ConstraintView(self.kit.plan, self.seen.known.status, self.kit.glyphs, self.kit.clock())

    def page_lines(self, width: int) -> list[Line]:
        """Everything about the chosen constraint, its waiver, and the operations that it blocks."""
        if self.chosen is None:
            return [line(piece("no constraint is chosen", Role.MUTED))]
        return self._view.page(self.chosen, width)
