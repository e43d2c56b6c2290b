"""The roles room: who answers, who is on, who has the lease; handing over, accepting; approvals that are waited for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from textual.pilot import Pilot

from tests.screens.driving import LARGE, SMALL, Driven, make, text_of, until
from tests.screens.fakes import FakeDesk, FakeFeed, FakeMetrics, a_plan, a_run, a_status, an_update, at
from tests.screens.rooms import SIZES, Compare, look

from operations.plan.models import Plan  # isort: skip
from screens.ports import DeskError  # isort: skip
from screens.preview_lines import preview_lines  # isort: skip
from screens.roles import RolesRoom  # isort: skip
from state.projections.consents import Consent  # isort: skip
from state.projections.states import OperationState, OperationStatus, RunState  # isort: skip
from state.projections.watch import Handover, LeaseSeen, Person, Watch  # isort: skip

KIM, SAM = "kim@bastion", "sam@desk"


def plan_with_roles() -> Plan:
    """The small plan with roles, RACI and an operation that needs a second person."""
    data = a_plan().model_dump(mode="json", exclude_none=True)
    data["roles"] = [
        {"id": "service_deployer", "title": "Service deployer", "backup": "tech_lead"},
        {"id": "migration_manager", "title": "Migration manager"},
        {"id": "tech_lead", "title": "Technical lead"},
    ]
    data["raci"] = [
        {"task": "Network", "operations": ["vpc", "subnets"], "accountable": "tech_lead"},
        {"task": "Cut-over", "operations": ["traffic-10", "traffic-25"], "responsible": ["service_deployer"],
         "accountable": "migration_manager", "informed": ["tech_lead"]},
    ]  # fmt: skip
    data["phases"][2]["subphases"][0]["operations"][2]["approval"] = {
        "roles": ["tech_lead", "migration_manager"],
        "timeout_minutes": 60,
    }
    return Plan.model_validate(data)


def watch(offered_by: str = KIM) -> Watch:
    people = {
        KIM: Person(KIM, at(20), "request.run", 1840, frozenset({"9"})),
        SAM: Person(SAM, at(4000), "request.note", 1500),
        "old@desk": Person("old@desk", at(200_000), "request.note", 10),
    }
    lease = LeaseSeen("lease.taken", 7, 4711, "bastion", at(754), at(754))
    offer = Handover(1841, at(60), offered_by, SAM, "run running 1/3; back out in 31 min", 1840, "a-b-c-d")
    return Watch(people, lease, (offer,))


def driven_with_roles(offered_by: str = KIM, consent: Consent | None = None) -> Driven:
    """A run that is held because nobody has approved one of its operations."""
    held = OperationStatus("traffic-25", OperationState.HELD, why="needs an approval")
    status = a_status(a_run(RunState.HELD))
    consents = {} if consent is None else {"traffic-25": consent}
    status = replace(
        status,
        hash="9f3c1a2b77d09f3c1a2b77d0",
        operations={**status.operations, "traffic-25": held},
        asked_by=KIM,
        consents=consents,
    )
    update = replace(an_update(), status=status, watch=watch(offered_by))
    return make(plan_with_roles(), FakeFeed([update]))


@dataclass
class FakeWatch:
    """Remembers what was offered and accepted; one phrase is right."""

    actor: str = SAM
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def offer(self, to: str, summary: str) -> str:
        self.asked.append(("offer", to, summary))
        return "lusab-babad-gutih-tugad"

    def accept(self, seq: int, typed: str) -> str:
        if typed != "a-b-c-d":
            raise DeskError("that is not the phrase of row 1840 here")
        self.asked.append(("accept", seq, typed))
        return "runner 4711 on bastion has this journal"


async def the_room(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.dialog(pilot, "W")


async def accepting(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.ports = replace(driven.app.ports, watch=FakeWatch())
    await the_room(driven, pilot)
    driven.app.run_command("accept")
    await driven.dialog(pilot)


@SIZES
@pytest.mark.parametrize("scene", [the_room, accepting], ids=lambda scene: scene.__name__)
def test_roles(snap_compare: Compare, size: tuple[int, int], scene: object) -> None:
    """The room and its question look as approved."""
    assert look(snap_compare, driven_with_roles(), size, scene)  # type: ignore[arg-type]


async def test_what_is_chosen_comes_first_and_an_approval_is_asked_for() -> None:
    """The row that covers the chosen operation is on top; the run line and the room name what waits for a second person."""
    driven = driven_with_roles()
    async with driven.app.run_test(size=LARGE) as pilot:
        await driven.settle(pilot)
        assert ":approve traffic-25" in text_of(driven.app)
        await the_room(driven, pilot)
        room = driven.app.room
        assert isinstance(room, RolesRoom)
        assert room.list.chosen == "Cut-over"
        assert room.chosen_operations == ("traffic-10", "traffic-25")
        shown = text_of(driven.app)
        for words in (
            f"asked for by {KIM}",
            "number 7",
            "pid 4711 on bastion",
            "armed 9",
            "migration_manager",
        ):
            assert words in shown
        assert "old@desk" not in shown


@pytest.mark.parametrize(
    ("actor", "ago", "digest", "waits"),
    [(SAM, 60, "d", False), (KIM, 60, "d", True), (SAM, 60, "other", True), (SAM, 3700, "d", True)],
    ids=["counts", "same person", "another plan", "too old"],
)
async def test_an_approval_counts_only_of_a_second_person_for_this_plan_and_for_a_time(
    actor: str, ago: float, digest: str, waits: bool
) -> None:
    """What does not count is told in the line that always stands."""
    driven = driven_with_roles(consent=Consent(1800, at(ago), actor, "tech_lead", digest, "seen"))
    async with driven.app.run_test(size=LARGE) as pilot:
        await driven.settle(pilot)
        assert (":approve traffic-25" in text_of(driven.app)) is waits


async def test_the_watch_is_offered_read_out_and_accepted() -> None:
    """Offering disarms and shows the phrase; a wrong phrase accepts nothing."""
    driven, desk = driven_with_roles(), FakeWatch()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.ports = replace(driven.app.ports, watch=desk)
        driven.app.armed = frozenset({"9"})
        driven.app.run_command(f"handover {SAM}")
        await driven.dialog(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "lusab-babad-gutih-tugad" in text_of(driven.app))
        await until(pilot, lambda: not driven.app.armed)
        assert desk.asked[0][:2] == ("offer", SAM)
        assert "to approve: traffic-25" in str(desk.asked[0][2])
        await pilot.press("escape")
        for typed in ("x-y", "a-b-c-d"):
            driven.app.run_command("accept")
            await driven.dialog(pilot)
            await pilot.press("tab", *typed, "enter", "y")
            await until(pilot, lambda: driven.app.screen is driven.app.room)
        await until(pilot, lambda: len(desk.asked) == 2)
    assert desk.asked[1] == ("accept", 1841, "a-b-c-d")


async def test_nobody_accepts_their_own_offer() -> None:
    """The one who offered is told that somebody else must accept."""
    driven = driven_with_roles(offered_by=SAM)
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.ports = replace(driven.app.ports, watch=FakeWatch())
        driven.app.run_command("accept")
        await pilot.pause()
        assert driven.app.screen is driven.app.room


async def test_nothing_is_signed_or_made_while_a_journal_is_only_reviewed() -> None:
    """Every command of these rooms that writes is refused where the console cannot act."""
    driven = driven_with_roles()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        refused = {
            action: driven.app.travel.refusal(action, mutates=False)
            for action in ("take", "sign", "attest", "waive", "make", "handover", "accept")
        }
        assert set(refused.values()) == {None}
        driven.app.travel._past = Offline()  # type: ignore[assignment]
        for action in refused:
            assert driven.app.travel.refusal(action, mutates=False) is not None


def test_the_question_before_a_run_says_who_must_approve() -> None:
    """Beside what it would do stands whose word is needed, and that it is not that of whoever asks."""
    said = "traffic-25: tech_lead must approve within 60 min. You ask (kim@bastion), so somebody else: :approve traffic-25"
    preview = replace(FakeDesk().preview_run(["traffic-25"]), approvals=(said,))
    rows = ["".join(part.text for part in row) for row in preview_lines(preview, FakeMetrics().place, 78)]
    assert any(row.startswith("approval   traffic-25: tech_lead must approve") for row in rows)
    assert any("somebody else: :approve" in row for row in rows)


class Offline:
    """A past without a present."""

    offline = True
