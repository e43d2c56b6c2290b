"""No key is silent: where it has nothing to do it says so, and what a command needs is there before it acts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.driving import SMALL, make, until
from tests.screens.furnished import furnished

from screens.journal import JournalRoom  # isort: skip

PANELESS = ("f", "tab", "shift+tab", "3", "enter", "slash")
"""Keys that have nothing to do in a room of one pane without a list."""


@pytest.mark.parametrize("room", ["M", "B"])
async def test_a_room_of_one_pane_says_what_it_has_not(room: str) -> None:
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await pilot.press(room)
        await until(pilot, lambda: driven.app.room is not driven.app.main and driven.app.room.is_mounted)
        for key in PANELESS:
            before = len(driven.app.said)
            await pilot.press(key)
            await until(pilot, lambda before=before: len(driven.app.said) > before)
        await pilot.press("escape")
        await until(pilot, lambda: driven.app.room is driven.app.main)


async def test_out_of_a_closed_phase_goes_nowhere() -> None:
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await pilot.press("G", "k", "h")
        chosen = driven.app.main.plan_tree.chosen
        await pilot.press("h")
        assert driven.app.main.plan_tree.chosen == chosen
        await pilot.press("g", "g")
        assert driven.app.main.plan_tree.chosen != chosen


async def test_a_command_of_a_room_waits_until_the_room_is_there(tmp_path: Path) -> None:
    driven = furnished(tmp_path)
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.run_command("search")
        await until(
            pilot, lambda: isinstance(driven.app.room, JournalRoom) and driven.app.room.filter_box.has_focus
        )
        assert driven.app.bug is None
