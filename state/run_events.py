"""What a journal, a plan, a run and a lease may say in an event."""

from __future__ import annotations

from enum import StrEnum

from state.events import Direction, Payload, RunResult
from state.kinds import Kind


class HeadReason(StrEnum):
    """Why a head was signed just then."""

    COUNT = "count"
    TIME = "time"
    RUN_END = "run_end"


class JournalOpened(Payload):
    """Row 1: which journal this is and which plan it was opened for."""

    kind = Kind.JOURNAL_OPENED
    journal_id: str
    schema_version: int
    plan: str
    digest: str


class JournalHead(Payload):
    """The row before this one, signed (see `state.seals`); `unanchored` names the anchors that lag behind."""

    kind = Kind.JOURNAL_HEAD
    journal_id: str
    seq: int
    hash: str
    previous: int | None
    at: str
    public_key: str
    signature: str
    reason: HeadReason
    unanchored: tuple[str, ...] = ()


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
    """A runner process has this journal to itself.

    `number` is the fencing number, greater than of every taking before. After a lease that was not given back,
    `took_over` holds that one's number, pid, host and boot, and why it could be taken.
    """

    kind = Kind.LEASE_TAKEN
    pid: int
    host: str
    number: int = 0
    boot: str = ""
    took_over: dict[str, str | int] | None = None


class LeaseReleased(Payload):
    """The runner has let go of the journal."""

    kind = Kind.LEASE_RELEASED
    pid: int
    host: str
    number: int = 0


class LeaseLost(LeaseReleased):
    """The runner found that it has the journal no longer, and stopped: `why` says how that came."""

    kind = Kind.LEASE_LOST
    why: str
