"""The journal's room, and every screen at a moment of the past."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.screens.driving import LARGE, SMALL, Driven, text_of, until
from tests.screens.journaled import over_a_journal

from console.app import CutoverApp  # isort: skip
from screens.journal import JournalRoom  # isort: skip

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])


@pytest.fixture
def driven(tmp_path: Path) -> Driven:
    """A console over a real journal of a run of two operations and a rollback."""
    return over_a_journal(tmp_path)


def the_room(app: CutoverApp) -> JournalRoom:
    assert isinstance(app.room, JournalRoom)
    return app.room


async def opened(driven: Driven, pilot: Pilot[int]) -> JournalRoom:
    await driven.settle(pilot)
    await pilot.press("J")
    await until(
        pilot, lambda: isinstance(driven.app.room, JournalRoom) and the_room(driven.app).chosen is not None
    )
    room = the_room(driven.app)
    await until(pilot, lambda: room.page.lines != () and "chain ok" in text_of(driven.app))
    return room


async def searched(driven: Driven, pilot: Pilot[int], text: str) -> JournalRoom:
    room = await opened(driven, pilot)
    driven.app.run_command(f"search {text}")
    await until(pilot, lambda: "match" in text_of(driven.app) and "looking" not in text_of(driven.app))
    return room


@SIZES
def test_room(snap_compare: Compare, driven: Driven, size: tuple[int, int]) -> None:
    """The newest events, and the last of them in full."""

    async def before(pilot: Pilot[int]) -> None:
        await opened(driven, pilot)

    assert snap_compare(driven.app, terminal_size=size, run_before=before)


def test_search_and_past(snap_compare: Compare, driven: Driven) -> None:
    """Matches alone, one of them marked, and every screen at its moment."""

    async def before(pilot: Pilot[int]) -> None:
        room = await searched(driven, pilot, "kind:step op:vpc")
        await pilot.press("k", "m", "t")
        await until(pilot, lambda: driven.app.main.seen.review is not None)
        await until(pilot, lambda: driven.app.status.seq == room.chosen)

    assert snap_compare(driven.app, terminal_size=SMALL, run_before=before)


def test_cutover_in_the_past(snap_compare: Compare, driven: Driven) -> None:
    """The first room at a moment at which the first operation was under way."""

    async def before(pilot: Pilot[int]) -> None:
        await driven.settle(pilot)
        driven.app.run_command("at #6")
        await until(pilot, lambda: driven.app.status.seq == 6)

    assert snap_compare(driven.app, terminal_size=LARGE, run_before=before)
