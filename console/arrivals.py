"""What arrives while the console is open: the journal, the metrics, an operation, trouble, time, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.absence import Absence
from console.acts.arming import Arming, ends_disarmed
from screens.detail_lines import OperationView
from screens.metric import MetricScreen
from screens.ports import Banner, FeedUpdate
from state.metrics import MetricsSnapshot

if TYPE_CHECKING:
    from console.acts.requests import Requests
    from console.app import CutoverApp
    from console.journal.reader import Reader
    from console.terminal.outside import Outside


class Arrivals:
    """Hands everything on to whom it concerns."""

    def __init__(self, app: CutoverApp, reader: Reader, requests: Requests, outside: Outside) -> None:
        self._app = app
        self._reader = reader
        self._requests = requests
        self._outside = outside
        self._absence = Absence(app.ports.metrics, app.idle_minutes)
        self.snapshot = MetricsSnapshot()
        """The last readings."""

    def update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        app = self._app
        for room in app.rooms:
            room.show_update(update)
        if update.anew:
            self._reader.again()
            return
        self._outside.show_update(update)
        if app.armed and ends_disarmed(update.entries):
            app.armed = frozenset()

    def metrics(self, snapshot: MetricsSnapshot, banner: Banner) -> None:
        """Other readings, or another word on where we are."""
        app = self._app
        self._requests.mind_identity(app.banner, banner)
        app.banner = banner
        self._outside.show_banner(banner)
        self.snapshot = snapshot
        for room in app.rooms:
            room.show_metrics(snapshot, banner)
        for screen in app.screen_stack:
            if isinstance(screen, MetricScreen):
                screen.redraw()

    def view(self, view: OperationView) -> None:
        """An operation was read."""
        if self._app.screen_stack:  # what was still being read when the console closed comes too late
            self._app.main.show_view(view)

    def trouble(self, problem: str | None) -> None:
        """Something cannot be read, or can again."""
        for room in self._app.rooms:
            room.show_trouble(problem)

    def tick(self) -> None:
        """Time has passed: fall back to read-only when nobody is there, and show times anew."""
        app = self._app
        if not app.screen_stack:  # the console closes, and its timers end after its screens
            return
        if app.arming.expired(app.clock(), app.idle_minutes):
            self._requests.disarm(f"idle for {app.idle_minutes} minutes")
        self._note_absence()
        app.travel.mark()
        app.room.tick()
        self._outside.tick()

    def key(self) -> None:
        """Somebody is there."""
        self._app.arming = Arming(self._app.armed, self._app.clock())
        self._note_absence()

    def _note_absence(self) -> None:
        app = self._app
        run = app.status.run if app.screen_stack else None
        idle = app.arming.idle_for(app.clock())
        self._absence.note(idle, running=run is not None and run.state.open)
