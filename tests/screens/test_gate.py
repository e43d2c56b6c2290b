"""The gate room: scores, samples with their age, what would make it GO, and what people write at it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import pytest
from textual.pilot import Pilot

from tests.screens.driving import LARGE, SMALL, Driven, make, text_of, until
from tests.screens.fakes import FakeFeed, a_plan, an_update, at
from tests.screens.rooms import SIZES, Compare, look

from operations.checks.gate_standing import criterion_digest  # isort: skip
from operations.plan.models import Plan  # isort: skip
from screens.gate import GateRoom  # isort: skip
from state.events import Verdict  # isort: skip
from state.gate_events import GateDecision  # isort: skip
from state.projections.evidence import Evidence, LastVerdict  # isort: skip
from state.projections.gate import GateHistory, SignOff, TakenVerdict, WaiverSignature  # isort: skip

KIM, SAM = "kim@bastion", "sam@desk"


def gated_plan() -> Plan:
    """The small plan with two categories and a gate."""
    data = a_plan().model_dump(mode="json", exclude_none=True)
    check = {"api": "ec2:DescribeVpcs", "params": {}, "expect": "length(Vpcs) == `1`"}
    hand = {"manual": "Read the load test's report", "role": "tech_lead"}
    data["criteria"] = [
        {"id": "T1.1", "title": "The network is up", "category": "infrastructure", "check": check},
        {"id": "T1.2", "title": "The database answers", "category": "infrastructure", "check": check},
        {"id": "T3.1", "title": "It is quick enough", "category": "performance", "weight": 8, "check": check},
        {"id": "T3.2", "title": "It bears the load", "category": "performance", "weight": 2, "check": hand},
    ]
    data["gate"] = [{
        "id": "go-no-go", "thresholds": {"infrastructure": 100, "performance": 90, "overall": 85},
        "conditional": {"category": "performance", "from": 80, "to": 90,
                        "conditions": ["traffic stays at 10 % until performance reaches 90"]},
        "approvers": ["tech_lead", "migration_manager"],
    }]  # fmt: skip
    return Plan.model_validate(data)


def evidence(load: Verdict | None = Verdict.FAIL) -> Evidence:
    made = {
        "T1.1": LastVerdict(Verdict.PASS, at(300), 1700, "T1.1", "1 found"),
        "T1.2": LastVerdict(Verdict.PASS, at(310), 1701, "T1.2", "1 found"),
        "T3.1": LastVerdict(Verdict.PASS, at(7200), 1702, "T3.1", "p95 412 ms"),
    }
    if load is not None:
        made["T3.2"] = LastVerdict(load, at(3600), 1703, "T3.2", "7 % errors at 200 users", None, SAM)
    return Evidence(made)


def history() -> GateHistory:
    """A conditional verdict, signed once; the failing criterion waived by one of two."""
    digest = criterion_digest(gated_plan().criteria[3])
    decision = GateDecision.CONDITIONAL
    taken = TakenVerdict(1710, at(280), KIM, "go-no-go", decision, "d", {})
    waived = WaiverSignature(
        1711, at(200), KIM, "T3.2", "tech_lead", "Performance", "2026-11-22T06:00:00Z", "10 % only", digest
    )
    signed = SignOff(1712, at(100), KIM, "tech_lead", decision, 1710, "d", "watched")
    return GateHistory((taken,), (waived,), (signed,))


def driven_at_gate(load: Verdict | None = Verdict.FAIL) -> Driven:
    update = replace(an_update(), evidence=evidence(load), gates={"go-no-go": history()})
    return make(gated_plan(), FakeFeed([update]))


@dataclass
class FakeGate:
    """Remembers what it was asked for; taking waits until it is let go."""

    actor: str = SAM
    digest: str = ""
    asked: list[tuple[object, ...]] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)

    def take(self, gate: str) -> str:
        self.asked.append(("take", gate))
        self.go.wait(10)
        return "gate go-no-go: NO-GO (event 1720)"

    def sign(self, *what: object) -> object:
        return self.asked.append(("sign", *what))

    def waive(self, *what: object) -> object:
        return self.asked.append(("waive", *what))

    def attest(self, *what: object) -> object:
        return self.asked.append(("attest", *what))


async def open_gate(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.dialog(pilot, "o")


async def signing(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.ports = replace(driven.app.ports, gate=FakeGate())
    await open_gate(driven, pilot)
    driven.app.run_command("sign")
    await driven.dialog(pilot)


@SIZES
@pytest.mark.parametrize("scene", [open_gate, signing], ids=lambda scene: scene.__name__)
def test_gate(snap_compare: Compare, size: tuple[int, int], scene: object) -> None:
    """The room and its question look as approved."""
    assert look(snap_compare, driven_at_gate(), size, scene)  # type: ignore[arg-type]


async def test_what_would_make_it_go_and_what_lacks_data() -> None:
    """A criterion that nobody made is no pass; what would make it GO is named."""
    driven = driven_at_gate(load=None)
    async with driven.app.run_test(size=LARGE) as pilot:
        await driven.settle(pilot)
        await open_gate(driven, pilot)
        room = driven.app.room
        assert isinstance(room, GateRoom)
        shown = text_of(driven.app)
        assert "never made" in shown
        assert "T3.2 (never made) must pass" in shown
        await pilot.press("slash", *"never", "enter")
        assert room.list.chosen == "T3.2"
        assert room.list.count == 1


async def test_a_person_signs_waives_and_attests() -> None:
    """Each asks first; the role that is missing is offered; nothing is signed without a reason."""
    driven, gate = driven_at_gate(), FakeGate()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.ports = replace(driven.app.ports, gate=gate)
        await signing_by_hand(driven, pilot, gate)
        driven.app.run_command("waive T3.2 until 4h only ten percent")
        await driven.dialog(pilot)
        await pilot.press("y")
        await until(pilot, lambda: len(gate.asked) == 2)
        driven.app.run_command("attest T3.2 pass the report of 01:00Z")
        await driven.dialog(pilot)
        await pilot.press("y")
        await until(pilot, lambda: len(gate.asked) == 3)
        driven.app.run_command("attest T1.1 pass I say so")
        await pilot.pause()
        assert driven.app.screen is driven.app.room, "what is read is not attested"
    sign, waive, attest = gate.asked
    assert sign == ("sign", "go-no-go", "migration_manager", "seen")
    assert (*waive[:5], waive[6]) == (
        "waive", "go-no-go", "T3.2", "migration_manager", "Performance", "only ten percent",
    )  # fmt: skip
    assert attest == ("attest", "T3.2", Verdict.PASS, "the report of 01:00Z", "tech_lead")


async def signing_by_hand(driven: Driven, pilot: Pilot[int], gate: FakeGate) -> None:
    await open_gate(driven, pilot)
    driven.app.run_command("sign")
    await driven.dialog(pilot)
    await pilot.press("y")
    assert not gate.asked
    await pilot.press(*"seen", "enter", "y")
    await until(pilot, lambda: bool(gate.asked))


async def test_taking_a_verdict_goes_on_beside_the_room() -> None:
    """While the criteria are made the room says so and listens; a second taking is not begun."""
    driven, gate = driven_at_gate(), FakeGate()
    async with driven.app.run_test(size=LARGE) as pilot:
        await driven.settle(pilot)
        driven.app.ports = replace(driven.app.ports, gate=gate)
        await open_gate(driven, pilot)
        await pilot.press("t", "t", "j")
        await until(pilot, lambda: bool(gate.asked) and "making every criterion" in text_of(driven.app))
        gate.go.set()
        await until(pilot, lambda: "making every criterion" not in text_of(driven.app))
    assert gate.asked == [("take", "go-no-go")]


async def test_titles_can_be_told_apart_at_the_design_size() -> None:
    """At 80 columns a sample is its verdict, its age and most of its title; every score has its word."""
    driven = driven_at_gate()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.run_command("gate")
        await until(pilot, lambda: isinstance(driven.app.room, GateRoom))
        await pilot.pause()
        shown = text_of(driven.app)
    for title in (
        "T1.1 pass 5 min",
        "The network is up",
        "The database answe",
        "It is quick enough",
        "It bears the load",
    ):
        assert title in shown
    scores = [
        row.split("│")[0] for row in shown.splitlines() if "infrastructure  " in row or "overall  " in row
    ]
    assert scores
    assert all(row.split()[-1] in ("GO", "NO-GO", "CONDITIONAL", "waived") for row in scores), scores
