"""The console's Textual app: composes, binds, and delegates."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import ClassVar

from textual import events, on
from textual.actions import SkipAction
from textual.binding import Binding
from textual.command import Provider
from textual.reactive import reactive
from textual.widgets import Input

from console.actions import ACTIONS, no_such_command, parse
from console.acts.arming import Arming
from console.acts.requests import Requests
from console.arrivals import Arrivals
from console.journal.reader import Reader
from console.journal.time_travel import TimeTravel
from console.palette import ActionProvider
from console.parts import ConsoleParts, Manner
from console.quitting import Quitting
from console.roomed import RoomedApp
from console.rooms import Keeper, keepers
from console.terminal.driver import CalmDriver
from console.terminal.outside import Outside
from console.terminal.typeahead import TypeAhead
from console.views import Handler, Views
from screens.constraint_lines import constraint_page
from screens.cutover import STYLESHEET, CutoverScreen
from screens.keys import Keys
from screens.kit import Kit
from screens.messages import FeedArrived, MetricsArrived, TroubleArrived, ViewArrived
from screens.metric import MetricScreen
from screens.ports import starting
from screens.reading import ReadingScreen
from screens.room import STYLESHEET as ROOM_STYLESHEET
from screens.said import MOST, Said
from screens.text import clean
from screens.times import Zone

TYPED = frozenset({"command", "filter"})
"""Commands whose key opens a line to type into."""
AT_ONCE = TYPED | {"quit", "redraw"}
"""Commands carried out before the next key is looked at: what is typed ahead must land in the line, not behind it."""


class CutoverApp(RoomedApp):
    """One plan's console. It asks and shows; a runner elsewhere acts."""

    TITLE = "cutover"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", ROOM_STYLESHEET, STYLESHEET]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionProvider}
    armed: reactive[frozenset[str]] = reactive(frozenset(), init=False)
    """The armed phases; none means read-only, as at the start."""

    def __init__(
        self,
        parts: ConsoleParts,
        manner: Manner,
        *,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make the console of its parts, in a manner; `clock` answers in UTC, `monotonic` only goes forward."""
        super().__init__()
        self.plan, self.ports, self.metrics_feed = parts.plan, parts.ports, parts.metrics
        self.clock, self.monotonic = clock, monotonic
        self.idle_minutes = manner.idle_minutes
        self.actions = manner.keys.over(ACTIONS)
        self._bind_all()
        self._type_ahead = TypeAhead(self)
        self.travel = TimeTravel(self, self.ports.past)
        keys, shut = Keys(self.actions), parts.desk.shut
        self.kit = Kit(self.plan, self.travel.clock, self.glyphs, manner.link, keys, shut)
        self.arming = Arming()
        self.banner = starting(self.plan)
        self.said: deque[Said] = deque(maxlen=MOST)
        self.handlers: Mapping[str, Handler] = {}
        self.first_zone = Zone.UTC if manner.utc else Zone.LOCAL
        self.frame, self.outlives = parts.frame, parts.outlives
        self.dress(manner.theme, manner.themes_folder)
        self._put_together(parts)

    def _put_together(self, parts: ConsoleParts) -> None:
        """Those who do the console's work."""
        feed, desk, metrics = parts.feed, parts.desk, parts.metrics
        seconds = self.kit.link.metrics_seconds
        self._reader = Reader(parts.plan, feed, desk, metrics, self.post_message, seconds)
        self._requests = Requests(self, desk, parts.login)
        self._quitting = Quitting(self, self._requests)
        self._views = Views(self)
        self._outside = Outside(self, self.ports.outside)
        self._arrivals = Arrivals(self, self._reader, self._requests, self._outside)

    def _bind_all(self) -> None:
        for action in self.actions:
            if action.keys and action.room is None:
                keys, priority = ",".join(action.keys), action.id in AT_ONCE
                name = f"act('{action.id}')"
                bound = Binding(keys, name, action.title, id=action.id, show=False, priority=priority)
                for each in Binding.make_bindings([bound]):
                    self._bindings.key_to_bindings.setdefault(each.key, []).insert(0, each)

    def on_ready(self) -> None:
        """The first paint is out: begin to read."""
        self.arming = Arming(self.armed, self.clock())
        own: tuple[Keeper, ...] = (self._views, self._requests, self._quitting, self._outside, self.travel)
        self.handlers = {
            action: handle
            for keeper in (*own, *keepers(self))
            for action, handle in keeper.handlers().items()
        }
        if self.ports.greeting:
            self.say(self.ports.greeting)
        self.travel.mark()
        if self.theme_problems:
            self.say("; ".join(self.theme_problems), error=True)
        for loop in (self._reader.follow_journal, self._reader.follow_metrics, self._reader.read_operations):
            self.run_worker(loop(), group="reading", exit_on_error=True)
        self.run_worker(self._type_ahead.run(), group="keys", exit_on_error=True)
        self.set_interval(self.kit.link.tick_seconds, self.tick)

    # what arrives

    @on(FeedArrived)
    def _show_update(self, event: FeedArrived) -> None:
        self._arrivals.update(event.update)

    @on(MetricsArrived)
    def _show_metrics(self, event: MetricsArrived) -> None:
        self._arrivals.metrics(event.snapshot, event.banner)

    @on(ViewArrived)
    def _show_view(self, event: ViewArrived) -> None:
        self._arrivals.view(event.view)

    @on(TroubleArrived)
    def _show_trouble(self, event: TroubleArrived) -> None:
        self._arrivals.trouble(event.problem)

    def tick(self) -> None:
        """Time has passed."""
        self._arrivals.tick()

    async def on_event(self, event: events.Event) -> None:
        """Every key counts as somebody being there; it is looked at once those before it are done with."""
        if isinstance(event, events.Key):
            self._arrivals.key()
        if self._type_ahead.admits(event):
            await super().on_event(event)

    def watch_armed(self, armed: frozenset[str]) -> None:
        """The header says whether the console may act."""
        self.arming = Arming(armed, self.clock())
        for room in self.rooms:
            room.show_armed(armed)

    # commands

    def action_act(self, action_id: str) -> None:
        """Do what a key is bound to.

        Raises:
            SkipAction: the key belongs to whoever has the focus.
        """
        if action_id in TYPED and (self.screen is not self.room or isinstance(self.focused, Input)):
            raise SkipAction
        self.do(action_id)

    def do(self, action_id: str, argument: str = "") -> None:
        """Carry out a command of the table. Nothing that acts is done while somebody types."""
        action = next(each for each in ACTIONS if each.id == action_id)
        if action.mutates and isinstance(self.focused, Input):
            return
        refusal = self.travel.refusal(action_id, mutates=action.mutates)
        if refusal is not None:
            self.say(refusal, error=True)
            return
        here = self.room
        if action.room is not None and action.room != here.NAME:
            self.handlers[action.room]("")
        handler = self.handlers[action_id]
        if self.room is here:
            handler(argument)
        else:  # a room that has just been entered has nothing in it yet
            self.room.call_after_refresh(handler, argument)

    def run_command(self, text: str) -> None:
        """Carry out a line of the command line."""
        action, argument = parse(text)
        if action is None:
            word = (text.split(maxsplit=1) or [""])[0]
            self.say(no_such_command(word, self.kit.keys["help"]), error=True)
        else:
            self.do(action.id, argument)

    def ask_command(self, start: str) -> None:
        """Open the command line with something typed already."""
        self._views.command(start)

    def draw_again(self) -> None:
        """Send the whole screen, whatever is thought to stand on the terminal."""
        if isinstance(self._driver, CalmDriver):
            self._driver.draw_all_again()
        self.screen.refresh()

    def say(self, text: str, *, error: bool = False) -> None:
        """A line for the operator that goes away by itself; the last one replaces those before it."""
        self.clear_notifications()
        self.said.append(Said(self.clock(), text, error))
        self.notify(clean(text), severity="warning" if error else "information", timeout=6, markup=False)

    def action_focus_next(self) -> None:
        """Tab goes round the panes, and round the inputs of a dialog."""
        if self.screen is self.room:
            self.do("next-pane")
        else:
            self.screen.focus_next()

    def action_focus_previous(self) -> None:
        """Shift+Tab likewise."""
        if self.screen is self.room:
            self.do("previous-pane")
        else:
            self.screen.focus_previous()

    def action_help_quit(self) -> None:
        """Ctrl+C never quits, it only says how."""
        self.say(f"{self.kit.keys['quit']} quits; :pause and :cancel stop a run")

    async def action_quit(self) -> None:
        """Whatever asks to quit, asks."""
        self._quitting.ask()

    # what the main screen asks for

    @on(CutoverScreen.OperationWanted)
    def _read_operation(self, event: CutoverScreen.OperationWanted) -> None:
        self._reader.want(event.operation_id)

    @on(CutoverScreen.MetricWanted)
    def _open_metric(self, event: CutoverScreen.MetricWanted) -> None:
        screen = MetricScreen(self.kit, lambda: self._arrivals.snapshot, event.metric_id, self.main.zone)
        self.push_screen(screen)

    @on(CutoverScreen.ConstraintWanted)
    def _open_constraint(self, event: CutoverScreen.ConstraintWanted) -> None:
        constraint = event.constraint
        self.push_screen(
            ReadingScreen(constraint.id, lambda width: constraint_page(constraint, width), self.kit.keys)
        )
