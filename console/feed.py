"""The console's feed: what the journal says now, read on short-lived connections so that no writer waits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from console.previews import Previewer
from operations.plan.proofs import WayBackProof
from screens.ports import FeedUpdate
from state.errors import JournalMissingError
from state.events import Event
from state.lease import is_held
from state.projections.badges import Badge, fold_badges
from state.projections.detail import OperationDetail, fold_detail
from state.projections.evidence import Evidence, fold_evidence
from state.projections.gate import GateHistory, fold_gates
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
        self._badges: Mapping[str, Badge] = {}
        self._evidence = Evidence()
        self._gates: Mapping[str, GateHistory] = {}
        self._proofs: Mapping[str, WayBackProof] | None = None
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
        self._fold(fresh)
        self._first, self._alive = False, alive
        return FeedUpdate(
            self._status,
            timeline(fresh[-MAX_ENTRIES:]),
            self._previewer.back_out(self._status, self._badges),
            alive,
            self.proofs,
            self._evidence,
            self._previewer.whole(self._badges),
            self._gates,
        )

    @property
    def proofs(self) -> Mapping[str, WayBackProof]:
        """What is proven of every operation's way back, after the last poll."""
        if self._proofs is None:
            self._proofs = self._previewer.proofs(self._badges)
        return self._proofs

    def _fold(self, fresh: list[Event]) -> None:
        """Take new events in, all of them or, where one cannot be read, none."""
        status, evidence = fold(fresh, self._status), fold_evidence(fresh, self._evidence)
        badges, gates = fold_badges(fresh, self._badges), fold_gates(fresh, self._gates)
        if badges != self._badges:
            self._badges, self._proofs = badges, None
        self._status, self._evidence, self._gates = status, evidence, gates
        self._events.extend(fresh)

    def _read_new(self) -> list[Event]:
        try:
            with JournalReader(self._path) as reader:
                return reader.events(self._status.seq)
        except JournalMissingError:
            return []

    def detail(self, operation_id: str) -> OperationDetail:
        """One operation in full."""
        return fold_detail(self._events, OperationDetail(operation_id))
