"""How far every operation has come, step by step: what a runner needs to go on where another stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from state.events import Direction, Event, Result
from state.kinds import Kind

StepKey = tuple[Direction, int]


@dataclass(frozen=True, slots=True)
class StepProgress:
    """The last attempt at a step; `result` is None while its intent has no outcome."""

    attempt: int
    api: str
    mutates: bool
    digest: str
    token: str | None
    result: Result | None = None
    saved: Mapping[str, Any] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether the step surely had its effect."""
        return self.result is Result.APPLIED

    @property
    def in_doubt(self) -> bool:
        """Whether the step may have had an effect that nobody saw."""
        return self.mutates and self.result in (None, Result.UNKNOWN)


Progress = dict[str, dict[StepKey, StepProgress]]
"""By operation id, then by direction and step."""


def fold_progress(events: Iterable[Event]) -> Progress:
    """The progress after these events, from the journal's first on."""
    progress: Progress = {}
    for event in events:
        if event.operation is not None:
            _apply(progress.setdefault(event.operation, {}), event)
    return progress


def _apply(steps: dict[StepKey, StepProgress], event: Event) -> None:
    data = event.data
    match event.kind:
        case Kind.STEP_INTENT:
            steps[_key(event)] = StepProgress(
                data["attempt"], data["api"], data.get("mutates", True), data["params_digest"], data["token"]
            )
        case Kind.STEP_OUTCOME if _key(event) in steps:
            before = steps[_key(event)]
            steps[_key(event)] = replace(before, result=Result(data["result"]), saved=data.get("saved", {}))
        case Kind.OPERATION_RESOLVED:
            for key, step in steps.items():
                if key[1] == data["step"] and step.in_doubt:
                    steps[key] = replace(step, result=Result(data["result"]))
        case Kind.OPERATION_STARTED:
            for key in [key for key in steps if key[0] is Direction.INVERSE]:
                del steps[key]
        case Kind.OPERATION_ROLLED_BACK:
            steps.clear()


def _key(event: Event) -> StepKey:
    return Direction(event.data["direction"]), event.data["step"]
