"""The gate room: GO or not, by which samples, how old they are, what would make it GO, who has signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from operations.checks.gate import Sample
from operations.checks.gate_standing import GateStanding, stand
from operations.plan.steps import ManualStep
from screens.action import Action
from screens.gate_lines import DECISION_ROLE, gate_lines, sample_line, sample_lines, sample_word
from screens.kit import Kit
from screens.lines import Line, Role, line, piece, wrapped
from screens.list_room import ListRoom
from screens.ports import FeedUpdate
from screens.room import Seen
from screens.sample_orders import SAMPLE_ORDERS
from screens.times import stopwatch
from screens.widgets.lists import PageBody, Row
from screens.widgets.stage import PaneStage, SideBySide
from state.projections.gate import GateHistory


@dataclass(frozen=True, slots=True)
class _Stood:
    """A standing and what it was worked out of: it is worked out anew with the journal, and every minute."""

    update: FeedUpdate | None
    minute: datetime
    standing: GateStanding


class GateRoom(ListRoom):
    """One gate of the plan."""

    NAME = "gate"
    LIST = "samples"
    AUTO_FOCUS = "#samples"
    ORDERS = tuple(SAMPLE_ORDERS)
    FILTER_HINT = "words of a sample, such as: performance fail; Esc shows all"

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action], gate: str, digest: str) -> None:
        """Show a gate; `digest` is the plan's, empty where sign-offs are not to be compared with it."""
        self.gate = gate
        self._digest = digest
        self._stood: _Stood | None = None
        self._taking_since: datetime | None = None
        self.verdict = PageBody("gate-page", self._gate_lines)
        super().__init__(kit, seen, actions)

    def stage(self) -> PaneStage:
        """The verdict at the left; samples and the chosen one at the right."""
        bodies = (self.verdict, self.list, self.page)
        return SideBySide(bodies, (f"Gate {self.gate}", "Samples", "Sample"), self.kit.glyphs)

    @property
    def standing(self) -> GateStanding:
        """Where the gate stands by what the journal says now."""
        now, update = self.kit.clock(), self.seen.update
        minute = now.replace(second=0, microsecond=0)
        stood = self._stood
        if stood is None or stood.update is not update or stood.minute != minute:
            gates = update.gates if update else {}
            history = gates.get(self.gate, GateHistory())
            evidence = self.seen.known.evidence
            standing = stand(self.kit.plan, self.gate, evidence, history, self._digest, now)
            stood = self._stood = _Stood(update, minute, standing)
        return stood.standing

    @property
    def chosen(self) -> Sample | None:
        """The criterion under the cursor."""
        return {each.id: each for each in self.standing.samples}.get(self.list.chosen or "")

    def show_taking(self, since: datetime | None) -> None:
        """The criteria are being made since then, or no longer."""
        self._taking_since = since
        self.draw()

    def draw(self) -> None:
        """Every pane anew."""
        super().draw()
        self.verdict.redraw()
        standing = self.standing
        role = DECISION_ROLE[standing.decision]
        self.panes.all[0].retitle(note=(piece(standing.decision.value, role),))

    def note(self) -> Line:
        """How many pass, and by what they are sorted."""
        samples = self.standing.samples
        passing = sum(each.passes for each in samples)
        return (piece(f"{passing}/{len(samples)} pass  by {self.order}", Role.MUTED),)

    def rows(self, width: int) -> Sequence[Row]:
        """A row for each criterion that matches."""
        now, glyphs = self.kit.clock(), self.kit.glyphs
        samples = sorted(self.standing.samples, key=SAMPLE_ORDERS[self.order])
        return [
            (each.id, sample_line(each, glyphs, now, width))
            for each in samples
            if self.matches(each.id, each.title, each.category, sample_word(each)[0], each.message)
        ]

    def page_lines(self, width: int) -> list[Line]:
        """The chosen criterion in full: what is read, what must hold, what was seen."""
        chosen = self.chosen
        if chosen is None:
            return [line(piece("no sample is chosen", Role.MUTED))]
        rows = sample_lines(chosen, self.standing, self.kit.clock(), width)
        check = next(each.check for each in self.kit.plan.criteria if each.id == chosen.id)
        made = check.title if isinstance(check, ManualStep) else f"by {check.title}"
        rows += wrapped(made, width, Role.MUTED)
        expect = getattr(check, "expect", None)
        return rows + (wrapped(f"must hold: {expect}", width, Role.MUTED) if expect else [])

    def _gate_lines(self, width: int) -> list[Line]:
        now = self.kit.clock()
        rows = gate_lines(self.standing, self.kit.glyphs, now, width)
        if self._taking_since is None:
            return rows
        seconds = stopwatch((now - self._taking_since).total_seconds())
        return [*wrapped(f"making every criterion, reads only: {seconds}", width, Role.RUNNING), *rows]
