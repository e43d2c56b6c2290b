"""The doctor's room: what this terminal, host and account can do, and what to do about what is not well."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.widgets import Input

from screens.action import Action
from screens.doctor_port import Finding, Verdict, worst
from screens.finding_lines import VERDICT_ROLE, finding_lines
from screens.glyphs import Glyphs
from screens.kit import Kit
from screens.lines import Line, Role, line, piece
from screens.room import Room, Seen
from screens.widgets.bodies import Body
from screens.widgets.stage import Stacked


class FindingsBody(Body):
    """Every finding under the heading of its area; below it, what to do."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(widget_id="findings")
        self._glyphs = glyphs
        self._findings: Sequence[Finding] | None = None
        self._filter = ""

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what was found."""
        self._findings = findings
        self.redraw()

    def filter_by(self, text: str) -> None:
        """Show only what has this in its name, its verdict or its message."""
        self._filter = text.strip().casefold()
        self.redraw()

    def redraw(self) -> None:
        """The page for this width."""
        if self.room <= 10:
            return
        if self._findings is None:
            self.show([line(piece(" looking", Role.MUTED))])
            return
        chosen = [each for each in self._findings if self._matches(each)]
        self.show(finding_lines(chosen, self._glyphs, self.room - 2))

    def _matches(self, each: Finding) -> bool:
        text = f"{each.id} {each.area.value} {each.verdict.value} {each.message} {each.fix}"
        return self._filter in text.casefold()


class DoctorRoom(Room):
    """One look at everything."""

    NAME = "doctor"
    AUTO_FOCUS = "#findings"
    FILTER_HINT = "part of a line; warn and fail find what is not well; Esc shows all"

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action]) -> None:
        """Make the room; what is found is shown when it is known."""
        self.findings = FindingsBody(kit.glyphs)
        super().__init__(kit, seen, actions, Stacked((self.findings,), ("Doctor",), kit.glyphs))

    def show_findings(self, findings: Sequence[Finding], at: str) -> None:
        """Show what was found, and when it was looked for."""
        self.findings.show_findings(findings)
        verdict = worst(findings)
        counted = ", ".join(f"{sum(each.verdict is one for each in findings)} {one.value}" for one in Verdict)
        note: Line = (piece(counted, VERDICT_ROLE[verdict]), piece(f"  at {at}", Role.MUTED))
        self.panes.all[0].retitle(note=note)

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        self.findings.filter_by(event.value)

    @on(Input.Submitted, "#filter")
    def _keep_filter(self, event: Input.Submitted) -> None:
        event.stop()
        self.filter_box.close()
        self.panes.focus_pane(1)
