"""Keys that come faster than the console works: each meets what those before it have brought about."""

from __future__ import annotations

from typing import Any

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from screens.command_line import CommandLineScreen
from screens.quit import QuitScreen
from tests.screens.driving import SMALL, Driven, make, until


def typed(text: str) -> list[events.Event]:
    """What the keyboard tells for a text; a tab is Tab, a carriage return Enter, an escape character Esc."""
    named = {"\t": "tab", "\r": "enter", "\x1b": "escape"}
    return [
        events.Key(named.get(each) or (each if each.isalnum() else _character_to_key(each)), each)
        for each in text
    ]


def burst(driven: Driven, *parts: str | events.Event) -> None:
    """All at once, as a loaded machine or a slow line hands it over."""
    for part in parts:
        for event in typed(part) if isinstance(part, str) else [part]:
            driven.app.post_message(event)


async def typed_into(driven: Driven, pilot: Pilot[int], screen: type[Screen[Any]]) -> str:
    """What stands in the line of a screen once everything that was typed has come to it."""
    await until(pilot, lambda: isinstance(driven.app.screen, screen) and bool(driven.app.focused))
    await until(pilot, lambda: bool(driven.app.screen.query_one(Input).value))
    await pilot.pause()
    return driven.app.screen.query_one(Input).value


async def test_a_filter_opened_behind_other_keys_gets_what_is_typed_for_it() -> None:
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        burst(driven, "\t\tjjj/x[bold")
        await until(pilot, lambda: driven.app.main.filter_box.value == "x[bold")
        assert driven.app.focused is driven.app.main.filter_box
        burst(driven, "\rjj/y\r:zz")
        assert await typed_into(driven, pilot, CommandLineScreen) == "zz"
        assert driven.app.main.filter_box.value == "y"


@pytest.mark.parametrize("opener", ["/", ":", "\t\t/\r\t:"])
async def test_a_paste_lands_in_the_line_that_was_just_opened(opener: str) -> None:
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        burst(driven, opener, events.Paste("\n  \nju\x1b[31mmp \u202ex\nsecond line"), "!")
        await until(pilot, lambda: getattr(driven.app.focused, "value", "") == "ju[31mmp x!")


async def test_a_paste_where_no_line_is_open_does_nothing() -> None:
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        burst(driven, events.Paste(":q\r"), ":!")
        assert await typed_into(driven, pilot, CommandLineScreen) == "!"


async def test_quitting_by_the_command_line_never_loses_its_letter() -> None:
    for before in ("", "\t\tjj", "/x\r", ":x\r", "?\x1b"):
        driven = make()
        async with driven.app.run_test(size=SMALL) as pilot:
            await driven.settle(pilot)
            burst(driven, before + ":q\r")
            await until(pilot, lambda driven=driven: isinstance(driven.app.screen, QuitScreen))  # type: ignore[misc]
