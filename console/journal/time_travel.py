"""Time travel: one moment of the journal for every screen, stepped through or played; while it is past nothing acts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from textual.timer import Timer

from console.journal.moments import NO_PAST, WHICH, refusal, row_typed
from screens.event_lines import chain_words
from screens.journal_port import JournalProblemError
from screens.kit import Link
from screens.messages import FeedArrived, MetricsArrived
from screens.review_port import Past, PastError, ReviewMark
from screens.times import Zone, time_of_day
from state.metrics import MetricsSnapshot

if TYPE_CHECKING:
    from console.app import CutoverApp

SPEEDS = (1, 2, 4, 10, 30, 60)
"""How many times faster than it happened."""
FRAME_SECONDS = {Link.FAST: 0.5, Link.SLOW: 2.0}
"""Between two moments of a replay."""
IDLE_SECONDS = 5.0
"""What takes longer than this at the speed of the replay, and in which nothing happened, is passed over."""
HOW = "J, then t, or :at TIME goes back in time"


class TimeTravel:
    """Which moment the console shows. A keeper of its commands, as rooms have them."""

    def __init__(self, app: CutoverApp, past: Past | None) -> None:
        self._app = app
        self._past = past
        self._seq: int | None = None
        self._at: datetime | None = None
        self._speed = 1
        self._timer: Timer | None = None
        self._wanted: list[int | None] = []
        self._working = False
        self._busy = ""

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {
            "at": self.go,
            "now": lambda _: self.show(None),
            "step-on": lambda _: self._step(1),
            "step-back": lambda _: self._step(-1),
            "jump-on": lambda _: self._jump(1),
            "jump-back": lambda _: self._jump(-1),
            "play": lambda _: self._play(),
            "faster": lambda _: self._faster(1),
            "slower": lambda _: self._faster(-1),
        }

    # what others ask

    @property
    def seq(self) -> int | None:
        """The row that is shown, None while it is now."""
        return self._seq

    @property
    def playing(self) -> bool:
        """Whether the moment moves by itself."""
        return self._timer is not None

    def clock(self) -> datetime:
        """What time it is on the screens."""
        return self._app.clock() if self._at is None else self._at

    def refusal(self, action_id: str, *, mutates: bool) -> str | None:
        """Why a command cannot be carried out at this moment, None when it can."""
        when = None
        if self._seq is not None:
            when = f"#{self._seq}" if self._at is None else time_of_day(self._at, self._app.main.zone)
        return refusal(self._past, action_id, when, mutates=mutates)

    # commands

    def go(self, typed: str) -> None:
        """Show a moment that somebody has typed."""
        past = self._past
        if past is None or not typed.strip():
            self._app.say(NO_PAST if past is None else WHICH)
            return
        try:
            seq = row_typed(past, typed, self.clock(), self._app.clock(), self.zone)
        except PastError as error:
            self._app.say(str(error), error=True)
            return
        self.show(seq)

    @property
    def zone(self) -> tzinfo:
        """The zone of times that are typed without one: that of the times on the screen."""
        local = self._app.clock().astimezone().tzinfo
        return UTC if self._app.main.zone is Zone.UTC or local is None else local

    def show(self, seq: int | None) -> None:
        """Show a row of the journal, or what is now."""
        past = self._past
        if past is None:
            self._app.say(NO_PAST, error=True)
            return
        if seq is None:
            self._stop()
            if self._seq is None:
                self._app.say("it is now already")
                return
        else:
            try:
                at = past.time_of(seq)
            except PastError as error:
                self._app.say(str(error), error=True)
                return
            self._seq, self._at = seq, at
            past.look_at(seq)
            if self._app.ports.journal is not None:
                self._app.ports.journal.open()
            self.mark()
        self._wanted = [seq]
        if not self._working:
            self._working = True
            self._app.run_worker(self._work(), group="review", exit_on_error=True)

    async def _work(self) -> None:
        """Show what is wanted; of several moments asked for meanwhile only the last."""
        ticking = self._app.set_interval(0.5, self._tell_progress)
        try:
            while self._wanted:
                seq = self._wanted.pop()
                try:
                    await self._arrive(seq)
                except PastError as error:
                    self._app.say(str(error), error=True)
        finally:
            ticking.stop()
            self._working, self._busy = False, ""
            self.mark()

    async def _arrive(self, seq: int | None) -> None:
        past = self._past
        assert past is not None  # noqa: S101 - `show` has looked
        if seq is None:
            update = await asyncio.to_thread(past.update_now)
            if self._wanted:
                return
            past.look_at(None)
            self._seq = self._at = None
            snapshot = await asyncio.to_thread(self._app.metrics_feed.snapshot)
        else:
            update = await asyncio.to_thread(past.update_at, seq)
            snapshot = MetricsSnapshot() if self._wanted else await asyncio.to_thread(past.metrics_at, seq)
        if not self._wanted:
            self._busy = ""
            self.mark()
            self._app.post_message(FeedArrived(update))
            self._app.post_message(MetricsArrived(snapshot, self._app.banner))

    def _tell_progress(self) -> None:
        if self._past is not None:
            done, wanted = self._past.progress()
            far = wanted > 0 and done < wanted - 2000
            self._busy = f"reading {100 * done // wanted} %" if far else ""
            self.mark()

    # stepping and playing

    def _step(self, step: int) -> None:
        here = self._here()
        if here is not None:
            self._stop()
            self._to(here + step)

    def _jump(self, step: int) -> None:
        here = self._here()
        if here is None or self._past is None:
            return
        self._stop()
        try:
            found = self._past.milestone(here, step)
        except PastError as error:
            self._app.say(str(error), error=True)
            return
        if found is None:
            self._app.say(
                "nothing changed its state any more" if step > 0 else "nothing changed its state before"
            )
        else:
            self._to(found)

    def _here(self) -> int | None:
        """The row that steps start from; None, and how to begin, while it is now and no journal is in sight."""
        if self._past is None:
            self._app.say(NO_PAST, error=True)
            return None
        if self._seq is None and not self._past.offline and self._app.room.NAME != "journal":
            self._app.say(HOW)
            return None
        try:
            return self._past.last() if self._seq is None else self._seq
        except PastError as error:
            self._app.say(str(error), error=True)
            return None

    def _to(self, seq: int) -> None:
        assert self._past is not None  # noqa: S101 - `_here` has looked
        try:
            last = self._past.last()
        except PastError as error:
            self._app.say(str(error), error=True)
            return
        if seq > last:
            self._app.say("this is the newest event; :now follows again")
        elif seq < 1:
            self._app.say("this is the first event")
        self.show(min(max(1, seq), last))

    def _play(self) -> None:
        if self.playing:
            self._stop()
            self.mark()
            return
        here = self._here()
        if here is not None:
            seconds = FRAME_SECONDS[self._app.kit.link]
            self._timer = self._app.set_interval(seconds, lambda: self._frame(seconds))
            self.show(here)

    def _frame(self, seconds: float) -> None:
        past = self._past
        closing = not self._app.screen_stack
        if closing or past is None or self._seq is None or self._at is None or self._working:
            return
        try:
            seq, last = self._seq, past.last()
            if seq >= last:
                self._stop()
                self.mark()
                return
            target = self._at + timedelta(seconds=seconds * self._speed)
            following = past.time_of(seq + 1)
            if following is not None and following > target + timedelta(seconds=IDLE_SECONDS * self._speed):
                target = following
            row = max(seq, past.row_at(target))
        except PastError as error:
            self._stop()
            self._app.say(str(error), error=True)
            return
        if row > seq:
            self.show(row)
        self._at = max(target, self._at)
        self.mark()

    def _faster(self, step: int) -> None:
        index = min(max(0, SPEEDS.index(self._speed) + step), len(SPEEDS) - 1)
        self._speed = SPEEDS[index]
        if self._seq is None:
            self._app.say(f"a replay goes {self._speed} times as fast as it happened")
        self.mark()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    # the heading

    def mark(self) -> None:
        """Tell every room where the console stands."""
        found = self._mark()
        for room in self._app.rooms:
            if room.seen.review != found:
                room.show_review(found)

    def _mark(self) -> ReviewMark | None:
        past = self._past
        if past is None or (self._seq is None and not past.offline):
            return None
        text, sound = self._chain()
        try:
            last = past.last()
            at = past.time_of(last) if self._seq is None else self._at
        except PastError:
            last, at = self._seq or 0, self._at
        return ReviewMark(past.name, self._seq, last, at, self.playing, self._speed, text, sound, self._busy)

    def _chain(self) -> tuple[str, bool]:
        book = self._app.ports.journal
        try:
            return ("", True) if book is None else chain_words(book.state())
        except JournalProblemError:
            return "chain unread", False
