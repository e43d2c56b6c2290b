"""One operation in full: its steps with timings and evidence, its checks, its watches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from state.errors import MALFORMED, unreadable
from state.events import Direction, Event, Result
from state.kinds import Kind


class StepState(StrEnum):
    """Where a step is; the value is the word that screens show."""

    RUNNING = "running"
    APPLIED = "applied"
    NOT_APPLIED = "not applied"
    UNKNOWN = "in doubt"


@dataclass(frozen=True, slots=True)
class StepStatus:
    """The last attempt at a step: `seconds` is None while it runs, `params` are redacted, `unsettled` as in `StepProgress`."""

    step: int
    direction: Direction
    api: str
    attempt: int
    state: StepState
    started_at: str
    mutates: bool
    params: Mapping[str, Any]
    seconds: float | None = None
    error: str | None = None
    saved: Mapping[str, Any] = field(default_factory=dict)
    request_id: str | None = None
    unsettled: bool = False

    @property
    def in_doubt(self) -> bool:
        """Whether the step may have had an effect that nobody saw."""
        return self.mutates and self.state in (StepState.RUNNING, StepState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CheckStatus:
    """The last result of a check."""

    stage: str
    check: str
    verdict: str
    message: str
    at: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class DoubtStatus:
    """A step in doubt: what was seen, and the answer that this suggests; None where it suggests none."""

    step: int
    api: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class OperationDetail:
    """What a screen shows of one operation."""

    id: str
    steps: Mapping[tuple[Direction, int], StepStatus] = field(default_factory=dict)
    checks: Mapping[tuple[str, str], CheckStatus] = field(default_factory=dict)
    checkpoint: Mapping[str, Any] = field(default_factory=dict)
    rolled_back: bool = False
    doubt: DoubtStatus | None = None

    def going(self, direction: Direction) -> tuple[StepStatus, ...]:
        """The steps of one direction in order."""
        return tuple(step for (way, _), step in sorted(self.steps.items()) if way is direction)


_STATE_OF = {
    Result.APPLIED: StepState.APPLIED,
    Result.NOT_APPLIED: StepState.NOT_APPLIED,
    Result.UNKNOWN: StepState.UNKNOWN,
}
_CHECKS = {Kind.CHECK_RESULT, Kind.GUARD_RESULT, Kind.TRIGGER_SAMPLE}


def fold_detail(events: Iterable[Event], start: OperationDetail) -> OperationDetail:
    """The detail after these events; those of other operations are passed over.

    Raises:
        JournalDamagedError: a row's data is not what its kind says.
    """
    folding = _Folding(
        dict(start.steps), dict(start.checks), start.checkpoint, start.rolled_back, start.doubt
    )
    for event in events:
        if event.operation == start.id:
            try:
                folding.take(event)
            except MALFORMED as error:
                raise unreadable(event.seq) from error
    parts = (folding.steps, folding.checks, folding.checkpoint, folding.rolled_back, folding.doubt)
    return OperationDetail(start.id, *parts)


@dataclass(slots=True)
class _Folding:
    """A detail while it is being folded: copied once for all events rather than once for each."""

    steps: dict[tuple[Direction, int], StepStatus]
    checks: dict[tuple[str, str], CheckStatus]
    checkpoint: Mapping[str, Any]
    rolled_back: bool
    doubt: DoubtStatus | None

    def take(self, event: Event) -> None:
        match event.kind:
            case Kind.OPERATION_STARTED:
                kept = {} if self.rolled_back else self.steps
                self.steps = {key: step for key, step in kept.items() if key[0] is Direction.FORWARD}
                self.checks, self.rolled_back, self.doubt = {}, False, None
            case Kind.OPERATION_ROLLED_BACK:
                self.rolled_back = True
            case Kind.OPERATION_CHECKPOINT:
                self.checkpoint = event.data["evidence"]
            case Kind.STEP_INTENT:
                if self.rolled_back:  # what was undone is over; what leaves now may be in doubt
                    self.steps, self.rolled_back = {}, False
                _intend(self.steps, event)
            case Kind.STEP_OUTCOME:
                _settle(self.steps, event)
            case Kind.OPERATION_IN_DOUBT:
                data = event.data
                self.doubt = DoubtStatus(
                    data["step"], data["api"], data.get("evidence", {}), data.get("proposal")
                )
            case Kind.OPERATION_RESOLVED:
                self.doubt = None
                _resolve(self.steps, event)
            case _ if event.kind in _CHECKS:
                _check(self.checks, event)


def _intend(steps: dict[tuple[Direction, int], StepStatus], event: Event) -> None:
    data = event.data
    key = (Direction(data["direction"]), data["step"])
    before = steps.get(key)
    steps[key] = StepStatus(
        step=data["step"],
        direction=key[0],
        api=data["api"],
        attempt=data["attempt"],
        state=StepState.RUNNING,
        started_at=event.at,
        mutates=data.get("mutates", True),
        params=data.get("params", {}),
        unsettled=before is not None and before.in_doubt,
    )


def _settle(steps: dict[tuple[Direction, int], StepStatus], event: Event) -> None:
    data = event.data
    key = (Direction(data["direction"]), data["step"])
    step = steps.get(key)
    if step is not None and data["attempt"] == step.attempt:  # as `fold_progress` has it
        result = Result(data["result"])
        if result is Result.NOT_APPLIED and step.unsettled:
            result = Result.UNKNOWN
        steps[key] = replace(
            step,
            state=_STATE_OF[result],
            seconds=data.get("seconds"),
            error=data.get("error"),
            saved=data.get("saved", {}),
            request_id=data.get("request_id"),
        )


def _resolve(steps: dict[tuple[Direction, int], StepStatus], event: Event) -> None:
    for direction in (Direction.INVERSE, Direction.FORWARD):
        step = steps.get((direction, event.data["step"]))
        if step is not None and step.in_doubt:
            state = _STATE_OF[Result(event.data["result"])]
            steps[direction, step.step] = replace(step, state=state, unsettled=False)
            return


def _check(checks: dict[tuple[str, str], CheckStatus], event: Event) -> None:
    data = event.data
    key = (data["stage"], data["check"])
    times = checks[key].times + 1 if key in checks else 1
    checks[key] = CheckStatus(
        data["stage"], data["check"], data["verdict"], data.get("message", ""), event.at, times
    )
