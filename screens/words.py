"""The word and the role of every state: one word for one thing, on every screen."""

from __future__ import annotations

from operations.plan.registers import ConstraintStatus, Severity
from screens.lines import Role
from state.metrics import Standing
from state.projections.detail import StepState
from state.projections.states import OperationState, RunState

_S = OperationState

STATE_ROLE = {
    _S.PENDING: Role.PENDING,
    _S.READY: Role.READY,
    _S.BLOCKED: Role.BLOCKED,
    _S.RUNNING: Role.RUNNING,
    _S.VERIFYING: Role.RUNNING,
    _S.BAKING: Role.RUNNING,
    _S.SUCCEEDED: Role.SUCCEEDED,
    _S.FAILED: Role.FAILED,
    _S.IN_DOUBT: Role.IN_DOUBT,
    _S.HELD: Role.HELD,
    _S.ROLLING_BACK: Role.ROLLING_BACK,
    _S.ROLLED_BACK: Role.ROLLED_BACK,
    _S.SKIPPED: Role.SKIPPED,
    _S.MARKED_DONE: Role.SUCCEEDED,
    _S.ORPHANED: Role.SKIPPED,
}

RUN_ROLE = {
    RunState.NONE: Role.MUTED,
    RunState.RUNNING: Role.RUNNING,
    RunState.PAUSED: Role.HELD,
    RunState.INTERRUPTED: Role.ATTENTION,
    RunState.SUCCEEDED: Role.SUCCEEDED,
    RunState.FAILED: Role.FAILED,
    RunState.IN_DOUBT: Role.IN_DOUBT,
    RunState.HELD: Role.HELD,
    RunState.CANCELLED: Role.HELD,
}

STEP_STATE = {
    StepState.RUNNING: _S.RUNNING,
    StepState.APPLIED: _S.SUCCEEDED,
    StepState.NOT_APPLIED: _S.FAILED,
    StepState.UNKNOWN: _S.IN_DOUBT,
}
"""Which operation state's glyph and role a step's state shares."""

STANDING_ROLE = {
    Standing.HOLDS: Role.SUCCEEDED,
    Standing.BREACHED: Role.FAILED,
    Standing.NO_DATA: Role.ATTENTION,
    Standing.NO_THRESHOLD: Role.MUTED,
}

SEVERITY_ROLE = {
    Severity.CRITICAL: Role.FAILED,
    Severity.HIGH: Role.ATTENTION,
    Severity.MEDIUM: Role.HELD,
    Severity.LOW: Role.MUTED,
}

SEVERITY_ORDER = {severity: rank for rank, severity in enumerate(Severity)}

WORST_FIRST = (
    _S.IN_DOUBT,
    _S.FAILED,
    _S.HELD,
    _S.ROLLING_BACK,
    _S.RUNNING,
    _S.VERIFYING,
    _S.BAKING,
    _S.BLOCKED,
)
"""States that a whole phase takes from one of its operations, most urgent first."""


def state_word(state: OperationState | RunState | ConstraintStatus) -> str:
    """The word on screens: the journal's own, with blanks."""
    return state.value.replace("_", " ")
