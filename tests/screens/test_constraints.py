"""The constraints room: rows, order, filter, what they block, and how one is waived."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from textual.pilot import Pilot

from tests.screens.driving import LARGE, SMALL, Driven, text_of, until
from tests.screens.fakes import a_plan, an_update, at
from tests.screens.rooms import SIZES, Compare, look

from operations.plan.obstacles import constraint_digest  # isort: skip
from screens.constraints import ConstraintsRoom  # isort: skip
from screens.form import FormScreen  # isort: skip
from state.projections.consents import ConstraintWaiver  # isort: skip


@dataclass
class FakeSignatory:
    """Remembers what was signed."""

    actor: str = "kim@bastion"
    signed: list[tuple[object, ...]] = field(default_factory=list)

    def waive(self, *what: object) -> object:
        self.signed.append(what)
        return None


def waiver(actor: str, until: str = "2026-11-22T06:00:00Z") -> ConstraintWaiver:
    constraint = a_plan().constraints[1]
    return ConstraintWaiver(
        1801, at(600), actor, "C-04", "tech_lead", "Security", until, "behind the allow list",
        constraint_digest(constraint),
    )  # fmt: skip


async def waived_once(driven: Driven, pilot: Pilot[int]) -> None:
    update = an_update()
    status = replace(update.status, waivers=(waiver("kim@bastion"),))
    driven.feed.pending.append(replace(update, status=status, entries=()))
    await driven.dialog(pilot, "C")
    await until(pilot, lambda: "1 more must sign" in text_of(driven.app) or driven.app.size.height < 30)


async def waiving(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.ports = replace(driven.app.ports, signatory=FakeSignatory())
    await driven.dialog(pilot, "C")
    driven.app.run_command("waive C-04 until 4h behind the allow list")
    await driven.dialog(pilot)


@SIZES
@pytest.mark.parametrize("scene", [waived_once, waiving], ids=lambda scene: scene.__name__)
def test_constraints(snap_compare: Compare, driven: Driven, size: tuple[int, int], scene: object) -> None:
    """The room and its question look as approved."""
    assert look(snap_compare, driven, size, scene)  # type: ignore[arg-type]


async def open_room(driven: Driven, pilot: Pilot[int]) -> ConstraintsRoom:
    await driven.settle(pilot)
    await driven.dialog(pilot, "C")
    room = driven.app.room
    assert isinstance(room, ConstraintsRoom)
    return room


async def test_order_filter_and_what_is_blocked(driven: Driven) -> None:
    """The worst come first, `s` sorts anew, the filter takes words; the cursor stands for what is blocked."""
    async with driven.app.run_test(size=LARGE) as pilot:
        room = await open_room(driven, pilot)
        assert room.list.chosen == "C-04"
        assert set(room.chosen_operations) == {
            "cutover-checkpoint",
            "traffic-10",
            "traffic-25",
            "freeze-writes",
        }
        await pilot.press("s", "s", "s")
        assert room.order == "owner"
        assert room.list.chosen == "C-04", "the cursor goes with its row"
        await pilot.press("slash", *"high 9.1", "enter")
        assert room.list.count == 1
        assert room.list.chosen == "C-07"
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert driven.app.room is driven.app.main


async def test_a_waiver_is_signed_only_when_everything_is_said(driven: Driven) -> None:
    """Cancel has the focus; a missing reason keeps the dialog open; `y` signs what was typed."""
    signatory = FakeSignatory()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.ports = replace(driven.app.ports, signatory=signatory)
        driven.app.run_command("waive C-04 until 4h")
        await driven.dialog(pilot)
        screen = driven.app.screen
        assert isinstance(screen, FormScreen)
        assert screen.focused is not None
        assert screen.focused.id == "cancel"
        await pilot.press("y")
        assert driven.app.screen is screen
        await pilot.press(*"drill", "enter", "y")
        await until(pilot, lambda: bool(signatory.signed))
    constraint, role, owner, end, reason = signatory.signed[0]
    assert (constraint, role, owner, reason) == ("C-04", None, "Security", "drill")
    assert isinstance(end, datetime)
    assert (end - driven.app.clock()).total_seconds() == 4 * 3600


async def test_two_people_lift_it_and_time_brings_it_back(driven: Driven) -> None:
    """One person is not enough, not even twice; an old signature does not count."""
    one, two = waiver("kim@bastion"), waiver("sam@desk")
    old = waiver("sam@desk", until="2026-11-22T01:00:00Z")
    update = an_update()
    async with driven.app.run_test(size=LARGE) as pilot:
        room = await open_room(driven, pilot)
        for waivers, shown in (
            ((one, one), "open"),
            ((one, old), "no longer counts"),
            ((one, two), "waived until"),
        ):
            status = replace(update.status, waivers=waivers)
            room.show_update(replace(update, status=status))
            await pilot.pause()
            assert shown in text_of(driven.app)
