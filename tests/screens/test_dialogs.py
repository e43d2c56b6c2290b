"""Dialogs: nothing happens by accident, and what is confirmed is asked for once."""

from __future__ import annotations

import pytest
from textual.widgets import Button, Input

from screens.arm import ArmScreen
from screens.ask import AskScreen
from screens.confirm import ConfirmScreen
from screens.quit import QuitScreen
from tests.screens.driving import SMALL, Driven, make, text_of, until
from tests.screens.fakes import FakeFeed, an_update

ALL = frozenset({"*"})


@pytest.mark.parametrize("keys", [("r",), ("R",), ("p",)])
async def test_cancel_has_the_focus(driven: Driven, keys: tuple[str, ...]) -> None:
    """Every question that may act opens on Cancel."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = ALL
        await driven.dialog(pilot, *keys)
        assert isinstance(driven.app.focused, Button)
        assert driven.app.focused.id == "cancel"


@pytest.mark.parametrize("key", ["y", "enter", "escape", "tab"])
async def test_deaf_for_the_first_300_ms(driven: Driven, key: str) -> None:
    """What was typed ahead neither confirms nor cancels nor moves."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = ALL
        await driven.dialog(pilot, "R", awake=False)
        driven.ticker.pass_seconds(0.29)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(driven.app.screen, ConfirmScreen)
        assert driven.app.focused is driven.app.screen.query_one("#cancel")
        assert driven.desk.asked == []


@pytest.mark.parametrize(("key", "verb"), [("r", "run"), ("R", "rollback")])
async def test_y_confirms_once(driven: Driven, key: str, verb: str) -> None:
    """`y` asks the desk for exactly what was shown, once, even when it is pressed twice."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = ALL
        await driven.dialog(pilot, key)
        await pilot.press("y", "y")
        await until(pilot, lambda: bool(driven.desk.asked))
        await pilot.pause()
        assert driven.desk.asked == [(verb, "traffic-10", "")]


@pytest.mark.parametrize("key", ["enter", "escape", "space", "R", "r", "n"])
async def test_other_keys_never_confirm(driven: Driven, key: str) -> None:
    """Enter on Cancel, Esc, and the key that opened the question act on nothing."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = ALL
        await driven.dialog(pilot, "R")
        await pilot.press(key)
        await pilot.pause()
        assert driven.desk.asked == []


async def test_a_reason_goes_along(driven: Driven) -> None:
    """The reason is passed on; `y` typed into it confirms nothing."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = ALL
        await driven.dialog(pilot, "R")
        await pilot.press("tab", *"yes", "enter")
        assert driven.desk.asked == []
        await pilot.press("y")
        await until(pilot, lambda: bool(driven.desk.asked))
        assert driven.desk.asked == [("rollback", "traffic-10", "yes")]


async def test_irreversible_needs_typing(driven: Driven) -> None:
    """What cannot be undone is confirmed by typing its id, and by nothing less."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = ALL
        driven.app.run_command("run freeze-writes")
        await driven.dialog(pilot)
        await pilot.press("y", "tab", *"freeze", "enter")
        await pilot.pause()
        assert isinstance(driven.app.screen, ConfirmScreen)
        assert driven.desk.asked == []
        assert driven.app.screen.query_one("#phrase", Input).has_class("-wrong")
        await pilot.press("minus", *"writes", "enter")
        await until(pilot, lambda: bool(driven.desk.asked))
        assert driven.desk.asked == [("run", "freeze-writes", "")]


async def test_refused_only_closes(driven: Driven) -> None:
    """A refused act shows the reason and a Close button; `y` does nothing."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.desk.refused = "a lease is held by lee@bastion"
        driven.app.armed = ALL
        await driven.dialog(pilot, "R")
        shown = text_of(driven.app)
        assert "a lease is held by lee@bastion" in shown
        assert "Close" in shown
        assert "y  roll back" not in shown
        await pilot.press("y", "enter")
        await until(pilot, lambda: driven.app.screen is driven.app.main)
        assert driven.desk.asked == []


async def test_time_that_passes_while_the_console_closes_is_too_late(driven: Driven) -> None:
    """Its timers end after its screens."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.tick()
    driven.app.tick()
    assert driven.app.screen_stack == []


