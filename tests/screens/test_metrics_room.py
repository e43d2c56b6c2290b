"""The metrics' room at both sizes, its order, and what is not drawn again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from tests.screens.driving import LARGE, SMALL, Driven, make, text_of, until
from tests.screens.fakes import NOW, readings

from console.pace import MetricsPace  # isort: skip
from console.ports import Ports  # isort: skip
from screens.metric_lines import metrics_note  # isort: skip
from screens.metrics_room import Card, MetricsRoom, by_urgency  # isort: skip
from state.metrics import MetricsSnapshot  # isort: skip


async def opened(driven: Driven, pilot: Pilot[int]) -> MetricsRoom:
    await driven.settle(pilot)
    await pilot.press("E")
    await until(
        pilot, lambda: isinstance(driven.app.room, MetricsRoom) and "p95 latency" in text_of(driven.app)
    )
    await pilot.pause()
    assert isinstance(driven.app.room, MetricsRoom)
    return driven.app.room


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_room(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    """Plots side by side, the most urgent first."""
    driven = make()

    async def before(pilot: Pilot[int]) -> None:
        await opened(driven, pilot)
        await pilot.press("j")

    assert snap_compare(driven.app, terminal_size=size, run_before=before)


async def test_moving_filtering_opening() -> None:
    """The keys of lists move in the grid; the filter leaves cards out; what did not change is not drawn again."""
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        room = await opened(driven, pilot)
        await pilot.press("l", "j")
        assert room.plots.chosen == "orders"
        drawn = [card._drawn for card in room.query(Card)]
        newest = readings()
        moved = tuple(
            replace(each, values=(*each.values[:-1], 0.9)) if each.values else each for each in newest
        )
        room.show_metrics(replace(driven.metrics.now, readings=moved), driven.app.banner)
        assert [card._drawn for card in room.query(Card)] == drawn  # the newest point may still change
        driven.app.run_command("filter lag")
        await until(pilot, lambda: "p95 latency" not in text_of(driven.app))
        assert room.plots.chosen == "lag"
        await pilot.press("escape")
        await until(pilot, lambda: "p95 latency" in text_of(driven.app))
        await driven.dialog(pilot, "enter")


def test_order_and_pace() -> None:
    """Breached first, without a bound last; never more often than the setting says."""
    assert [each.id for each in by_urgency(readings())] == ["latency", "lag", "error-rate", "orders"]
    pace = MetricsPace(60)
    assert pace.change_pace(-1) == 60
    assert [pace.change_pace(1) for _ in range(4)] == [120, 300, 600, 600]
    assert not pace.paused
    pace.pause(paused=True)
    assert pace.paused


@pytest.mark.parametrize(
    ("every", "minutes", "words"),
    [(60, 2.5, "2 min old"), (60, 4, "STALE 4 min"), (600, 9, "9 min old"), (600, 31, "STALE 31 min")],
)
def test_figures_are_stale_after_three_looks_at_the_pace_that_is_kept(
    every: float, minutes: float, words: str
) -> None:
    """Who asks seldom is not told all the time that what they see is old; who asks for nothing is told why."""
    shown = MetricsSnapshot(readings(), NOW - timedelta(minutes=minutes), every=every)
    assert words == "".join(part.text for part in metrics_note(shown, NOW)).removeprefix("1 breached  ")
    paused = metrics_note(replace(shown, paused="paused"), NOW)
    assert "paused" in "".join(part.text for part in paused)


async def test_the_title_says_what_asking_costs() -> None:
    """So far, and in a day at the pace that is kept; what is dear stands out, and another pace says its price."""
    driven = make(ports=Ports(metrics=MetricsPace(60)))
    driven.metrics.now = replace(driven.metrics.now, asked=1234)
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(driven, pilot)
        assert "$0.06 a day  every 60 s  1 breached  10 s old" in text_of(driven.app)
        await pilot.resize_terminal(*LARGE)
        driven.app.tick()
        assert "asked 1,234, $0.01  $0.06 a day  every 60 s" in text_of(driven.app)
        await pilot.press("plus")
        await until(pilot, lambda: "every 120 s, for about $0.03 a day" in text_of(driven.app))
        await pilot.press("space")
        await until(pilot, lambda: "paused" in text_of(driven.app).splitlines()[3])
