"""What has changed since somebody last looked: all of it in a run that is followed, the urgent part at any time."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from console.acts.arming import ends_disarmed
from console.journal.follow import QUIET
from console.plain.pages import entry_text
from console.plain.talk import Talk
from screens.ports import CatchingUpError, Feed, FeedUpdate
from screens.times import Zone
from state.errors import JournalError
from state.kinds import Kind
from state.projections.states import PlanStatus, RunState
from state.projections.timeline import TimelineEntry

KEPT = 500
"""Events that are kept to be listed."""
PATIENCE = 1.0
"""Seconds for which a long journal is read before somebody is listened to again."""
URGENT = frozenset(
    {
        Kind.OPERATION_FAILED,
        Kind.OPERATION_IN_DOUBT,
        Kind.OPERATION_HELD,
        Kind.TRIGGER_FIRED,
        Kind.RUN_FINISHED,
        Kind.RUN_INTERRUPTED,
        Kind.RUN_PAUSED,
        Kind.LEASE_LOST,
    }
)
"""Kinds that are said at once, whatever somebody is typing."""


@dataclass(slots=True)
class Teller:
    """Follows the journal and says what is new."""

    feed: Feed
    talk: Talk
    zone: Zone
    update: FeedUpdate | None = None
    entries: deque[TimelineEntry] = field(default_factory=lambda: deque(maxlen=KEPT))
    following: bool = False
    disarmed: bool = False
    """Whether the journal's last word on arming, since this was last looked at, is that it is over."""
    _unsaid: list[TimelineEntry] = field(default_factory=list)
    _trouble: str | None = None

    @property
    def status(self) -> PlanStatus:
        """What the journal said last."""
        return PlanStatus() if self.update is None else self.update.status

    @property
    def running(self) -> bool:
        """Whether a run is going that somebody carries out."""
        run = self.status.run
        alive = self.update is not None and self.update.runner_alive
        return run is not None and run.state in (RunState.RUNNING, RunState.PAUSED) and alive

    def look(self) -> None:
        """Read what is new; say what is urgent, or all of it while a run is followed."""
        fresh = self._read()
        if self.update is None or not fresh:
            return
        self.disarmed = self.disarmed or ends_disarmed(fresh)
        told = [each for each in fresh if each.kind not in QUIET]
        if self.following:
            self._say(told)
        else:
            self._say([each for each in told if each.kind in URGENT])
            self._unsaid += [each for each in told if each.kind not in URGENT]

    def _read(self) -> Sequence[TimelineEntry]:
        try:
            update = self._poll()
        except CatchingUpError as error:
            self._tell_once("catching up", str(error))
            return ()
        except (JournalError, OSError) as error:
            self._tell_once(str(error), f"the journal cannot be read: {error}")
            return ()
        self._trouble = None
        if update is None:
            return ()
        first, self.update = self.update is None, update
        self.entries.extend(update.entries)
        return () if first else update.entries

    def _poll(self) -> FeedUpdate | None:
        """Of a long journal as many pieces as a moment has room for."""
        end = monotonic() + PATIENCE
        while True:
            try:
                return self.feed.poll()
            except CatchingUpError:
                if monotonic() > end:
                    raise

    def _tell_once(self, trouble: str, text: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self.talk.say(text)

    def show(self, update: FeedUpdate) -> None:
        """Another moment is shown: what it says takes the place of what was known."""
        self.update = update
        self.entries.clear()
        self.entries.extend(update.entries)
        self._unsaid = []

    def leave_out(self, kind: Kind) -> None:
        """Do not say what has come of this kind: somebody has been told already."""
        self.look()
        self._unsaid = [each for each in self._unsaid if each.kind != kind]

    def catch_up(self) -> None:
        """Say what has come meanwhile and was not urgent."""
        self._say(self._unsaid)
        self._unsaid = []

    def _say(self, entries: Sequence[TimelineEntry]) -> None:
        for entry in entries:
            self.talk.say(entry_text(entry, self.zone))
