"""What operators ask of a run while it runs: their requests, read from the journal."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from operations.engine.by_hand import REQUESTS
from state.events import Event
from state.kinds import Kind
from state.reader import JournalReader


class Wish(Enum):
    """What a request asks of a run."""

    PAUSE = Kind.REQUEST_PAUSE.value
    RESUME = Kind.REQUEST_RESUME.value
    CANCEL = Kind.REQUEST_CANCEL.value


class Inbox:
    """Follows a journal from a seq on and picks out the requests that concern a run."""

    def __init__(self, reader: JournalReader, after: int) -> None:
        self._reader = reader
        self._after = after
        self._by_hand: list[Event] = []

    def wishes(self) -> Iterator[Wish]:
        """The requests since the last look, oldest first."""
        for event in self._reader.events(self._after):
            self._after = event.seq
            if event.kind in (Wish.PAUSE.value, Wish.RESUME.value, Wish.CANCEL.value):
                yield Wish(event.kind)
            elif event.kind in REQUESTS and event.operation is not None:
                self._by_hand.append(event)

    def by_hand(self) -> list[Event]:
        """The requests by hand among what `wishes` has seen; each is given once."""
        taken, self._by_hand = self._by_hand, []
        return taken
