"""What happened, as messages: each carries one frozen thing that was read."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from screens.detail_lines import OperationView
from screens.ports import Banner, FeedUpdate
from state.metrics import MetricsSnapshot


@dataclass
class FeedArrived(Message):
    """The journal says something new."""

    update: FeedUpdate


@dataclass
class MetricsArrived(Message):
    """The metric poller and the header's facts, as of now."""

    snapshot: MetricsSnapshot
    banner: Banner


@dataclass
class ViewArrived(Message):
    """One operation was read in full."""

    view: OperationView


@dataclass
class TroubleArrived(Message):
    """Something could not be read, in one line; None when it can be again."""

    problem: str | None
