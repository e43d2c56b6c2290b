"""The console's Textual app: composes, binds, and delegates."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path, PurePath
from typing import ClassVar

from rich.console import RenderableType
from rich.traceback import Traceback
from textual import events, on
from textual.actions import SkipAction
from textual.app import App
from textual.binding import Binding
from textual.command import Provider
from textual.filter import LineFilter
from textual.reactive import reactive
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Input
from textual.worker import WorkerFailed

from console.actions import ACTIONS, HINTED, parse
from console.arming import IDLE_MINUTES, Arming, ends_disarmed
from console.crash import ConsoleBugError
from console.keymap import KeyMap
from console.listening import ConsoleDriver
from console.login import Login
from console.outside import Outside
from console.palette import ActionProvider
from console.ports import Ports
from console.reader import Reader
from console.requests import Requests
from console.rooms import Keeper, keepers
from console.time_travel import TimeTravel
from console.typeahead import TypeAhead
from console.views import Handler, Views
from operations.plan.models import Plan
from screens.action import Action
from screens.constraint_lines import constraint_page
from screens.cutover import STYLESHEET, CutoverScreen
from screens.glyphs import ASCII_CLASS, choose_glyphs
from screens.kit import Kit, Link
from screens.messages import FeedArrived, MetricsArrived, TroubleArrived, ViewArrived
from screens.metric import MetricScreen
from screens.ports import Banner, Desk, Feed, MetricsFeed
from screens.quit import QuitScreen
from screens.reading import ReadingScreen
from screens.room import STYLESHEET as ROOM_STYLESHEET
from screens.room import Room, Seen
from screens.text import clean
from screens.times import Zone
from screens.wire import AsciiOnly, Colourless, OwnSixteen
from state.metrics import MetricsSnapshot
from state.projections.states import PlanStatus, RunState
from themes.loader import DEFAULT_THEME, NO_COLOUR_THEME, LoadedThemes, load_themes

__all__ = ["CutoverApp", "Link"]


@lru_cache(maxsize=1)
def _bundled() -> LoadedThemes:
    return load_themes()


_ASCII_ONLY, _COLOURLESS, _OWN_SIXTEEN = AsciiOnly(), Colourless(), OwnSixteen()
TYPED = frozenset({"command", "filter"})
"""Commands whose key opens a line to type into."""
AT_ONCE = TYPED | {"quit"}
"""Commands carried out before the next key is looked at: what is typed ahead must land in the line, not behind it."""


class CutoverApp(App[int]):
    """One plan's console. It asks and shows; a runner elsewhere acts."""

    TITLE = "cutover"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", ROOM_STYLESHEET, STYLESHEET]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionProvider}
    armed: reactive[frozenset[str]] = reactive(frozenset(), init=False)
    """The armed phases; none means read-only, as at the start."""

    def __init__(
        self,
        plan: Plan,
        feed: Feed,
        desk: Desk,
        metrics: MetricsFeed,
        *,
        clock: Callable[[], datetime],
        theme: str,
        link: Link,
        utc: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
        themes_folder: Path | None = None,
        idle_minutes: int = IDLE_MINUTES,
        login: Login | None = None,
        ports: Ports | None = None,
        keys: KeyMap | None = None,
    ) -> None:
        """Make the console.

        Args:
            plan: the plan that it is about.
            feed: follows the journal.
            desk: takes requests.
            metrics: the poller's last readings, and where the console stands.
            clock: the time in UTC.
            theme: name of a theme; an unknown one falls back to the default and is reported.
            link: how far away the terminal is.
            utc: whether times are shown in UTC at first.
            monotonic: seconds that only go forward, for dialogs that are deaf at first.
            themes_folder: a folder with themes of the user's own.
            idle_minutes: minutes without a key before the console disarms itself.
            login: how a person logs in from here; None: not at all.
            ports: what the rooms need beyond those.
            keys: the keys that the user has put elsewhere.
        """
        without_colour = "NO_COLOR" in os.environ
        super().__init__(driver_class=ConsoleDriver, ansi_color=True if without_colour else None)
        self._type_ahead = TypeAhead(self)
        self.actions = (keys or KeyMap()).over(ACTIONS)
        self._bind_all()
        self.plan = plan
        self.clock = clock
        self.monotonic = monotonic
        self.idle_minutes = idle_minutes
        self.ports = ports or Ports()
        self.metrics_feed = metrics
        self.travel = TimeTravel(self, self.ports.past)
        self.kit = Kit(plan, self.travel.clock, choose_glyphs(os.environ), link)
        self.arming = Arming()
        self._utc = utc
        self._metrics_seen = MetricsSnapshot()
        self._load_themes(NO_COLOUR_THEME if without_colour else theme, themes_folder)
        self.banner = Banner(plan.plan, "starting", plan.account, plan.alias, plan.region, "")
        self._reader = Reader(plan, feed, desk, metrics, self.post_message, link.metrics_seconds)
        self._requests = Requests(self, desk, login or Login())
        self._views = Views(self)
        self._outside = Outside(self, self.ports.outside)
        self.handlers: Mapping[str, Handler] = {}
        self.set_class(self.kit.glyphs.ascii, ASCII_CLASS)

    def _bind_all(self) -> None:
        for action in self.actions:
            if action.keys and action.room is None:
                keys, priority = ",".join(action.keys), action.id in AT_ONCE
                name = f"act('{action.id}')"
                bound = Binding(keys, name, action.title, id=action.id, show=False, priority=priority)
                for each in Binding.make_bindings([bound]):
                    self._bindings.key_to_bindings.setdefault(each.key, []).insert(0, each)

    @property
    def hinted(self) -> tuple[Action, ...]:
        """The commands of the hint line, with the user's keys."""
        by_id = {action.id: action for action in self.actions}
        return tuple(by_id[action.id] for action in HINTED)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, then what the terminal cannot show or was told not to: nothing gets past these."""
        wire: list[LineFilter] = [_ASCII_ONLY] if self.kit.glyphs.ascii else []
        if self.no_color:
            wire.append(_COLOURLESS)
        elif self.current_theme.ansi:
            wire.append(_OWN_SIXTEEN)
        return [*super().get_line_filters(), *wire]

    def _load_themes(self, wanted: str, folder: Path | None) -> None:
        loaded = load_themes(folder) if folder is not None else _bundled()
        self._theme_problems = [f"{problem.file}: {problem.message}" for problem in loaded.problems]
        self.theme_names = tuple(theme.name for theme in loaded.themes)
        for theme in loaded.themes:
            self.register_theme(theme)
        if wanted not in self.theme_names:
            self._theme_problems.append(
                f"there is no theme {wanted}; these are: {', '.join(self.theme_names)}"
            )
        self.theme = wanted if wanted in self.theme_names else DEFAULT_THEME

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours for themes that do not name them, Textual's own among them."""
        default = next(theme for theme in _bundled().themes if theme.name == DEFAULT_THEME)
        return dict(default.variables)

    def get_default_screen(self) -> Screen[None]:
        """The main screen is the first thing painted."""
        return CutoverScreen(self.kit, self.banner, self.hinted, Zone.UTC if self._utc else Zone.LOCAL)

    @property
    def main(self) -> CutoverScreen:
        """The main screen, whatever lies above it."""
        screen = self.screen_stack[0]
        assert isinstance(screen, CutoverScreen)  # noqa: S101 - get_default_screen makes it
        return screen

    @property
    def rooms(self) -> tuple[Room, ...]:
        """The rooms that were entered, the one in sight last; dialogs above it do not count."""
        return tuple(screen for screen in self.screen_stack if isinstance(screen, Room))

    @property
    def room(self) -> Room:
        """The room in sight, perhaps under a dialog."""
        return self.rooms[-1]

    def enter(self, make: Callable[[Seen, tuple[Action, ...]], Room]) -> Room:
        """Go to a room; where it lies below already, back to it."""
        actions = (*self.hinted, *(action for action in self.actions if action.room is not None))
        room = make(self.main.seen, actions)
        below = [each for each in self.rooms if each.NAME == room.NAME]
        if below:
            self.leave_to(below[-1])
            return below[-1]
        room.crumbs = tuple(each.NAME for each in (*self.rooms, room))
        self.push_screen(room)
        return room

    def leave_to(self, room: Room) -> None:
        """Close everything that lies above a room."""
        while self.screen is not room:
            self.pop_screen()

    def show_zone(self, zone: Zone) -> None:
        """Times in this zone, in every room."""
        for room in self.rooms:
            room.zone = zone

    @property
    def status(self) -> PlanStatus:
        """What the journal said last."""
        update = self.main.update_seen
        return PlanStatus() if update is None else update.status

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """What the cursor of the room in sight stands for."""
        return self.room.chosen_operations

    def on_ready(self) -> None:
        """The first paint is out: begin to read."""
        self.theme_changed_signal.subscribe(self, self._recolour)
        requests = self._requests
        self.handlers = {
            **self._views.handlers(),
            "run": requests.run,
            "rollback": requests.rollback,
            "pause": requests.pause,
            "resume": requests.resume,
            "cancel": requests.cancel,
            "arm": requests.arm,
            "disarm": requests.disarm,
            "login": requests.login,
            "note": requests.note,
            "quit": lambda _: self._ask_quit(),
        }
        own: tuple[Keeper, ...] = (self._outside, self.travel)
        for keeper in (*own, *keepers(self)):
            self.handlers = {**self.handlers, **keeper.handlers()}
        if self.ports.greeting:
            self.say(self.ports.greeting)
        self.travel.mark()
        if self._theme_problems:
            self.say("; ".join(self._theme_problems), error=True)
        for loop in (self._reader.follow_journal, self._reader.follow_metrics, self._reader.read_operations):
            self.run_worker(loop(), group="reading", exit_on_error=True)
        self.run_worker(self._type_ahead.run(), group="keys", exit_on_error=True)
        self.set_interval(self.kit.link.tick_seconds, self.tick)

    def _recolour(self, _theme: Theme) -> None:
        """What is drawn in a theme's colours by Python is drawn again; stylesheets see to the rest."""
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()

    # bugs

    @property
    def bug(self) -> Exception | None:
        """The bug that ended the console, for its caller to tell of."""
        found = self._exception
        inner = found.error if isinstance(found, WorkerFailed) else found
        return inner if isinstance(inner, Exception) else found

    def end_by(self, error: Exception) -> None:
        """End because of a bug that was met outside the app's own loop."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        """Leave at once. Textual would print a trace with the values of variables: secrets among them, perhaps."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """What Textual does when one of its own threads has died, of which it hands on the trace alone."""
        stacks = [stack for each in renderables if isinstance(each, Traceback) for stack in each.trace.stacks]
        why = "; ".join(f"{stack.exc_type}: {stack.exc_value}" for stack in stacks)
        self._handle_exception(ConsoleBugError(why or "a thread of the terminal's driver ended"))

    # what arrives

    @on(FeedArrived)
    def _show_update(self, event: FeedArrived) -> None:
        for room in self.rooms:
            room.show_update(event.update)
        if event.update.anew:
            self._reader.again()
            return
        self._outside.show_update(event.update)
        if self.armed and ends_disarmed(event.update.entries):
            self.armed = frozenset()

    @on(MetricsArrived)
    def _show_metrics(self, event: MetricsArrived) -> None:
        self._requests.mind_identity(self.banner, event.banner)
        self.banner = event.banner
        self._outside.show_banner(event.banner)
        self._metrics_seen = event.snapshot
        for room in self.rooms:
            room.show_metrics(event.snapshot, event.banner)
        for screen in self.screen_stack:
            if isinstance(screen, MetricScreen):
                screen.redraw()

    @on(ViewArrived)
    def _show_view(self, event: ViewArrived) -> None:
        if self.screen_stack:  # what was still being read when the console closed comes too late
            self.main.show_view(event.view)

    @on(TroubleArrived)
    def _show_trouble(self, event: TroubleArrived) -> None:
        for room in self.rooms:
            room.show_trouble(event.problem)

    def tick(self) -> None:
        """Time has passed: fall back to read-only when nobody is there, and show times anew."""
        if self.arming.expired(self.clock(), self.idle_minutes):
            self._requests.disarm(f"idle for {self.idle_minutes} minutes")
        self.travel.mark()
        self.room.tick()
        self._outside.tick()

    async def on_event(self, event: events.Event) -> None:
        """Every key counts as somebody being there; it is looked at once those before it are done with."""
        if isinstance(event, events.Key):
            self.arming = Arming(self.armed, self.clock())
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
        if action.room is not None and action.room != self.room.NAME:
            self.handlers[action.room]("")
        self.handlers[action_id](argument)

    def run_command(self, text: str) -> None:
        """Carry out a line of the command line."""
        action, argument = parse(text)
        if action is None:
            word = (text.split(maxsplit=1) or [""])[0]
            self.say(f"there is no command {word}; ? lists them", error=True)
        else:
            self.do(action.id, argument)

    def ask_command(self, start: str) -> None:
        """Open the command line with something typed already."""
        self._views.command(start)

    def say(self, text: str, *, error: bool = False) -> None:
        """A line for the operator that goes away by itself; the last one replaces those before it."""
        self.clear_notifications()
        self.notify(clean(text), severity="warning" if error else "information", timeout=6, markup=False)

    def action_focus_next(self) -> None:
        """Tab goes round the panes, and round the inputs of a dialog."""
        if self.screen is self.room:
            self.room.panes.go_round(1)
        else:
            self.screen.focus_next()

    def action_focus_previous(self) -> None:
        """Shift+Tab likewise."""
        if self.screen is self.room:
            self.room.panes.go_round(-1)
        else:
            self.screen.focus_previous()

    def action_help_quit(self) -> None:
        """Ctrl+C never quits, it only says how."""
        self.say("Ctrl+Q quits; :pause and :cancel stop a run")

    async def action_quit(self) -> None:
        """Whatever asks to quit, asks."""
        self._ask_quit()

    def _ask_quit(self) -> None:
        run = self.status.run
        if isinstance(self.screen, QuitScreen):
            return
        if run is None or run.state not in (RunState.RUNNING, RunState.PAUSED):
            self._leave()
            return
        name = "A rollback" if run.direction.value == "inverse" else "A run"
        self.push_screen(QuitScreen(name, self.monotonic), lambda answer: self._leave() if answer else None)

    def _leave(self) -> None:
        if self.armed:
            self.run_worker(self._disarm_and_leave(), exit_on_error=True)
        else:
            self.exit(0)

    async def _disarm_and_leave(self) -> None:
        await self._requests.leave()
        self.exit(0)

    # what the main screen asks for

    @on(CutoverScreen.OperationWanted)
    def _read_operation(self, event: CutoverScreen.OperationWanted) -> None:
        self._reader.want(event.operation_id)

    @on(CutoverScreen.MetricWanted)
    def _open_metric(self, event: CutoverScreen.MetricWanted) -> None:
        screen = MetricScreen(self.kit, lambda: self._metrics_seen, event.metric_id, self.main.zone)
        self.push_screen(screen)

    @on(CutoverScreen.ConstraintWanted)
    def _open_constraint(self, event: CutoverScreen.ConstraintWanted) -> None:
        constraint = event.constraint
        self.push_screen(ReadingScreen(constraint.id, lambda width: constraint_page(constraint, width)))
