"""A console over fakes in which every room has something to show. A room that needs an adapter gets it here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.screens.driving import Driven, make
from tests.screens.fakes import FakeFeed, an_update
from tests.screens.journaled import write
from tests.screens.test_gate import gated_plan, history
from tests.screens.test_roles import plan_with_roles, watch

from console.journal.journal_book import JournalBook  # isort: skip
from console.ports import Ports  # isort: skip
from operations.plan.models import Plan  # isort: skip
from screens.doctor_port import Area, Finding, Verdict  # isort: skip
from screens.drill_port import Choice, DrillState  # isort: skip


class FakeDoctor:
    """Finds one thing of each kind."""

    def examine(self, *, sync: bool | None = None) -> Sequence[Finding]:
        return (
            Finding("term", Area.TERMINAL, Verdict.PASS, "xterm-256color, 256 colours"),
            Finding("locale", Area.TERMINAL, Verdict.WARN, "the locale is not UTF-8", "set LC_ALL=C.UTF-8"),
            Finding(
                "clock", Area.HOST, Verdict.FAIL, "the clock is 40 s ahead of AWS", "run chronyc makestep"
            ),
        )


class FakeWire:
    """A sandbox with one fault on its wire."""

    def choices(self) -> Sequence[Choice]:
        lost = "1 in 10 replies is lost after the call was applied"
        scenario = Choice("scenario lossy", "lossy", "replies get lost", "what in doubt means", (lost,))
        return (scenario, Choice("fault reply-lost", "reply-lost", lost))

    def state(self) -> DrillState:
        return DrillState("lossy", 7, ("reply-lost: 1 in 10, 3 of 31 calls",), an_update().entries[:1])

    def inject(self, choice: str) -> str:
        return choice

    def clear(self) -> None:
        """Nothing to do."""


def a_full_plan() -> Plan:
    """The small plan with a gate, roles and their tasks."""
    data = gated_plan().model_dump(mode="json", exclude_none=True, by_alias=True)
    roles = plan_with_roles().model_dump(mode="json", exclude_none=True, by_alias=True)
    return Plan.model_validate({**data, "roles": roles["roles"], "raci": roles["raci"]})


def furnished(folder: Path, theme: str = "dark") -> Driven:
    """The console; its journal is written into the folder."""
    update = replace(an_update(), gates={"go-no-go": history()}, watch=watch())
    book = JournalBook(write(folder / "reference.journal"), folder / "cache")
    return make(
        a_full_plan(),
        FakeFeed([update]),
        theme=theme,
        ports=Ports(doctor=FakeDoctor(), journal=book, drill=FakeWire()),
    )
