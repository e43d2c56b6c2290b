"""Hostile text in every widget, screen and dialog: no sequence of it reaches the terminal, nothing crashes, nothing acts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Tally
from tests.hostile.texts import harm_in, poisoned
from tests.hostile.worlds import Texts, with_hostile_words
from tests.screens.driving import LARGE, Driven, make, text_of, until
from tests.screens.fakes import FakeFeed, a_detail, a_plan, an_update, readings

from textual._compositor import CompositorUpdate  # isort: skip
from textual.app import App  # isort: skip
from textual.drivers.headless_driver import HeadlessDriver  # isort: skip
from textual.pilot import Pilot  # isort: skip
from textual.screen import Screen  # isort: skip

from operations.plan.models import Plan  # isort: skip
from screens.arm import ArmScreen  # isort: skip
from screens.ask import AskScreen  # isort: skip
from screens.confirm import ConfirmScreen  # isort: skip
from screens.constraint_lines import constraint_page  # isort: skip
from screens.detail_lines import OperationView  # isort: skip
from screens.metric import MetricScreen  # isort: skip
from screens.ports import ArmPreview, Banner, PreviewCall  # isort: skip
from screens.reading import ReadingScreen  # isort: skip
from state.metrics import MetricsSnapshot  # isort: skip
from state.projections.detail import OperationDetail  # isort: skip

SEED = 23
ROUNDS = 6
"""How often one console is filled with hostile text, some sixty texts each time; there are six kinds of dialogs."""
STATUS_KEPT = frozenset({"id", "hash", "state", "direction", "armed", "level", "forward_run", "run_id"})


class Written:
    """What would have been written to the terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._parts: list[str] = []
        original = App._display

        def display(app: App[int], screen: Screen[object], renderable: Any) -> None:
            # as App._display does, which draws nothing without a terminal
            if isinstance(renderable, CompositorUpdate):
                self._parts.append(renderable.render_segments(app.console))
            elif renderable is not None:
                self._parts.append(app.console._render_buffer(app.console.render(renderable)))
            original(app, screen, renderable)

        monkeypatch.setattr(App, "_display", display)
        monkeypatch.setattr(HeadlessDriver, "write", lambda _, data: self._parts.append(data))

    def taken(self) -> str:
        """What was written since the last time."""
        written = "".join(self._parts)
        self._parts.clear()
        return written


def hostile_plan(text: Texts) -> Plan:
    """A plan with hostile text wherever a plan has free text."""
    return Plan.model_validate(with_hostile_words(a_plan().model_dump(mode="json", exclude_none=True), text))


def a_banner(text: Texts) -> Banner:
    """A banner whose every word is hostile."""
    return Banner(text(), text(), text(), text(), text(), text(), endpoint=text(), problem=text())


async def show_everything(driven: Driven, pilot: Pilot[int], text: Texts, number: int) -> None:
    """Put hostile text behind every port and open one dialog after the other."""
    app = driven.app
    update = poisoned(an_update(), text, STATUS_KEPT)
    driven.metrics.now = MetricsSnapshot(poisoned(readings(), text, frozenset({"standing"})), None, text())
    driven.metrics.place = a_banner(text)
    app.main.show_update(update)
    app.main.show_metrics(driven.metrics.now, driven.metrics.place)
    detail = poisoned(
        a_detail("traffic-10"), text, frozenset({"id", "state", "direction", "operation", "operation_id"})
    )
    assert isinstance(detail, OperationDetail)
    calls = {"forward": (PreviewCall(text(), text(), text(), text()),)}
    app.main.show_view(OperationView("traffic-10", detail, calls, text() if number % 2 else None))
    app.main.show_trouble(text() if number % 3 == 0 else None)
    app.say(text(), error=bool(number % 2))
    app.run_command(text() or "x")
    await pilot.pause()
    await through(pilot, driven, a_dialog(driven, text, number))


def a_dialog(driven: Driven, text: Texts, number: int) -> Screen[Any]:
    """Another dialog each time, full of hostile text."""
    app = driven.app
    preview = poisoned(driven.desk.preview_run(["traffic-10"]), text, frozenset({"level", "direction"}))
    banner = a_banner(text)
    made: list[Screen[Any]] = [
        ConfirmScreen(preview, banner),
        ConfirmScreen(replace(preview, refused=None, phrase=text()), banner),
        ArmScreen(text(), banner, 15, ArmPreview((text(), text()))),
        AskScreen(text(), [text(), text()], text()),
        ReadingScreen(text(), lambda width: constraint_page(app.plan.constraints[1], width)),
        MetricScreen(
            app.kit, lambda: driven.metrics.now, driven.metrics.now.readings[number % 4].id, app.main.zone
        ),
    ]
    return made[number % len(made)]


async def through(pilot: Pilot[int], driven: Driven, screen: Screen[Any]) -> None:
    app = driven.app
    before = len(app.screen_stack)
    app.push_screen(screen)
    await until(pilot, lambda: len(app.screen_stack) > before and app.screen.is_mounted)
    await pilot.pause()
    app.pop_screen()
    await pilot.pause()


def actions_on_screen(driven: Driven) -> list[str]:
    """The actions that a click somewhere on the screen would call."""
    strips = driven.app.screen._compositor.render_strips()
    metas = [
        segment.style.meta for strip in strips for segment in strip if segment.style and segment.style.meta
    ]
    return [str(meta["@click"]) for meta in metas if "@click" in meta]


@pytest.mark.catalogue(23, "hostile text in every widget and dialog", "0 ESC from data; 0 crashes; 0 actions")
async def test_nothing_of_it_reaches_the_terminal(tally: Tally, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn holds the console's own sequences and text, and a click anywhere does nothing hostile."""
    written = Written(monkeypatch)
    for seed in range(SEED, SEED + tally.count(2, 40)):
        await one_console(seed, written, tally)


async def one_console(seed: int, written: Written, tally: Tally) -> None:
    """Fill one console with hostile text, again and again."""
    text = Texts(seed)
    feed = FakeFeed([poisoned(an_update(), text, STATUS_KEPT)])
    driven = make(hostile_plan(text), feed, theme=text() if seed % 2 else "dark")
    async with driven.app.run_test(size=LARGE, notifications=True) as pilot:
        await until(pilot, lambda: driven.app.main.update_seen is not None)
        for number in range(ROUNDS):
            await show_everything(driven, pilot, text, number)
            shown = written.taken()
            problem = problem_of(driven, shown)
            tally.note(f"seed {seed} round {number}: {problem}" if problem else None, tries=text.counted())
            assert shown, "nothing was drawn, so nothing was shown"


def problem_of(driven: Driven, shown: str) -> str | None:
    """What is wrong with what a console has drawn or done."""
    harm = harm_in(shown) or harm_in(text_of(driven.app))
    if harm:
        return harm
    if clicks := actions_on_screen(driven):
        return f"a click would call {clicks}"
    acted = driven.desk.asked or driven.app.armed or not driven.app.is_running
    return f"it acted: {driven.desk.asked}" if acted else None
