"""The console's feed: what the journal says now, read on short-lived connections so that no writer waits."""

from __future__ import annotations

from pathlib import Path

from console.previews import Previewer
from screens.ports import FeedUpdate
from state.errors import JournalMissingError
from state.events import Event
from state.lease import is_held
from state.projections.detail import OperationDetail, fold_detail
from state.projections.states import PlanStatus
from state.projections.status import fold
from state.projections.timeline import timeline
from state.reader import JournalReader

MAX_ENTRIES = 500
"""Lines of one update: opening a long journal shows its end."""


class JournalFeed:
    """Follows one journal; adapter of `screens.ports.Feed`."""

    def __init__(self, path: Path, previewer: Previewer) -> None:
        self._path = path
        self._previewer = previewer
        self._events: list[Event] = []
        self._status = PlanStatus()
        self._alive = False
        self._first = True

    @property
    def status(self) -> PlanStatus:
        """The status after the last poll."""
        return self._status

    def poll(self) -> FeedUpdate | None:
        """What has changed since the last call, None when nothing has."""
        fresh = self._read_new()
        alive = is_held(self._path)
        if not fresh and alive == self._alive and not self._first:
            return None
        self._first, self._alive = False, alive
        self._events.extend(fresh)
        self._status = fold(fresh, self._status)
        return FeedUpdate(
            self._status, timeline(fresh[-MAX_ENTRIES:]), self._previewer.back_out(self._status), alive
        )

    def _read_new(self) -> list[Event]:
        try:
            with JournalReader(self._path) as reader:
                return reader.events(self._status.seq)
        except JournalMissingError:
            return []

    def detail(self, operation_id: str) -> OperationDetail:
        """One operation in full."""
        return fold_detail(self._events, OperationDetail(operation_id))
