"""The journal at any of its rows, for time travel and offline review; and what keeps the past from being acted on."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from console.acts.previews import Previewer
from console.journal.past_metrics import metrics_from
from console.journal.told import Told, fold_told
from operations.plan.proofs import WayBackProof
from screens.ports import BackOut, FeedUpdate
from screens.review_port import PastError
from screens.times import parsed
from state.errors import JournalError
from state.events import Event
from state.kinds import Kind
from state.metrics import MetricsSnapshot
from state.moments import MomentError, event_time, parse_moment
from state.pages import JournalPages
from state.projections.badges import Badge
from state.projections.detail import OperationDetail, fold_detail
from state.projections.history import History
from state.projections.states import PlanStatus
from state.projections.timeline import timeline

TAIL = 500
"""Lines before a moment that are shown with it."""
SAMPLED = 5000
"""Rows before a moment in which samples of metrics are looked for."""
MILESTONES = ("operation", "run", "gate", "approval", "lease")
"""Families of kinds at which a jump stops."""
FAR = 50_000
"""Rows that a jump passes over at most."""
KEPT = 6_000_000
"""Operations in all checkpoints together: each holds the states of all that there are."""


@dataclass(frozen=True, slots=True)
class Stood:
    """What a journal said at a row: its folds, and whether a runner held the lease."""

    told: Told = field(default_factory=Told)
    runner: bool = False


def fold_stood(events: Sequence[Event], before: Stood) -> Stood:
    """The folds after more events."""
    leases = [event.kind for event in events if event.kind.startswith("lease.")]
    return Stood(fold_told(events, before.told), leases[-1] == Kind.LEASE_TAKEN if leases else before.runner)


class JournalPast:
    """Adapter of `screens.review_port.Past`. Works on read-only connections of its own."""

    def __init__(self, path: Path, previewer: Previewer, *, offline: bool = False) -> None:
        self._path = path
        self._previewer = previewer
        self._offline = offline
        self._quick: JournalPages | None = None
        self._deep: JournalPages | None = None
        self._history: History[Stood] | None = None
        self._wanted = 0
        self._seq: int | None = None
        self._status = PlanStatus()
        self._now: FeedUpdate | None = None
        self._way: tuple[object, Mapping[str, Badge], BackOut] | None = None
        self._proofs: tuple[Mapping[str, Badge], Mapping[str, WayBackProof], WayBackProof] | None = None
        self._lock = threading.Lock()

    # what it is

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def offline(self) -> bool:
        """Whether the console only reviews."""
        return self._offline

    @property
    def seq(self) -> int | None:
        """The row that is looked at, None for now."""
        return self._seq

    @property
    def status(self) -> PlanStatus:
        """Where the plan stood at the row that was looked at last."""
        return self._status

    def look_at(self, seq: int | None) -> None:
        """What the feed, the desk and the metrics show from here on."""
        self._seq = seq

    def keep(self, update: FeedUpdate) -> None:
        """Remember what the journal says now."""
        self._now = update

    # quick reads

    def last(self) -> int:
        """The newest row."""
        with self._reading() as pages:
            return pages.last()

    def time_of(self, seq: int) -> datetime | None:
        """When a row was written."""
        with self._reading() as pages:
            return parsed(pages.time_of(seq))

    def row_at(self, at: datetime) -> int:
        """The last row written up to a time, at least the first."""
        with self._reading() as pages:
            return max(1, pages.seq_at(event_time(at)))

    def row_of(self, moment: str, reference: datetime, zone: tzinfo) -> int | None:
        """The row that a typed moment names, None for now."""
        try:
            meant = parse_moment(moment, reference, zone)
        except MomentError as error:
            raise PastError(str(error)) from error
        if meant.now:
            return None
        return self.row_at(meant.at) if meant.at is not None else min(max(1, meant.seq or 1), self.last())

    def milestone(self, seq: int, step: int) -> int | None:
        """The next row at which something changed its state."""
        families = " OR ".join("substr(kind, 1, ?) = ?" for _ in MILESTONES)
        values = tuple(value for name in MILESTONES for value in (len(name) + 1, f"{name}."))
        first, last = (seq + 1, seq + FAR) if step > 0 else (max(1, seq - FAR), seq - 1)
        with self._reading() as pages:
            newest = pages.last()
            found = pages.nearest(first, min(last, newest), (f"({families})", values), backwards=step < 0)
        if found is not None:
            return found
        end = min(last, newest) if step > 0 else first
        return None if end == seq or first > newest else end

    @contextmanager
    def _reading(self) -> Iterator[JournalPages]:
        try:
            if self._quick is None:
                self._quick = JournalPages(self._path)
            yield self._quick
        except JournalError as error:
            raise PastError(str(error)) from error

    # long reads

    @contextmanager
    def _digging(self) -> Iterator[tuple[JournalPages, History[Stood]]]:
        with self._lock:
            try:
                if self._deep is None or self._history is None:
                    self._deep = pages = JournalPages(self._path)
                    most = max(64, KEPT // max(1, len(self._previewer.plan.operations)))
                    self._history = History(Stood(), fold_stood, pages.events, min(most, 4000))
                yield self._deep, self._history
            except JournalError as error:
                raise PastError(str(error)) from error

    def progress(self) -> tuple[int, int]:
        """How many rows of how many have been read to get to a moment."""
        return (self._history.built if self._history is not None else 0), self._wanted

    def update_at(self, seq: int) -> FeedUpdate:
        """What the journal said at a row."""
        with self._digging() as (pages, history):
            self._wanted = seq
            stood = history.at(seq)
            tail = pages.page(max(1, seq - TAIL + 1), min(TAIL, seq))
        told = stood.told
        self._status = told.status
        proofs, whole = self._proven(told.badges)
        return FeedUpdate(
            told.status,
            timeline(tail),
            self._back_out(told),
            stood.runner,
            proofs,
            told.evidence,
            whole,
            told.gates,
            told.watch,
            anew=True,
        )

    def _back_out(self, told: Told) -> BackOut:
        """The way back, worked out once for as long as the same operations stand."""
        stands = tuple(
            (each.id, each.started_at) for each in told.status.operations.values() if each.state.stands
        )
        if self._way is None or self._way[:2] != (stands, told.badges):
            self._way = (stands, told.badges, self._previewer.back_out(told.status, told.badges))
        return self._way[2]

    def _proven(self, badges: Mapping[str, Badge]) -> tuple[Mapping[str, WayBackProof], WayBackProof]:
        """What badges prove, worked out once for as long as they are the same."""
        if self._proofs is None or self._proofs[0] != badges:
            self._proofs = (badges, self._previewer.proofs(badges), self._previewer.whole(badges))
        return self._proofs[1:]

    def update_now(self) -> FeedUpdate:
        """What the journal says now."""
        if self._now is None:
            return self.update_at(self.last())
        with self._reading() as pages:
            seq = self._now.status.seq
            tail = pages.page(max(1, seq - TAIL + 1), min(TAIL, seq))
        return replace(self._now, entries=timeline(tail), anew=True)

    def detail_at(self, operation_id: str, seq: int) -> OperationDetail:
        """One operation in full, as it stood."""
        with self._digging() as (pages, _):
            events = pages.between(1, seq, ("operation = ?", (operation_id,)))
        return fold_detail(events, OperationDetail(operation_id))

    def metrics_at(self, seq: int) -> MetricsSnapshot:
        """The samples of metrics that were journaled shortly before."""
        with self._digging() as (pages, _):
            first = max(1, seq - SAMPLED + 1)
            rows = pages.between(first, seq, ("kind = ?", (Kind.TRIGGER_SAMPLE.value,)))
            at = parsed(pages.time_of(seq)) or datetime.fromtimestamp(0, UTC)
        return metrics_from(self._previewer.plan.metrics, rows, at)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            for pages in (self._quick, self._deep):
                if pages is not None:
                    pages.close()
            self._quick = self._deep = self._history = None
