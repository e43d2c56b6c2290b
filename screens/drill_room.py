"""The drill's room: what can go wrong in the sandbox, what does, and what was made to."""

from __future__ import annotations

from collections.abc import Sequence

from screens.action import Action
from screens.drill_lines import choice_lines, wire_lines
from screens.drill_port import Choice, DrillState
from screens.kit import Kit
from screens.lines import Line, Role, joined, piece, spread
from screens.list_room import ListRoom
from screens.room import Seen
from screens.text import clean
from screens.widgets.lists import PageBody, Row
from screens.widgets.stage import PaneStage, SideBySide


class DrillRoom(ListRoom):
    """Scenarios and faults at the left; what the chosen one does at the right, and below it what is on the wire."""

    NAME = "drill"
    LIST = "faults"
    AUTO_FOCUS = "#faults"
    FILTER_HINT = "part of a name; Esc shows all"

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action], choices: Sequence[Choice]) -> None:
        """Show what can be injected; what is on the wire arrives at `show_state`."""
        self._choices = {choice.id: choice for choice in choices}
        self.state = DrillState()
        self.wire = PageBody("wire", self._wire_lines)
        super().__init__(kit, seen, actions)

    def stage(self) -> PaneStage:
        """The panes."""
        return SideBySide(
            (self.list, self.page, self.wire), ("Faults", "What it does", "On the wire"), self.kit.glyphs
        )

    def rows(self, width: int) -> Sequence[Row]:
        """Scenarios, then single faults."""
        return [
            (
                choice.id,
                spread((piece(choice.name),), (piece(choice.id.partition(" ")[0], Role.MUTED),), width),
            )
            for choice in self._choices.values()
            if self.matches(choice.id, choice.title)
        ]

    @property
    def chosen(self) -> Choice | None:
        """What the cursor stands on."""
        return self._choices.get(self.list.chosen or "")

    def page_lines(self, width: int) -> list[Line]:
        """What the chosen one does."""
        return [] if self.chosen is None else choice_lines(self.chosen, width)

    def note(self) -> Line:
        """The scenario."""
        state = self.state
        return (piece(clean(f"{state.scenario} seed {state.seed}"), Role.MUTED),) if state.scenario else ()

    def show_state(self, state: DrillState) -> None:
        """The wire was looked at."""
        self.state = state
        self.draw()

    def draw(self) -> None:
        """Make every pane anew."""
        super().draw()
        self.wire.redraw()
        count = len(self.state.faults)
        words = f"{count} fault{'' if count == 1 else 's'} in force" if count else "no faults"
        self.panes.all[2].retitle(note=joined([(piece(words, Role.ATTENTION if count else Role.MUTED),)]))

    def _wire_lines(self, width: int) -> list[Line]:
        return wire_lines(self.state, self.zone, width)
