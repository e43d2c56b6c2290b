"""Stands between the screens and what is live: while the past is shown it shows the past, and refuses to act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from console.acts.previews import Previewer
from console.journal.past import JournalPast
from screens.ports import (
    ActPreview,
    ArmPreview,
    Banner,
    Desk,
    DeskError,
    Feed,
    FeedUpdate,
    MetricsFeed,
    PreviewCall,
)
from screens.review_port import PastError
from state.metrics import MetricsSnapshot
from state.projections.detail import OperationDetail

OFFLINE = "this is a review of a journal: nothing can act"
PAST = "the past is shown: :now to act"


@dataclass(frozen=True, slots=True)
class ReviewFeed:
    """Follows the journal all the time, and tells of it while it is now. Adapter of `screens.ports.Feed`."""

    live: Feed
    past: JournalPast

    def poll(self) -> FeedUpdate | None:
        """What has changed; nothing while the past is shown."""
        update = self.live.poll()
        if update is not None:
            self.past.keep(update)
        return update if self.past.seq is None else None

    def detail(self, operation_id: str) -> OperationDetail:
        """One operation in full, at the moment that is shown."""
        seq = self.past.seq
        return self.live.detail(operation_id) if seq is None else self.past.detail_at(operation_id, seq)


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """Takes requests while it is now. Adapter of `screens.ports.Desk`; `live` is None where nothing can act at all."""

    live: Desk | None
    past: JournalPast
    previewer: Previewer

    @property
    def shut(self) -> str | None:
        """Why nothing may ever be asked for here; the past alone is no reason, it can be left."""
        return OFFLINE if self.live is None else self.live.shut

    def _desk(self) -> Desk:
        if self.live is None:
            raise DeskError(OFFLINE)
        if self.past.seq is not None:
            raise DeskError(PAST)
        return self.live

    def calls(self, operation_id: str, section: str) -> tuple[PreviewCall, ...]:
        """The steps of a section, resolved as far as was known at the moment that is shown."""
        if self.live is not None and self.past.seq is None:
            return self.live.calls(operation_id, section)
        return self.previewer.calls(operation_id, section, self.past.status)

    def preview_run(self, operations: Sequence[str]) -> ActPreview:
        """What running would do."""
        return self._desk().preview_run(operations)

    def preview_rollback(self, operations: Sequence[str]) -> ActPreview:
        """What rolling back would do."""
        return self._desk().preview_rollback(operations)

    def run(self, preview: ActPreview, reason: str) -> None:
        """Ask for a run."""
        self._desk().run(preview, reason)

    def rollback(self, preview: ActPreview, reason: str) -> None:
        """Ask for a rollback."""
        self._desk().rollback(preview, reason)

    def pause(self) -> None:
        """Start nothing new."""
        self._desk().pause()

    def go_on(self) -> None:
        """End a pause, or resume."""
        self._desk().go_on()

    def cancel(self) -> None:
        """Finish what is in flight and stop."""
        self._desk().cancel()

    def arming(self, phase: str | None) -> ArmPreview:
        """What arming would allow."""
        return self._desk().arming(phase)

    def arm(self, phase: str | None, typed: str) -> None:
        """Leave read-only."""
        self._desk().arm(phase, typed)

    def disarm(self, why: str) -> None:
        """Back to read-only, which is right at any moment."""
        if self.live is not None:
            self.live.disarm(why)

    def note(self, text: str) -> None:
        """Put a remark into the journal."""
        self._desk().note(text)


@dataclass(frozen=True, slots=True)
class ReviewMetrics:
    """Adapter of `screens.ports.MetricsFeed`: `live` while it is now, what was journaled while the past is shown."""

    live: MetricsFeed
    past: JournalPast

    def snapshot(self) -> MetricsSnapshot:
        """The readings of the moment that is shown."""
        seq = self.past.seq
        if seq is None:
            return self.live.snapshot()
        try:
            return self.past.metrics_at(seq)
        except PastError as error:
            return MetricsSnapshot(error=str(error))

    def banner(self) -> Banner:
        """Where the console stands."""
        return self.live.banner()


@dataclass(frozen=True, slots=True)
class NoMetrics:
    """Where there is no AWS: readings are what was journaled at the newest row."""

    place: Banner
    past: Callable[[], MetricsSnapshot]

    def snapshot(self) -> MetricsSnapshot:
        """What was journaled last."""
        try:
            return self.past()
        except PastError as error:
            return MetricsSnapshot(error=str(error))

    def banner(self) -> Banner:
        """The journal's plan."""
        return replace(self.place, problem=None)
