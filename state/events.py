"""Events: the rows of the journal and the frozen payloads that its writers may put into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from state.kinds import Kind


@dataclass(frozen=True, slots=True)
class Event:
    """One row. `at` is UTC, RFC 3339 with microseconds and `Z`; `data` the decoded JSON object."""

    seq: int
    at: str
    run: str | None
    kind: str
    operation: str | None
    actor: str
    identity: str | None
    data: Mapping[str, Any]
    prev: str
    hash: str


class Direction(StrEnum):
    """Which way an operation is carried out."""

    FORWARD = "forward"
    INVERSE = "inverse"


class Result(StrEnum):
    """What became of a step: `unknown` puts its operation in doubt."""

    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """The answer of a check; no data is inconclusive, never a pass."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


class CheckStage(StrEnum):
    """Where in an operation's life a check was made."""

    CHECKPOINT = "checkpoint"
    VERIFY = "verify"
    WATCH = "watch"
    GUARD = "guard"
    PROBE = "probe"


class RunResult(StrEnum):
    """How a run ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    HELD = "held"
    CANCELLED = "cancelled"


class Payload(BaseModel):
    """Base of all payloads: frozen, and nothing goes into the journal that is not named."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[Kind]


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


class RequestRun(Payload):
    """The operator asks for operations to be carried out; `confirmed` says how that was confirmed."""

    kind = Kind.REQUEST_RUN
    operations: tuple[str, ...]
    confirmed: str
    reason: str | None = None


class RequestRollback(RequestRun):
    """The operator asks for the way back."""

    kind = Kind.REQUEST_ROLLBACK


class RequestPause(Payload):
    """Start nothing new."""

    kind = Kind.REQUEST_PAUSE
    reason: str | None = None


class RequestResume(Payload):
    """Go on."""

    kind = Kind.REQUEST_RESUME
    reason: str | None = None


class RequestCancel(Payload):
    """Finish what is in flight and stop."""

    kind = Kind.REQUEST_CANCEL
    reason: str | None = None


class RequestArm(Payload):
    """The operator may act on a phase (`None`: on all) from here on; `alias` is what was typed."""

    kind = Kind.REQUEST_ARM
    phase: str | None
    alias: str


class RequestDisarm(Payload):
    """Back to read-only."""

    kind = Kind.REQUEST_DISARM
    why: str


class RequestNote(Payload):
    """A remark for whoever reads the journal."""

    kind = Kind.REQUEST_NOTE
    text: str


class ApprovalGranted(Payload):
    """Somebody approved an operation of the plan with this digest."""

    kind = Kind.APPROVAL_GRANTED
    role: str | None
    digest: str
    reason: str


class RequestResolve(Payload):
    """A person's answer about an operation in doubt."""

    kind = Kind.REQUEST_RESOLVE
    answer: str
    reason: str


class OperationStarted(Payload):
    """An operation begins; its way back is known from here on (`way_back`: titles of the inverse's steps)."""

    kind = Kind.OPERATION_STARTED
    attempt: int
    estimate_minutes: float
    steps: tuple[str, ...]
    way_back: tuple[str, ...]
    irreversible: str | None = None


class OperationCheckpoint(Payload):
    """What was read before an operation changed anything."""

    kind = Kind.OPERATION_CHECKPOINT
    evidence: dict[str, Any]


class OperationBlocked(Payload):
    """An operation that may not start, and by what."""

    kind = Kind.OPERATION_BLOCKED
    by: tuple[str, ...]


class OperationSucceeded(Payload):
    """Forward, verification and bake are done."""

    kind = Kind.OPERATION_SUCCEEDED
    seconds: float
    saved: dict[str, Any] = {}


class OperationFailed(Payload):
    """An operation that surely did not succeed: at which step, and why."""

    kind = Kind.OPERATION_FAILED
    step: str
    error: str
    code: str | None = None
    direction: Direction = Direction.FORWARD


class OperationInDoubt(Payload):
    """A step's effect is not known: what was meant, and what is known about it."""

    kind = Kind.OPERATION_IN_DOUBT
    step: int
    api: str
    why: str
    direction: Direction = Direction.FORWARD


class OperationHeld(Payload):
    """An operation waits for a person."""

    kind = Kind.OPERATION_HELD
    why: str


class OperationResolved(Payload):
    """Doubt is settled: `applied` or `not_applied`, on which evidence."""

    kind = Kind.OPERATION_RESOLVED
    step: int
    result: Result
    by: str
    evidence: dict[str, Any] = {}
    reason: str | None = None


class OperationRollingBack(Payload):
    """The way back begins."""

    kind = Kind.OPERATION_ROLLING_BACK
    attempt: int
    steps: tuple[str, ...]
    loses: str


class OperationRolledBack(Payload):
    """The way back is done; `retains` is what was left behind on purpose."""

    kind = Kind.OPERATION_ROLLED_BACK
    seconds: float
    retains: tuple[str, ...] = ()


class OperationSkipped(Payload):
    """An operation that was not carried out, and why."""

    kind = Kind.OPERATION_SKIPPED
    reason: str


class StepIntent(Payload):
    """Written before a step acts. `params` are redacted.

    `params_digest` binds the intent to its call: the SHA-256 of the RFC 8785 form of `[api, params]`, the parameters redacted and
    without the client token.
    """

    kind = Kind.STEP_INTENT
    step: int
    attempt: int
    direction: Direction
    api: str
    params_digest: str
    token: str | None
    mutates: bool
    params: dict[str, Any] = {}
    stands_for: str | None = None


class StepOutcome(Payload):
    """What became of an intent, with what the step saved and how long it took."""

    kind = Kind.STEP_OUTCOME
    step: int
    attempt: int
    direction: Direction
    result: Result
    seconds: float
    request_id: str | None = None
    code: str | None = None
    error: str | None = None
    saved: dict[str, Any] = {}
    polls: int | None = None


class CheckResult(Payload):
    """The verdict of one check of an operation."""

    kind = Kind.CHECK_RESULT
    stage: CheckStage
    check: str
    verdict: Verdict
    expect: str | None = None
    message: str = ""
    seconds: float = 0.0


class GuardResult(CheckResult):
    """The verdict of a guard before an inverse."""

    kind = Kind.GUARD_RESULT


class TriggerArmed(Payload):
    """An operation bakes: its watches are read until the bake is over."""

    kind = Kind.TRIGGER_ARMED
    watches: tuple[str, ...]
    minutes: float
    every_seconds: float


class TriggerSample(CheckResult):
    """One reading of a watch."""

    kind = Kind.TRIGGER_SAMPLE


class TriggerFired(Payload):
    """A watch did not hold."""

    kind = Kind.TRIGGER_FIRED
    check: str
    message: str


class TriggerDisarmed(Payload):
    """The bake is over, or the operation is."""

    kind = Kind.TRIGGER_DISARMED
    why: str


class LeaseTaken(Payload):
    """A runner process has this journal to itself."""

    kind = Kind.LEASE_TAKEN
    pid: int
    host: str


class LeaseReleased(LeaseTaken):
    """The runner has let go of the journal."""

    kind = Kind.LEASE_RELEASED
