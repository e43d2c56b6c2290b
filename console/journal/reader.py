"""Reads what the screens show, off the event loop, and hands it over as messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message import Message

from operations.plan.models import Plan
from screens.detail_lines import SECTIONS, OperationView
from screens.messages import FeedArrived, MetricsArrived, TroubleArrived, ViewArrived
from screens.ports import Banner, CatchingUpError, Desk, DeskError, Feed, FeedUpdate, MetricsFeed
from state.errors import JournalError
from state.metrics import MetricsSnapshot

POLL_SECONDS = 0.25
"""Between two looks at the journal."""

EXPECTED = (JournalError, DeskError, OSError)
"""What may go wrong outside; everything else is a bug and shows as one."""


class Reader:
    """Three loops: the journal, the metrics, the operation that is looked at.

    Each looks again only after its last look has come back, so a slow disk never piles work up.
    """

    def __init__(
        self,
        plan: Plan,
        feed: Feed,
        desk: Desk,
        metrics: MetricsFeed,
        post: Callable[[Message], object],
        metrics_seconds: float,
    ) -> None:
        self._plan = plan
        self._feed = feed
        self._desk = desk
        self._metrics = metrics
        self._post = post
        self._metrics_seconds = metrics_seconds
        self._wanted: str | None = None
        self._wake = asyncio.Event()
        self._trouble: str | None = None

    async def follow_journal(self) -> None:
        """Post a message for everything new in the journal."""
        while True:
            try:
                update = await asyncio.to_thread(self._feed.poll)
            except CatchingUpError as error:
                self._tell(str(error))
                continue
            except EXPECTED as error:
                self._tell(f"the journal cannot be read: {error}")
            else:
                self._tell(None)
                if update is not None:
                    self._post(FeedArrived(update))
                    self._read_again(update)
            await asyncio.sleep(POLL_SECONDS)

    def _tell(self, problem: str | None) -> None:
        if problem != self._trouble:
            self._trouble = problem
            self._post(TroubleArrived(problem))

    async def follow_metrics(self) -> None:
        """Post readings and the header's facts when they differ from the last."""
        last: tuple[MetricsSnapshot, Banner] | None = None
        while True:
            try:
                look = await asyncio.to_thread(lambda: (self._metrics.snapshot(), self._metrics.banner()))
            except EXPECTED as error:
                self._post(TroubleArrived(f"no metrics: {error}"))
            else:
                if look != last:
                    last = look
                    self._post(MetricsArrived(*look))
            await asyncio.sleep(self._metrics_seconds if last is not None and last[1].problem is None else 1)

    def want(self, operation_id: str) -> None:
        """Read this operation next; of several only the last is read."""
        self._wanted = operation_id
        self._wake.set()

    def again(self) -> None:
        """Read the wanted operation anew: another moment is shown."""
        self._wake.set()

    def _read_again(self, update: FeedUpdate) -> None:
        operation = self._plan.operations.get(self._wanted or "")
        if operation is None:
            return
        about = {operation.id, *operation.depends_on}
        if any(entry.operation in about for entry in update.entries):
            self._wake.set()

    async def read_operations(self) -> None:
        """Post what is known of the wanted operation whenever that may have changed."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._wanted is not None:
                view = await asyncio.to_thread(read_view, self._feed, self._desk, self._wanted)
                self._post(ViewArrived(view))


def read_view(feed: Feed, desk: Desk, operation_id: str) -> OperationView:
    """Everything about one operation; what cannot be read is told of in the view."""
    try:
        detail = feed.detail(operation_id)
        calls = {section: desk.calls(operation_id, section) for section in SECTIONS}
    except EXPECTED as error:
        return OperationView(operation_id, problem=str(error))
    return OperationView(operation_id, detail, calls)
