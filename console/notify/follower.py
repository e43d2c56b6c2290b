"""Follows a journal and tells every endpoint of it: each at its own pace, again and again until it has taken the message."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from console.notice_words import message
from console.notices import Notice, notices
from console.notify.endpoints import Endpoint
from console.notify.progress import Progress
from state.errors import JournalError
from state.kinds import Kind
from state.lease import is_held
from state.projections.timeline import timeline
from state.reader import JournalReader

LOOK_SECONDS = 1.0
"""Between two looks at the journal."""
SEND_SECONDS = 30.0
"""How long one try may take; what takes longer counts as not taken and is tried again."""
BACKOFF_SECONDS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Pauses between tries; the last one goes on."""
GRACE_SECONDS = 900.0
"""How long an endpoint is tried once nobody runs anything any more; the next follower goes on where this one ended."""


START_SECONDS = 30.0
"""How long a run may take to begin: a follower that is started beside it may be there first."""
ENDS = frozenset({Kind.RUN_FINISHED, Kind.RUN_INTERRUPTED})


@dataclass(frozen=True, slots=True)
class Pace:
    """The waits of a follower; tests make them short."""

    look: float = LOOK_SECONDS
    send: float = SEND_SECONDS
    backoff: Sequence[float] = BACKOFF_SECONDS
    grace: float = GRACE_SECONDS
    start: float = START_SECONDS


@dataclass(slots=True)
class Follower:
    """Tells endpoints of one journal.

    Attributes:
        journal: the journal.
        plan: its plan's id, for the titles.
        endpoints: who is told.
        progress: how far each has been told.
        say: takes a line for the log.
        pace: how long it waits for what.
        stays: whether it goes on when nobody runs anything.
        running: whether a run goes on, from the journal's path.
    """

    journal: Path
    plan: str
    endpoints: Sequence[Endpoint]
    progress: Progress
    say: Callable[[str], None]
    pace: Pace = field(default_factory=Pace)
    stays: bool = False
    running: Callable[[Path], bool] = is_held
    _ended: bool = False

    async def follow(self) -> bool:
        """Tell everybody of everything until the run is over; False when something was not taken by somebody."""
        self.progress.begin(iter([endpoint.key for endpoint in self.endpoints]))
        return all(await asyncio.gather(*(self._tell(endpoint) for endpoint in self.endpoints)))

    async def once(self) -> bool:
        """Try once to tell everybody of what waits."""
        self.progress.begin(iter([endpoint.key for endpoint in self.endpoints]))
        return all(await asyncio.gather(*(self._try(endpoint) for endpoint in self.endpoints)))

    async def _tell(self, endpoint: Endpoint) -> bool:
        failures, idle, waited = 0, 0.0, 0.0
        while True:
            going = self.stays or await asyncio.to_thread(self.running, self.journal)
            if await self._try(endpoint):
                failures = 0
                if not going and (self._ended or waited >= self.pace.start):
                    return True
                pause = self.pace.look
            else:
                pause = self.pace.backoff[min(failures, len(self.pace.backoff) - 1)]
                failures += 1
                self._say_once(endpoint, failures)
                idle = 0.0 if going else idle + pause
                if idle > self.pace.grace:
                    self.say(
                        f"notify: address {endpoint.name} took nothing; `cutover notify` sends what waits"
                    )
                    return False
            waited += pause
            await asyncio.sleep(pause)

    def _say_once(self, endpoint: Endpoint, failures: int) -> None:
        if failures == 1:
            self.say(f"notify: address {endpoint.name} does not take messages; it is tried again")

    async def _try(self, endpoint: Endpoint) -> bool:
        """One message with all that waits; True when nothing waits any more."""
        waiting, seq = await asyncio.to_thread(self._waiting, self.progress.told(endpoint.key))
        if waiting:
            title, body, urgency = message(self.plan, waiting)
            if not await self._send(endpoint, title, body, urgency):
                return False
        if seq > self.progress.told(endpoint.key):
            self.progress.note(endpoint.key, seq)
        return True

    def _waiting(self, after: int) -> tuple[list[Notice], int]:
        """What an endpoint has not been told of, and the last row that this covers."""
        try:
            with JournalReader(self.journal) as reader:
                events = reader.events(after)
        except JournalError as error:
            self.say(f"notify: {error}")
            return [], after
        self._ended = self._ended or any(event.kind in ENDS for event in events)
        return notices(timeline(events)), events[-1].seq if events else after

    async def _send(self, endpoint: Endpoint, title: str, body: str, urgency: str) -> bool:
        """Send in a thread that the end of this process does not wait for: some endpoints hang."""
        loop = asyncio.get_running_loop()
        taken: asyncio.Future[bool] = loop.create_future()

        def work() -> None:
            try:
                answer = endpoint.send(title, body, urgency)
            except Exception:  # noqa: BLE001 - whatever goes wrong in a library of many services, the message was not taken
                answer = False
            loop.call_soon_threadsafe(lambda: None if taken.done() else taken.set_result(answer))

        threading.Thread(target=work, name="notify", daemon=True).start()
        try:
            return await asyncio.wait_for(taken, self.pace.send)
        except TimeoutError:
            return False
