"""No key is silent: where it has nothing to do it says so, and what a command needs is there before it acts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.driving import SMALL, Driven, make, until
from tests.screens.furnished import furnished

from screens.command_line import CommandLineScreen  # isort: skip
from screens.confirm import ConfirmScreen  # isort: skip
from screens.journal import JournalRoom  # isort: skip
from screens.ports import ActPreview  # isort: skip

PANELESS = ("f", "tab", "shift+tab", "3", "enter", "slash")
"""Keys that have nothing to do in a room of one pane without a list."""


async def test_keys_that_have_nothing_to_do_say_so() -> None:
    """And hide nothing: Esc leaves the room at once."""
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        for room in ("M", "B"):
            await pilot.press(room)
            await until(pilot, lambda: driven.app.room is not driven.app.main and driven.app.room.is_mounted)
            for key in PANELESS:
                await says(driven, pilot, key)
            await pilot.press("escape")
            await until(pilot, lambda: driven.app.room is driven.app.main)
        await says(driven, pilot, "z")


async def says(driven: Driven, pilot: Pilot[int], key: str) -> None:
    """Press a key and hear of it."""
    before = len(driven.app.said)
    await pilot.press(key)
    await until(pilot, lambda: len(driven.app.said) > before)


async def test_a_command_of_a_room_waits_until_the_room_is_there(tmp_path: Path) -> None:
    """And a closed phase has nothing to close: the cursor stays where it is."""
    driven = furnished(tmp_path)
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await pilot.press("G", "h")
        chosen = driven.app.main.plan_tree.chosen
        await pilot.press("h")
        assert driven.app.main.plan_tree.chosen == chosen
        await pilot.press("g", "g")
        assert driven.app.main.plan_tree.chosen != chosen
        driven.app.run_command("search")
        await until(
            pilot,
            lambda: isinstance(driven.app.room, JournalRoom) and driven.app.room.filter_box.has_focus,
        )
        assert driven.app.bug is None


async def test_a_question_that_took_long_does_not_take_what_is_typed_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It comes when the line is done with, and what was typed has been said."""
    driven, go, looked = make(), threading.Event(), threading.Event()
    preview = driven.desk.preview_rollback

    def slowly(operations: Sequence[str]) -> ActPreview:
        assert go.wait(60)
        looked.set()
        return preview(operations)

    monkeypatch.setattr(driven.desk, "preview_rollback", slowly)
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"*"})
        await pilot.press("R", "colon", *"the")
        go.set()
        assert await asyncio.to_thread(looked.wait, 60)
        await pilot.pause(0.1)
        await pilot.press(*"me")
        line = driven.app.screen
        assert isinstance(line, CommandLineScreen)
        assert line.query_one(Input).value == "theme"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(driven.app.screen, ConfirmScreen))
