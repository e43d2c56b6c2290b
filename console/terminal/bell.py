"""Calls the person at the terminal: a bell and a desktop notification for the few events that deserve it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from console.notices import Notice, Urgency, loudest, notices
from console.terminal.wire_codes import BEL, in_tmux, osc9, through_tmux
from screens.ports import Banner
from state.projections.timeline import TimelineEntry

QUIET_SECONDS = 5.0
"""No second call within this time: what ends badly often ends in several events at once."""
LOGIN_MINUTES = 10
"""Minutes before the end of the credentials at which somebody is called to log in."""


@dataclass(slots=True)
class Bell:
    """Rings for new events; what the journal held when the console opened rings nobody.

    Attributes:
        environment: tells whether tmux is in between.
        send: writes a sequence to the terminal.
        monotonic: seconds that only go forward.
        rings: whether the bell is on.
        notifies: whether desktop notifications are on.
    """

    environment: Mapping[str, str]
    send: Callable[[str], None]
    monotonic: Callable[[], float]
    rings: bool = True
    notifies: bool = True
    _heard: int | None = None
    _last: float | None = None
    _waiting: list[Notice] = field(default_factory=list)
    _login_told: datetime | None = None

    def hear(self, seq: int, entries: Iterable[TimelineEntry]) -> None:
        """New events; the first that are heard, up to `seq`, are the past."""
        if self._heard is None:
            self._heard = seq
            return
        fresh = [entry for entry in entries if entry.seq > (self._heard or 0)]
        self._heard = max([self._heard, seq, *(entry.seq for entry in fresh)])
        self._waiting += notices(fresh)
        self.ring()

    def mind_login(self, banner: Banner, now: datetime) -> None:
        """Call once when a login is due: for each end of credentials, once."""
        due = banner.login_by
        if due is None or due == self._login_told or due - now > timedelta(minutes=LOGIN_MINUTES):
            return
        self._login_told = due
        left = max(0, int((due - now).total_seconds() // 60))
        self._waiting.append(Notice(f"log in: the credentials end in {left} min", Urgency.WARNING))
        self.ring()

    def ring(self) -> None:
        """Call for what waits, unless somebody was called a moment ago; then it waits for the next look."""
        notice = loudest(self._waiting)
        now = self.monotonic()
        if notice is None or (self._last is not None and now - self._last < QUIET_SECONDS):
            return
        more = len(self._waiting) - 1
        self._waiting.clear()
        self._last = now
        text = f"{notice.title} (and {more} more)" if more else notice.title
        sequence = (BEL if self.rings else "") + (self._desktop(text) if self.notifies else "")
        if sequence:
            self.send(sequence)

    def _desktop(self, text: str) -> str:
        if self.environment.get("TERM", "").partition("-")[0] == "linux":
            return ""  # the kernel's console has no desktop, and old ones draw what they do not know
        return through_tmux(osc9(text)) if in_tmux(self.environment) else osc9(text)
