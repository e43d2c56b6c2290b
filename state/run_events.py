"""What a journal, a plan, a run and a lease may say in an event."""

from __future__ import annotations

from state.events import Direction, Payload, RunResult
from state.kinds import Kind


class JournalOpened(Payload):
    """Row 1: which journal this is and which plan it was opened for."""

    kind = Kind.JOURNAL_OPENED
    journal_id: str
    schema_version: int
    plan: str
    digest: str


class PlanLoaded(Payload):
    """The plan that the following events are about."""

    kind = Kind.PLAN_LOADED
    plan: str
    digest: str
    origin: str
    operations: int


class PlanAmended(PlanLoaded):
    """The plan has changed since it was loaded last; `was` is the earlier digest."""

    kind = Kind.PLAN_AMENDED
    was: str


class RunStarted(Payload):
    """A run: what it means to do, where, and what asked for it (`request` is that event's seq)."""

    kind = Kind.RUN_STARTED
    direction: Direction
    operations: tuple[str, ...]
    digest: str
    setting: str
    account: str
    region: str
    endpoint: str | None
    max_parallel: int
    request: int
    pid: int


class RunResumed(Payload):
    """A run taken up again by another runner process, and the operations that were found in doubt."""

    kind = Kind.RUN_RESUMED
    pid: int
    in_doubt: tuple[str, ...] = ()


class RunPaused(Payload):
    """A run that starts nothing new until it is resumed."""

    kind = Kind.RUN_PAUSED
    why: str


class RunFinished(Payload):
    """The end of a run, with how many operations ended in which state."""

    kind = Kind.RUN_FINISHED
    result: RunResult
    counts: dict[str, int]
    seconds: float


class RunInterrupted(Payload):
    """A run that stopped early: by which signal, and what it left undone."""

    kind = Kind.RUN_INTERRUPTED
    signal: str
    left: tuple[str, ...]


class LeaseTaken(Payload):
    """A runner process has this journal to itself."""

    kind = Kind.LEASE_TAKEN
    pid: int
    host: str


class LeaseReleased(LeaseTaken):
    """The runner has let go of the journal."""

    kind = Kind.LEASE_RELEASED
