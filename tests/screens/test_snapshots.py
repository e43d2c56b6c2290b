"""How every screen and dialog looks, at the design size and at the large one."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from screens.kit import Link
from tests.screens.driving import LARGE, SMALL, Driven, make, until
from tests.screens.fakes import FakeFeed, hostile_plan, hostile_update
from tests.screens.rooms import SIZES, Compare, Steps, look


async def nothing(driven: Driven, pilot: Pilot[int]) -> None:
    """The screen as it opens."""


async def metrics_pane(driven: Driven, pilot: Pilot[int]) -> None:
    await pilot.press("3", "j")


async def constraints_pane(driven: Driven, pilot: Pilot[int]) -> None:
    await pilot.press("4")


async def zoomed_operation(driven: Driven, pilot: Pilot[int]) -> None:
    await pilot.press("2", "f")


async def a_phase(driven: Driven, pilot: Pilot[int]) -> None:
    await pilot.press("h", "h", "h")


async def changed_since(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.run_command("goto subnets")
    detail = driven.app.main.detail
    await until(pilot, lambda: detail.item is driven.app.plan.operations["subnets"] and detail.complete)


async def the_map(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.dialog(pilot, "M")


async def filtered(driven: Driven, pilot: Pilot[int]) -> None:
    await pilot.press("slash", *"traffic")


async def one_constraint(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.dialog(pilot, "4", "enter")


async def large_metric(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.dialog(pilot, "m")


async def the_help(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.dialog(pilot, "question_mark")


async def command_line(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.dialog(pilot, "colon")
    await pilot.press(*"go")


async def arming(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.run_command("arm 9")
    await driven.dialog(pilot)


async def confirm_rollback(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.armed = frozenset({"9"})
    await driven.dialog(pilot, "R")


async def confirm_irreversible(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.armed = frozenset({"*"})
    driven.app.run_command("run freeze-writes")
    await driven.dialog(pilot)


async def confirm_many(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.armed = frozenset({"*"})
    driven.app.run_command("rollback all")
    await driven.dialog(pilot)


async def refused(driven: Driven, pilot: Pilot[int]) -> None:
    driven.desk.refused = "the change window closes in 4 minutes; the way back alone takes 11"
    driven.app.armed = frozenset({"*"})
    await driven.dialog(pilot, "r")


async def pausing(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.armed = frozenset({"*"})
    await driven.dialog(pilot, "p")


async def quitting(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.dialog(pilot, "ctrl+q")


SCENES: list[Steps] = [
    nothing,
    metrics_pane,
    constraints_pane,
    zoomed_operation,
    a_phase,
    changed_since,
    the_map,
    filtered,
    one_constraint,
    large_metric,
    the_help,
    command_line,
    arming,
    confirm_rollback,
    confirm_irreversible,
    confirm_many,
    refused,
    pausing,
    quitting,
]


@SIZES
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_scene(snap_compare: Compare, driven: Driven, size: tuple[int, int], scene: Steps) -> None:
    """Every screen and dialog looks as approved."""
    assert look(snap_compare, driven, size, scene)


@pytest.mark.parametrize("theme", ["light", "high-contrast", "colour-blind-safe", "ansi-16"])
def test_theme(snap_compare: Compare, theme: str) -> None:
    """Every theme colours the main screen as approved."""
    assert look(snap_compare, make(theme=theme), SMALL, nothing)


@pytest.mark.parametrize("size", [(40, 10), (60, 16)], ids=["40x10", "60x16"])
def test_small(snap_compare: Compare, driven: Driven, size: tuple[int, int]) -> None:
    """Small terminals show one pane and refuse nothing."""
    assert look(snap_compare, driven, size, nothing)


def test_ascii(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without UTF-8 nothing but ASCII is drawn."""
    monkeypatch.setenv("CUTOVER_ASCII", "1")
    assert look(snap_compare, make(link=Link.SLOW), SMALL, nothing)


def test_without_colour(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR leaves words and glyphs to tell everything."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert look(snap_compare, make(), SMALL, nothing)


def test_hostile(snap_compare: Compare) -> None:
    """Hostile text stays text."""
    driven = make(hostile_plan(), FakeFeed([hostile_update()]))
    assert look(snap_compare, driven, LARGE, nothing)
