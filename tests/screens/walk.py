"""A walk through every room and the main dialogs of one running console, stop by stop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from textual.pilot import Pilot

from console.actions import ACTIONS
from screens.action import Scope
from tests.screens.driving import Driven, text_of, until

Go = Callable[[Driven, Pilot[int]], Awaitable[None]]
HOME = "traffic-10"
"""The operation that every stop begins at."""
PATIENT = 3600.0
"""Seconds that a line which goes away by itself stays, so that it is looked at in every theme."""
BACKGROUND = frozenset({"reading", "keys", "requests", "drill"})
"""Workers that do not end by themselves: loops, and questions that nobody answers."""


@dataclass(frozen=True)
class Stop:
    """A place to look at, and the way there from the first room."""

    name: str
    go: Go
    recolours: bool = True
    """Whether another theme reaches it while it is open."""


def _pressed(*keys: str) -> Go:
    async def go(driven: Driven, pilot: Pilot[int]) -> None:
        await pilot.press(*keys)

    return go


def _opened(*keys: str) -> Go:
    async def go(driven: Driven, pilot: Pilot[int]) -> None:
        await driven.dialog(pilot, *keys)

    return go


def _asked(command: str) -> Go:
    async def go(driven: Driven, pilot: Pilot[int]) -> None:
        driven.app.armed = frozenset({"*"})
        driven.app.run_command(command)
        await driven.dialog(pilot)

    return go


async def _command_line(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.dialog(pilot, "colon")
    await pilot.press(*"go")


async def _palette(driven: Driven, pilot: Pilot[int]) -> None:
    before = len(driven.app.screen_stack)
    await pilot.press("ctrl+p")
    await until(pilot, lambda: len(driven.app.screen_stack) > before)
    await until(pilot, lambda: "Roll back" in text_of(driven.app))
    await pilot.press("down")


async def _refused(driven: Driven, pilot: Pilot[int]) -> None:
    driven.desk.refused = "the change window closes in 4 minutes; the way back alone takes 11"
    await _asked("run traffic-25")(driven, pilot)


async def _toast(driven: Driven, pilot: Pilot[int]) -> None:
    text = "the window is 2 h 12 left, 10 % of traffic → AWS"
    driven.app.notify(text, severity="warning", timeout=PATIENT, markup=False)


def _entered(action_id: str) -> Go:
    async def go(driven: Driven, pilot: Pilot[int]) -> None:
        driven.app.do(action_id)
        await until(pilot, lambda: driven.app.room is not driven.app.main)

    return go


DIALOGS = (
    Stop("help", _opened("question_mark")),
    Stop("command line", _command_line),
    Stop("palette", _palette, recolours=False),
    Stop("filter", _pressed("slash", *"traffic")),
    Stop("metric", _opened("m")),
    Stop("arm", _asked("arm 9")),
    Stop("roll back", _asked("rollback")),
    Stop("irreversible", _asked("run freeze-writes")),
    Stop("refused", _refused),
    Stop("pause", _asked("pause")),
    Stop("quit", _opened("ctrl+q")),
    Stop("toast", _toast),
)
PANES = (
    Stop("cutover", _pressed("1")),
    Stop("metrics pane", _pressed("3", "j")),
    Stop("operation, zoomed", _pressed("2", "f")),
)
ROOMS = tuple(
    Stop(action.command or action.id, _entered(action.id))
    for action in ACTIONS
    if action.scope is Scope.ROOMS and action.id != "cutover"
)
"""Every room of the table of commands: one that is added there is walked through by itself."""
STOPS = (*PANES, *ROOMS, *DIALOGS)


async def go_home(driven: Driven, pilot: Pilot[int]) -> None:
    """Back to the first room as it opened."""
    app = driven.app
    app.clear_notifications()
    while app.screen is not app.room:
        app.screen.dismiss(None)
        await pilot.pause()
    app.leave_to(app.main)
    driven.desk.refused = None
    app.armed = frozenset()
    app.main.panes.zoomed = False
    if app.main.filter_box.end():
        await pilot.pause()
    app.main.go_to(HOME)
    await at_rest(driven, pilot)
    await until(pilot, lambda: app.main.detail.complete and app.chosen_operations == (HOME,))


async def at_rest(driven: Driven, pilot: Pilot[int]) -> None:
    """Wait until everything that was asked for has been read and drawn."""
    await pilot.pause()
    await until(
        pilot,
        lambda: all(each.is_finished for each in driven.app.workers if each.group not in BACKGROUND),
    )
    await until(pilot, lambda: not (driven.app.main.looking_on or driven.app.room.looking_on))
    driven.app.tick()
    before = ""
    while before != (shown := text_of(driven.app)):
        before = shown
        await pilot.pause()


async def walk(driven: Driven, pilot: Pilot[int], stops: Sequence[Stop] = STOPS) -> AsyncIterator[Stop]:
    """Go to each stop in turn; whoever walks looks at the console between two steps."""
    for stop in stops:
        await go_home(driven, pilot)
        await stop.go(driven, pilot)
        await at_rest(driven, pilot)
        yield stop
