"""The states of operations and runs, and the frozen records that a fold of the journal is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from state.events import Direction
from state.projections.consents import Consent, ConstraintWaiver


class OperationState(StrEnum):
    """Where an operation is in its life; the value is the word that screens and JSON show."""

    PENDING = "pending"
    READY = "ready"
    BLOCKED = "blocked"
    RUNNING = "running"
    VERIFYING = "verifying"
    BAKING = "baking"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    HELD = "held"
    ROLLING_BACK = "rolling_back"
    ROLLED_BACK = "rolled_back"
    SKIPPED = "skipped"
    MARKED_DONE = "marked_done"
    ORPHANED = "orphaned"

    @property
    def active(self) -> bool:
        """Whether a runner is at work on it."""
        return self in _ACTIVE

    @property
    def satisfied(self) -> bool:
        """Whether what depends on it may start."""
        return self in _SATISFIED

    @property
    def stands(self) -> bool:
        """Whether it may have changed the account, so that a way back matters."""
        return self in _STANDS


_ACTIVE = {
    OperationState.RUNNING,
    OperationState.VERIFYING,
    OperationState.BAKING,
    OperationState.ROLLING_BACK,
}
_SATISFIED = {OperationState.SUCCEEDED, OperationState.SKIPPED, OperationState.MARKED_DONE}
_STANDS = _ACTIVE | {
    OperationState.SUCCEEDED,
    OperationState.FAILED,
    OperationState.IN_DOUBT,
    OperationState.HELD,
    OperationState.MARKED_DONE,
}


class RunState(StrEnum):
    """Where a run is."""

    NONE = "none"
    RUNNING = "running"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    HELD = "held"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether a runner ought to be at work on it, or can take it up again."""
        return self in {RunState.RUNNING, RunState.PAUSED, RunState.INTERRUPTED}


@dataclass(frozen=True, slots=True)
class OperationStatus:
    """One operation as the journal tells it; times as in events."""

    id: str
    state: OperationState = OperationState.PENDING
    direction: Direction = Direction.FORWARD
    run: str | None = None
    forward_run: str | None = None
    started_at: str | None = None
    ended_at: str | None = None
    attempt: int = 0
    why: str | None = None
    applied: bool = False
    saved: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunStatus:
    """One run as the journal tells it."""

    id: str
    state: RunState
    direction: Direction
    operations: tuple[str, ...]
    started_at: str
    digest: str
    setting: str
    account: str
    region: str
    endpoint: str | None
    identity: str | None
    max_parallel: int
    pid: int
    ended_at: str | None = None
    cancelled: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """Everything that the fold of a journal says about its plan. Operations without events are missing."""

    seq: int = 0
    hash: str = ""
    at: str = ""
    run: RunStatus | None = None
    operations: Mapping[str, OperationStatus] = field(default_factory=dict)
    armed: frozenset[str] = frozenset()
    approvals: frozenset[str] = frozenset()
    asked_by: str | None = None
    consents: Mapping[str, Consent] = field(default_factory=dict)
    waivers: tuple[ConstraintWaiver, ...] = ()

    def of(self, operation_id: str) -> OperationStatus:
        """The status of an operation, `pending` where the journal says nothing."""
        return self.operations.get(operation_id) or OperationStatus(operation_id)

    def in_state(self, *states: OperationState) -> tuple[str, ...]:
        """Ids of the operations in one of these states."""
        return tuple(key for key, operation in self.operations.items() if operation.state in states)

    @property
    def saved(self) -> dict[str, Any]:
        """Every saved value under `operation.name`."""
        return {
            f"{key}.{name}": v for key, status in self.operations.items() for name, v in status.saved.items()
        }