async def test_the_desk_may_refuse(driven: Driven) -> None:
    """A request that is not taken is said in one line, and the console goes on."""
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        driven.app.armed = ALL
        driven.desk.error = "another runner has this journal"
        await driven.dialog(pilot, "R")
        await pilot.press("y")
        await until(pilot, lambda: "another runner has this journal" in text_of(driven.app))
        assert driven.app.is_running


@pytest.mark.parametrize("key", ["r", "R", "p"])
async def test_read_only_opens_nothing(driven: Driven, key: str) -> None:
    """Read-only, the acting keys only say so."""
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        await pilot.press(key)
        await until(pilot, lambda: "read-only: :arm to act" in text_of(driven.app))
        assert driven.app.screen is driven.app.main
        assert driven.desk.asked == []


async def test_another_phase_is_not_armed(driven: Driven) -> None:
    """Arming one phase allows nothing in another."""
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"6"})
        await pilot.press("R")
        await until(pilot, lambda: "phase 9 is not armed: :arm 9" in text_of(driven.app))
        assert driven.app.screen is driven.app.main


async def test_arming_needs_the_alias(driven: Driven) -> None:
    """Only the right alias arms; the header and the desk know it then."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.run_command("arm 9")
        await driven.dialog(pilot)
        await pilot.press(*"wrong", "enter")
        await pilot.pause()
        assert isinstance(driven.app.screen, ArmScreen)
        assert driven.app.armed == frozenset()
        await pilot.press(*["backspace"] * 5, *"mistersmith", "minus", *"prod", "enter")
        await until(pilot, lambda: driven.app.armed == {"9"})
        assert driven.desk.asked == [("arm", "9", "mistersmith-prod")]
        await until(pilot, lambda: "ARMED 9" in text_of(driven.app))


async def test_a_refused_arming_stays_read_only(driven: Driven) -> None:
    """The desk has the last word."""
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        driven.desk.error = "CUTOVER_READ_ONLY is set"
        driven.app.run_command("arm")
        await driven.dialog(pilot)
        await pilot.press(*"mistersmith", "minus", *"prod", "enter")
        await until(pilot, lambda: "CUTOVER_READ_ONLY is set" in text_of(driven.app))
        assert driven.app.armed == frozenset()


@pytest.mark.parametrize(
    ("command", "asked"), [("pause", "pause"), ("resume", "resume"), ("cancel", "cancel")]
)
async def test_plain_questions(driven: Driven, command: str, asked: str) -> None:
    """Pause, resume and cancel ask first too."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = ALL
        driven.app.run_command(command)
        await driven.dialog(pilot)
        assert isinstance(driven.app.screen, AskScreen)
        await pilot.press("enter")
        await until(pilot, lambda: driven.app.screen is driven.app.main)
        assert driven.desk.asked == []
        driven.app.run_command(command)
        await driven.dialog(pilot)
        await pilot.press("y")
        await until(pilot, lambda: driven.desk.asked == [(asked,)])


async def test_one_question_at_a_time(driven: Driven) -> None:
    """A second request waits for the first answer, with nothing stacked up."""
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        driven.app.armed = ALL
        await driven.dialog(pilot, "R")
        depth = len(driven.app.screen_stack)
        driven.app.run_command("run traffic-25")
        await until(pilot, lambda: "answer the open question first" in text_of(driven.app))
        assert len(driven.app.screen_stack) == depth


async def test_quitting_while_a_run_goes(driven: Driven) -> None:
    """Ctrl+Q asks, says that the run goes on, and Cancel stays."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await driven.dialog(pilot, "ctrl+q")
        assert isinstance(driven.app.screen, QuitScreen)
        assert "goes on without this console" in text_of(driven.app)
        await pilot.press("ctrl+q", "enter")
        await until(pilot, lambda: driven.app.screen is driven.app.main)
        assert driven.app.is_running
        await driven.dialog(pilot, "ctrl+q")
        await pilot.press("y")
        await until(pilot, lambda: not driven.app.is_running)
    assert driven.app.return_value == 0


async def test_quitting_without_a_run() -> None:
    """Nothing going: no question. Armed, the journal is told first."""
    from dataclasses import replace

    update = an_update()
    idle = replace(update, status=replace(update.status, run=None))
    driven = make(feed=FakeFeed([idle]))
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = ALL
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not driven.app.is_running)
    assert driven.desk.asked == [("disarm", "the console closed")]
    assert driven.app.return_value == 0
