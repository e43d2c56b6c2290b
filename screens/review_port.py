"""What screens need to show the past: what the journal said at any of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from screens.ports import FeedUpdate
from state.metrics import MetricsSnapshot


@dataclass(frozen=True, slots=True)
class ReviewMark:
    """Where in the journal the console stands, for the heading of every room.

    Attributes:
        name: the journal's name.
        seq: the row that is shown, None at the newest.
        last: the newest row.
        at: when the row was written.
        playing: whether it goes on by itself.
        speed: how many times faster than it happened.
        chain: what is known of the chain, such as `chain ok 12,406`.
        sound: False where the chain is broken.
        busy: what is being worked out, empty when nothing is.
    """

    name: str
    seq: int | None
    last: int
    at: datetime | None
    playing: bool = False
    speed: int = 1
    chain: str = ""
    sound: bool = True
    busy: str = ""


class PastError(Exception):
    """A moment that cannot be shown, in one line."""


class Past(Protocol):
    """The journal at any of its rows. `update_at` and `metrics_at` may take long: call them from a worker thread.

    Raises (from every method that reads):
        PastError: the journal cannot be read, or a text names no moment.
    """

    @property
    def name(self) -> str:
        """What the journal is called."""
        ...

    @property
    def offline(self) -> bool:
        """Whether the console only reviews, and cannot act even at the newest row."""
        ...

    def last(self) -> int:
        """The newest row."""
        ...

    def look_at(self, seq: int | None) -> None:
        """What everything else behind the screens shows from here on; None is now, where requests are taken again."""
        ...

    def update_at(self, seq: int) -> FeedUpdate:
        """What the journal said at a row; its entries are the last before it, in place of all others."""
        ...

    def update_now(self) -> FeedUpdate:
        """What it says now, likewise."""
        ...

    def metrics_at(self, seq: int) -> MetricsSnapshot:
        """What was journaled of the metrics by then."""
        ...

    def progress(self) -> tuple[int, int]:
        """How many rows of how many have been read to get to a moment."""
        ...

    def row_of(self, moment: str, reference: datetime, zone: tzinfo) -> int | None:
        """The row that a typed moment names, None for now."""
        ...

    def row_at(self, at: datetime) -> int:
        """The last row written up to a time, at least the first."""
        ...

    def time_of(self, seq: int) -> datetime | None:
        """When a row was written."""
        ...

    def milestone(self, seq: int, step: int) -> int | None:
        """The next row, or with a step of -1 the one before, at which an operation or a run changed its state."""
        ...
