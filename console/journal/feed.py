"""The console's feed: what the journal says now, read on short-lived connections so that no writer waits."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import time

from console.acts.previews import Previewer
from console.journal.snapshot import Folded, Snapshots, Span
from console.journal.told import fold_told
from operations.plan.proofs import WayBackProof
from screens.ports import CatchingUpError, FeedUpdate
from state.errors import JournalMissingError
from state.events import Event
from state.lease import is_held
from state.projections.detail import OperationDetail, fold_detail
from state.projections.states import PlanStatus
from state.projections.timeline import timeline
from state.reader import JournalReader

MAX_ENTRIES = 500
"""Lines of one update: opening a long journal shows its end."""
PIECE = 20_000
"""Rows that are taken in at once; a second's work on a slow machine."""
SNAPSHOT_EVERY = 20_000
"""Rows after which the fold is kept anew."""
UNSURE_SECONDS = 2.0
"""A file that was written so short a time ago may have been written again within the same tick of its clock."""
LOOKS = 40
"""Looks at a journal that seems untouched after which it is read all the same."""


class JournalFeed:
    """Follows one journal; adapter of `screens.ports.Feed`. It keeps the folds and no events.

    Until a long journal has been read to its end nothing of it is told: half a fold is not where the plan stands.
    """

    def __init__(
        self,
        path: Path,
        previewer: Previewer,
        snapshots: Snapshots | None = None,
        clock: Callable[[], float] = time,
        told: Callable[[FeedUpdate], object] = lambda _: None,
    ) -> None:
        """Follow a journal; `told` hears of every update, in the thread that polls."""
        self._path = path
        self._previewer = previewer
        self._snapshots = snapshots
        self._signs = _Signs(path, clock)
        self._told = told
        self._folded = self._reading = Folded()
        self._fresh: deque[Event] = deque(maxlen=MAX_ENTRIES)
        self._kept = 0
        self._share: float | None = None
        self._proofs: Mapping[str, WayBackProof] | None = None
        self._alive = False
        self._first = True

    @property
    def status(self) -> PlanStatus:
        """The status after the last poll."""
        return self._folded.told.status

    def require_read(self) -> None:
        """Ask before anything is said of an act: whether it is known where the plan stands.

        Raises:
            CatchingUpError: the journal is still being read.
        """
        if self._share is not None:
            raise CatchingUpError(self._share)

    def poll(self) -> FeedUpdate | None:
        """What has changed since the last call, None when nothing has.

        Raises:
            CatchingUpError: there is more of the journal than is read at once; call again.
            JournalError: it cannot be read, or is damaged.
        """
        alive = is_held(self._path)
        if self._signs.untouched and alive == self._alive and self._share is None:
            return None
        try:
            with JournalReader(self._path) as reader:
                self._take(reader)
        except JournalMissingError:
            pass
        except BaseException:
            self._signs.forget()
            raise
        if self._reading.seq == self._folded.seq and alive == self._alive and not self._first:
            return None
        return self._update(alive)

    def _take(self, reader: JournalReader) -> None:
        """Take what is new in, a piece of it or, where one event cannot be read, nothing."""
        if self._first and self._snapshots is not None and not self._reading.seq:
            self._reading = self._snapshots.load(reader) or self._reading
            self._kept = self._reading.seq
        piece = reader.events(self._reading.seq, PIECE)
        self._reading = _after(self._reading, piece)
        self._fresh.extend(piece)
        if len(piece) == PIECE:
            self._share = self._reading.seq / max(1, reader.head().seq)
            raise CatchingUpError(self._share)
        self._share = None
        if self._first and len(self._fresh) < min(MAX_ENTRIES, self._reading.seq):
            last = self._reading.seq
            self._fresh.clear()
            self._fresh.extend(
                event for event in reader.events(last - MAX_ENTRIES, MAX_ENTRIES) if event.seq <= last
            )
        if self._snapshots is not None and self._reading.seq - self._kept >= SNAPSHOT_EVERY:
            self._snapshots.save(self._reading, reader)
            self._kept = self._reading.seq

    def _update(self, alive: bool) -> FeedUpdate:
        if self._reading.told.badges != self._folded.told.badges:
            self._proofs = None
        self._folded = self._reading
        self._first, self._alive = False, alive
        entries = timeline(self._fresh)
        self._fresh.clear()
        told = self._folded.told
        update = FeedUpdate(
            told.status,
            entries,
            self._previewer.back_out(told.status, told.badges),
            alive,
            self.proofs,
            told.evidence,
            self._previewer.whole(told.badges),
            told.gates,
            told.watch,
        )
        self._told(update)
        return update

    @property
    def proofs(self) -> Mapping[str, WayBackProof]:
        """What is proven of every operation's way back, after the last poll."""
        if self._proofs is None:
            self._proofs = self._previewer.proofs(self._folded.told.badges)
        return self._proofs

    def detail(self, operation_id: str) -> OperationDetail:
        """One operation in full, read from the rows that are about it.

        Raises:
            CatchingUpError: it is not known yet which these are.
        """
        self.require_read()
        empty = OperationDetail(operation_id)
        span = self._folded.spans.get(operation_id)
        if span is None:
            return empty
        with JournalReader(self._path) as reader:
            return fold_detail(reader.about(operation_id, *span), empty)


def _after(folded: Folded, events: list[Event]) -> Folded:
    """The folds after more events."""
    if not events:
        return folded
    return Folded(fold_told(events, folded.told), _spans_after(folded.spans, events))


def _spans_after(spans: Mapping[str, Span], events: Iterable[Event]) -> dict[str, Span]:
    found = dict(spans)
    for event in events:
        if event.operation is not None:
            first, _ = found.get(event.operation, (event.seq, 0))
            found[event.operation] = (first, event.seq)
    return found


class _Signs:
    """Whether a journal's files are as they were: cheaper than to open it, four times a second for days."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._files = (path, path.with_name(path.name + "-wal"))
        self._clock = clock
        self._seen: object = None
        self._looks = 0

    @property
    def untouched(self) -> bool:
        """Whether nobody has written since the last look; in doubt somebody has."""
        stats = [self._stat(file) for file in self._files]
        seen, self._seen = self._seen, stats
        newest = max((stat[0] for stat in stats if stat is not None), default=0)
        quiet = seen == stats and newest / 1e9 < self._clock() - UNSURE_SECONDS
        self._looks = self._looks + 1 if quiet else 0
        return quiet and self._looks % LOOKS != 0

    def forget(self) -> None:
        """The last look came to nothing."""
        self._seen = None

    @staticmethod
    def _stat(file: Path) -> tuple[int, int, int] | None:
        try:
            found = file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
