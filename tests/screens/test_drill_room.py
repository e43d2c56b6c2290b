"""The drill's room: it asks before it changes the wire, and is not there without a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from textual.pilot import Pilot

from tests.screens.driving import LARGE, SMALL, Driven, make, text_of, until
from tests.screens.fakes import at

from console.ports import Ports  # isort: skip
from screens.ask import AskScreen  # isort: skip
from screens.drill_port import Choice, DrillState  # isort: skip
from screens.drill_room import DrillRoom  # isort: skip
from state.projections.timeline import TimelineEntry  # isort: skip


@dataclass
class FakeDrill:
    """Remembers what it was asked for."""

    asked: list[str] = field(default_factory=list)

    def choices(self) -> Sequence[Choice]:
        lines = ("throttled: 20% of calls that change something of all",)
        return [
            Choice("scenario calm", "calm", "nothing goes wrong", "the plan itself"),
            Choice("scenario throttled", "throttled", "too many calls", "retries", lines),
            Choice("fault lag", "lag", "reads answer from before"),
        ]

    def state(self) -> DrillState:
        log = (TimelineEntry(3, at(60), "kim@bastion", "drill.started", None, "throttled"),)
        return DrillState("throttled", 7, ("throttled on *, 31 calls looked at",), log)

    def inject(self, choice: str) -> str:
        self.asked.append(choice)
        return choice

    def clear(self) -> None:
        self.asked.append("clear")


def over(drill: FakeDrill) -> Driven:
    return make(ports=Ports(drill=drill))


async def opened(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.settle(pilot)
    await pilot.press("D")
    await until(pilot, lambda: isinstance(driven.app.room, DrillRoom) and "in force" in text_of(driven.app))


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_room(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    """Scenarios, faults, the wire."""
    driven = over(FakeDrill())

    async def before(pilot: Pilot[int]) -> None:
        await opened(driven, pilot)
        await pilot.press("j")
        await pilot.pause()

    assert snap_compare(driven.app, terminal_size=size, run_before=before)


async def test_it_asks_first() -> None:
    """Esc leaves the wire as it is; `y` changes it."""
    drill = FakeDrill()
    driven = over(drill)
    async with driven.app.run_test(size=SMALL) as pilot:
        await opened(driven, pilot)
        await driven.dialog(pilot, "j", "i")
        assert isinstance(driven.app.screen, AskScreen)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(driven.app.screen, AskScreen))
        assert drill.asked == []
        await driven.dialog(pilot, "i")
        await pilot.press("y")
        await until(pilot, lambda: drill.asked == ["scenario throttled"])
        await driven.dialog(pilot, "x")
        await pilot.press("y")
        await until(pilot, lambda: drill.asked == ["scenario throttled", "clear"])


async def test_there_is_none_live() -> None:
    """Without a sandbox the room says where one is."""
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await pilot.press("D")
        await until(
            pilot, lambda: any("cutover drill" in str(each.message) for each in driven.app._notifications)
        )
        assert not isinstance(driven.app.room, DrillRoom)
