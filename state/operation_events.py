"""What happens to operations, steps, checks and triggers, as payloads of events."""

from __future__ import annotations

from typing import Any

from state.events import CheckStage, Direction, Payload, Result, Verdict
from state.kinds import Kind


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
    """A step's effect is not known: what was meant, and what is known about it.

    When a person must settle it, it is written again with what was seen and the answer that this suggests.
    """

    kind = Kind.OPERATION_IN_DOUBT
    step: int
    api: str
    why: str
    direction: Direction = Direction.FORWARD
    evidence: dict[str, Any] = {}
    proposal: str | None = None


class OperationHeld(Payload):
    """An operation waits for a person."""

    kind = Kind.OPERATION_HELD
    why: str


class OperationResolved(Payload):
    """Doubt is settled: `applied` or `not_applied`, on which evidence.

    A person's answer is signed: `signature` (Ed25519, hex) is over the RFC 8785 form of
    `[journal_id, operation, step, answer, reason, at, saved]`; see state/answers.py.
    """

    kind = Kind.OPERATION_RESOLVED
    step: int
    result: Result
    by: str
    evidence: dict[str, Any] = {}
    reason: str | None = None
    saved: dict[str, Any] = {}
    at: str | None = None
    public_key: str | None = None
    signature: str | None = None


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


class OperationMarkedDone(Payload):
    """A person has done by hand what the operation, or its way back (`direction`), was for, and says what it saved."""

    kind = Kind.OPERATION_MARKED_DONE
    reason: str
    by: str
    direction: Direction = Direction.FORWARD
    saved: dict[str, Any] = {}


class OperationOrphaned(Payload):
    """The way back was given up: what the operation made stays until somebody sees to it."""

    kind = Kind.OPERATION_ORPHANED
    reason: str
    by: str


class StepIntent(Payload):
    """Written before a step acts. `params` are redacted.

    `params_digest` binds the intent to its call: the SHA-256 of the RFC 8785 form of `[api, params]`, the parameters redacted and
    without the client token. `precondition` is what a probe showed before: `absent`, `present` or `unknown`.
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
    precondition: str | None = None


class StepOutcome(Payload):
    """What became of an intent, with what the step saved and how long it took.

    `items` says of a batch that was done in part how many items are `done` and which `failed`.
    """

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
    items: dict[str, Any] | None = None


class CheckResult(Payload):
    """The verdict of one check of an operation; `stands_for` is the step in whose place a sandbox made it."""

    kind = Kind.CHECK_RESULT
    stage: CheckStage
    check: str
    verdict: Verdict
    expect: str | None = None
    message: str = ""
    seconds: float = 0.0
    stands_for: str | None = None


class GuardResult(CheckResult):
    """The verdict of a guard before an inverse."""

    kind = Kind.GUARD_RESULT


class TriggerArmed(Payload):
    """An operation bakes: its watches are read, and the plan's `triggers` sampled, until the bake is over."""

    kind = Kind.TRIGGER_ARMED
    watches: tuple[str, ...]
    minutes: float
    every_seconds: float
    triggers: tuple[str, ...] = ()


class TriggerSample(CheckResult):
    """One reading of a watch, or one look at a trigger: there `fail` is that it rings."""

    kind = Kind.TRIGGER_SAMPLE


class TriggerFired(Payload):
    """A watch did not hold, or a trigger of the plan rang for long enough.

    `samples` are the events that it rests on. `operations` are those that the runner undoes because of it, in that
    order: this event is then the request that a run for them names.
    """

    kind = Kind.TRIGGER_FIRED
    check: str
    message: str
    trigger: str | None = None
    action: str | None = None
    samples: tuple[int, ...] = ()
    operations: tuple[str, ...] = ()


class TriggerDisarmed(Payload):
    """The bake is over, or the operation is."""

    kind = Kind.TRIGGER_DISARMED
    why: str
