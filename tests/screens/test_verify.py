"""The verification room: verdicts with their age, what has changed, and a making that the room only follows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from textual.pilot import Pilot

from tests.screens.driving import LARGE, Driven, make, text_of, until
from tests.screens.fakes import FakeFeed, an_update, at
from tests.screens.rooms import SIZES, Compare, look

from operations.checks.evaluate import CheckOutcome  # isort: skip
from operations.checks.library import CheckedItem, LibraryCheck  # isort: skip
from screens.verify import VerifyRoom  # isort: skip
from state.events import Verdict  # isort: skip
from state.projections.evidence import Evidence, LastVerdict  # isort: skip


def driven_with_checks() -> Driven:
    """One check got worse since the time before, one is as it was, the others were never made."""
    worse = LastVerdict(
        Verdict.FAIL, at(600), 1750, "vpc.1", "expected length(Vpcs) == `1`, saw 0", was=Verdict.PASS
    )
    same = LastVerdict(Verdict.PASS, at(3 * 86_400), 900, "subnets.1", "answered", was=Verdict.PASS)
    update = replace(an_update(), evidence=Evidence({"vpc.1": worse, "subnets.1": same}))
    return make(feed=FakeFeed([update]))


@dataclass
class FakeMaker:
    """Tells of one check after another, each when a test lets it."""

    begun: list[str] = field(default_factory=list)
    next: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    wanted: tuple[str, ...] = ()

    def make(
        self,
        checks: Sequence[LibraryCheck],
        told: Callable[[CheckedItem], None],
        stopped: Callable[[], bool],
    ) -> str:
        self.wanted = tuple(check.id for check in checks)
        for check in checks:
            self.next.acquire(timeout=10)
            if stopped():
                break
            self.begun.append(check.id)
            told(CheckedItem(check, CheckOutcome(check.step.title, Verdict.PASS, None, "", 0.1)))
        return f"{len(self.begun)} pass; {len(checks) - len(self.begun)} not made"


async def open_room(driven: Driven, pilot: Pilot[int]) -> VerifyRoom:
    await driven.dialog(pilot, "V")
    room = driven.app.room
    assert isinstance(room, VerifyRoom)
    return room


async def the_room(driven: Driven, pilot: Pilot[int]) -> None:
    await open_room(driven, pilot)


@SIZES
@pytest.mark.parametrize("scene", [the_room], ids=lambda scene: scene.__name__)
def test_verify(snap_compare: Compare, size: tuple[int, int], scene: object) -> None:
    """The room looks as approved."""
    assert look(snap_compare, driven_with_checks(), size, scene)  # type: ignore[arg-type]


async def test_filter_by_verdict_and_change() -> None:
    """Words of a row find it, whether it is the verdict, the category or that it changed."""
    driven = driven_with_checks()
    async with driven.app.run_test(size=LARGE) as pilot:
        await driven.settle(pilot)
        room = await open_room(driven, pilot)
        assert room.list.chosen == "vpc.1", "the worst comes first"
        shown = text_of(driven.app)
        assert "worse: the time before it said pass" in shown
        assert "10 min" in shown
        for words, found in (("changed worse", {"vpc.1"}), ("pass", {"subnets.1"}), ("never", 4)):
            driven.app.run_command(f"filter {words}")
            await pilot.pause()
            assert set(room.shown) == found if isinstance(found, set) else len(room.shown) == found
        assert room.chosen_operations == (room.chosen.owner,) if room.chosen else False


async def test_a_making_shows_its_progress_and_can_be_stopped() -> None:
    """Reads only: it needs no arming; a stop begins no more, keeps what was made and says that nothing is undone."""
    driven, maker = driven_with_checks(), FakeMaker()
    async with driven.app.run_test(size=LARGE) as pilot:
        await driven.settle(pilot)
        driven.app.ports = replace(driven.app.ports, checks=maker)
        await open_room(driven, pilot)
        driven.app.run_command("make all")
        maker.next.release(2)
        await until(pilot, lambda: "2/6" in text_of(driven.app))
        await pilot.press("escape")
        assert driven.app.room is driven.app.main, "the room may be left meanwhile"
        await open_room(driven, pilot)
        assert "2/6" in text_of(driven.app)
        await pilot.press("v")
        await pilot.press("x")
        await until(pilot, lambda: "stopping" in text_of(driven.app))
        maker.next.release()
        await until(pilot, lambda: "stopping" not in text_of(driven.app))
    assert len(maker.wanted) == 6
    assert len(maker.begun) == 2


@pytest.mark.parametrize(
    ("words", "meant"), [("", 1), ("shown", 1), ("cutover", 6), ("vpc.1 subnets.1", 2), ("nonsense", 0)]
)
async def test_what_is_to_be_made(words: str, meant: int) -> None:
    """The chosen one, what the filter shows, a category, or by id."""
    driven, maker = driven_with_checks(), FakeMaker()
    maker.next.release(20)
    async with driven.app.run_test(size=LARGE) as pilot:
        await driven.settle(pilot)
        driven.app.ports = replace(driven.app.ports, checks=maker)
        room = await open_room(driven, pilot)
        driven.app.run_command("filter worse")
        await pilot.pause()
        driven.app.run_command(f"make {words}")
        if meant:
            await until(pilot, lambda: len(maker.begun) == meant and room.making is None)
    assert len(maker.begun) == meant
