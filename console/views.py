"""Commands that only look: movement, panes, filter, help, themes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from operations.plan.errors import PlanError
from operations.plan.selection import named
from screens.command_line import CommandLineScreen
from screens.help import HelpScreen
from screens.movement import Move
from screens.reading import ReadingScreen
from screens.said import said_lines
from screens.times import Zone

if TYPE_CHECKING:
    from console.app import CutoverApp

TWICE_WITHIN = timedelta(seconds=1)
"""The two presses of `gg`."""

ONE_PANE = "this room is a single pane"

Handler = Callable[[str], None]


class Views:
    """What the operator looks at."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._g_pressed: object = None

    def handlers(self) -> Mapping[str, Handler]:
        """A handler for every looking command, by action id."""
        moves: dict[str, Handler] = {
            move.value.replace("_", "-"): partial(self._move, move) for move in Move if move is not Move.TOP
        }
        panes: dict[str, Handler] = {f"pane-{number}": partial(self._pane, number) for number in range(1, 6)}
        return {
            **moves,
            **panes,
            "top": self._top,
            "help": lambda _: self._help(),
            "tour": lambda _: self._tour(),
            "tour-next": lambda _: self._tour_next(),
            "command": self.command,
            "filter": self._filter,
            "goto": self._goto,
            "open": lambda _: self._open(),
            "metric": self._metric,
            "cutover": lambda _: self._app.leave_to(self._app.main),
            "zoom": lambda _: self._zoom(),
            "zone": lambda _: self._zone(),
            "next-pane": lambda _: self._go_round(1),
            "previous-pane": lambda _: self._go_round(-1),
            "back": lambda _: self._back(),
            "theme": self._theme,
            "messages": lambda _: self._messages(),
            "redraw": lambda _: self._redraw(),
        }

    def _move(self, move: Move, _argument: str) -> None:
        self._g_pressed = None
        self._app.room.move(move)

    def _top(self, _argument: str) -> None:
        now = self._app.clock()
        before, self._g_pressed = self._g_pressed, now
        if before is not None and now - before <= TWICE_WITHIN:  # type: ignore[operator]
            self._g_pressed = None
            self._app.room.move(Move.TOP)

    def _pane(self, number: int, _argument: str) -> None:
        panes = self._app.room.panes
        if number > len(panes.all):
            self._app.say(f"there is no pane {number} in this room")
        panes.focus_pane(number)

    def _go_round(self, step: int) -> None:
        if self._app.room.panes.alone:
            self._app.say(ONE_PANE)
        self._app.room.panes.go_round(step)

    def _zoom(self) -> None:
        panes = self._app.room.panes
        if panes.alone:
            self._app.say(ONE_PANE)
        else:
            panes.zoomed = not panes.zoomed

    def _open(self) -> None:
        if self._app.room.opens:
            self._app.room.open_chosen()
        else:
            self._app.say("there is nothing to open in this room")

    def _zone(self) -> None:
        zone = self._app.main.zone.other
        self._app.show_zone(zone)
        self._app.say("times are in UTC" if zone is Zone.UTC else "times are in local time")

    def _back(self) -> None:
        room = self._app.room
        if not room.step_back():
            self._app.leave_to(self._app.rooms[-2])

    def _help(self) -> None:
        self._app.push_screen(HelpScreen(self._app.actions, self._app.kit.glyphs))

    def _redraw(self) -> None:
        self._app.draw_again()
        self._app.say("the whole screen was sent again")

    def _messages(self) -> None:
        app = self._app
        self._app.push_screen(
            ReadingScreen(
                "Messages",
                lambda width: said_lines(tuple(app.said), app.main.zone, width),
                app.kit.keys,
            )
        )

    def _tour(self) -> None:
        self._app.leave_to(self._app.main)
        self._app.clear_notifications()
        self._app.main.begin_tour()

    def _tour_next(self) -> None:
        if not self._app.main.go_on_tour():
            self._app.say(":tour shows you round")

    def _filter(self, argument: str) -> None:
        if self._app.room.FILTERS:
            self._app.room.start_filter(argument)
        else:
            self._app.say("there is nothing to filter in this room", error=True)

    def _goto(self, argument: str) -> None:
        try:
            (operation,) = named(self._app.plan, [argument])
        except PlanError as error:
            self._app.say(str(error), error=True)
            return
        self._app.leave_to(self._app.main)
        self._app.main.go_to(operation)

    def _metric(self, argument: str) -> None:
        if not self._app.main.show_metric(argument or None):
            self._app.say(f"no metric {argument}" if argument else "no metric has been read yet", error=True)

    def _theme(self, argument: str) -> None:
        names = self._app.theme_names
        if argument in names:
            self._app.theme = argument
        else:
            self._app.say(f"themes: {', '.join(names)}", error=bool(argument))

    def command(self, start: str = "") -> None:
        """Open the command line."""
        plan = self._app.plan
        words = [
            *plan.operations,
            "phase ",
            "all",
            *(metric.id for metric in plan.metrics),
            *self._app.theme_names,
        ]
        self._app.push_screen(CommandLineScreen(self._app.actions, words, start), self._typed)

    def _typed(self, text: str | None) -> None:
        if text is not None:
            self._app.run_command(text)
