"""The page about going back, and the line that always stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from textual.pilot import Pilot

from screens.back_out_lines import deadline_line, window_words
from screens.ports import BackOut
from screens.way_back import WayBackRoom
from tests.screens.driving import Driven, make, text_of, until
from tests.screens.fakes import FakeFeed, a_plan, an_update
from tests.screens.rooms import SIZES, Compare, look

BACK = BackOut(True, 4, 27.0, last="traffic-10")


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC)


async def way_back(driven: Driven, pilot: Pilot[int]) -> None:
    await pilot.press("B")
    await until(pilot, lambda: isinstance(driven.app.screen, WayBackRoom))
    await pilot.press("j", "j", "j", "j", "j")


@SIZES
def test_page(snap_compare: Compare, driven: Driven, size: tuple[int, int]) -> None:
    """The order, minutes, guards, losses and the window."""
    assert look(snap_compare, driven, size, way_back)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (at(1, 0), "by 03:33Z"),
        (at(3, 20), "by 03:33Z"),
        (at(3, 40), "too late for 04:00Z"),
        (at(5, 0), "window closed"),
    ],
)
def test_the_deadline_is_the_end_of_the_window_less_the_way_back(now: datetime, words: str) -> None:
    assert [part.text for part in deadline_line(a_plan(), BACK, now)] == [words]


def test_where_nothing_stands_there_is_no_deadline() -> None:
    assert deadline_line(a_plan(), BackOut(True, 0, 0.0), at(1, 0)) == ()
    assert window_words(a_plan(), None, at(1, 0)) == "nothing stands, so no window counts"


def test_a_closed_window_says_that_going_back_is_allowed() -> None:
    said = window_words(a_plan(), BACK, at(5, 0))
    assert "going back is allowed all the same" in said
    assert "night opens Mon 00:00Z" in said


async def test_past_the_point_of_no_return_the_page_says_no() -> None:
    update = replace(an_update(), back_out=BackOut(False, 5, 30.0, blocked_by=("freeze-writes",)))
    driven = make(feed=FakeFeed([update]))
    async with driven.app.run_test(size=(80, 24)) as pilot:
        await driven.settle(pilot)
        await way_back(driven, pilot)
        assert "NO: past the point of no return: freeze-writes cannot be undone." in text_of(driven.app)


async def test_what_the_cursor_stands_on_is_what_roll_back_means(driven: Driven) -> None:
    async with driven.app.run_test(size=(80, 24)) as pilot:
        await driven.settle(pilot)
        await way_back(driven, pilot)
        assert driven.app.chosen_operations == ("traffic-10",)
        await pilot.press("escape")
        await until(pilot, lambda: driven.app.screen is driven.app.main)
