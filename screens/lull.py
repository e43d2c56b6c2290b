"""Holds work back while somebody keeps pressing keys: what nobody stops to look at is not drawn."""

from __future__ import annotations

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

LULL_SECONDS = 0.3
"""Between two keys of somebody who looks through a list; a key that is held down comes every 0.03 s."""


class Lull:
    """Does the first thing behind the next paint; of what follows without a pause only the last, when the pause comes.

    The paint comes first: whoever pressed a key sees the cursor move before anything is read or drawn for it.
    """

    def __init__(self, owner: MessagePump, seconds: float = LULL_SECONDS) -> None:
        """Make one; its timer is the owner's and ends with it."""
        self._owner = owner
        self._seconds = seconds
        self._timer: Timer | None = None
        self._waiting: Callable[[], None] | None = None

    @property
    def waiting(self) -> bool:
        """Whether something waits for the pause."""
        return self._waiting is not None

    def do(self, act: Callable[[], None]) -> None:
        """Do this now or, when something was done a moment ago, at the next pause unless something else comes first."""
        self._waiting = act
        if self._timer is None:
            self._owner.call_after_refresh(self._first, act)
        else:
            self._timer.stop()
        self._timer = self._owner.set_timer(self._seconds, self._paused)

    def end(self) -> None:
        """Do at once what waits."""
        if self._timer is not None:
            self._timer.stop()
        self._paused()

    def _first(self, act: Callable[[], None]) -> None:
        if self._waiting is act:
            self._waiting = None
            act()

    def _paused(self) -> None:
        act, self._waiting, self._timer = self._waiting, None, None
        if act is not None:
            act()
