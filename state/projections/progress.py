"""How far every operation has come, step by step: what a runner needs to go on where another stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from state.errors import MALFORMED, unreadable
from state.events import Direction, Event, Result
from state.kinds import Kind

StepKey = tuple[Direction, int]


@dataclass(frozen=True, slots=True)
class StepProgress:
    """The last attempt at a step; `result` is None while its intent has no outcome.

    `since` is when the first attempt with this token was intended; `unsettled`: an earlier attempt may have had an
    effect, and a later one that surely had none says nothing about it. `precondition` as in the first intent. `presumed`:
    AWS refused the call with an error that is taken for the effect being there already.
    """

    attempt: int
    api: str
    mutates: bool
    digest: str
    token: str | None
    result: Result | None = None
    saved: Mapping[str, Any] = field(default_factory=dict)
    since: str = ""
    unsettled: bool = False
    precondition: str | None = None
    items: Mapping[str, Any] | None = None
    presumed: bool = False

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
    """The progress after these events, from the journal's first on.

    Raises:
        JournalDamagedError: a row's data is not what its kind says.
    """
    progress: Progress = {}
    for event in events:
        if event.operation is not None:
            try:
                _apply(progress.setdefault(event.operation, {}), event)
            except MALFORMED as error:
                raise unreadable(event.seq) from error
    return progress


def _apply(steps: dict[StepKey, StepProgress], event: Event) -> None:
    data = event.data
    match event.kind:
        case Kind.STEP_INTENT:
            steps[_key(event)] = _intended(steps.get(_key(event)), event)
        case Kind.STEP_OUTCOME if _is_of_last_attempt(steps.get(_key(event)), event):
            steps[_key(event)] = _ended(steps[_key(event)], event)
        case Kind.OPERATION_RESOLVED:
            key = _doubtful(steps, data["step"])
            if key is not None:
                steps[key] = replace(steps[key], result=Result(data["result"]), unsettled=False)
        case Kind.OPERATION_STARTED:
            for key in [key for key in steps if key[0] is Direction.INVERSE]:
                del steps[key]
        case Kind.OPERATION_ROLLED_BACK:
            steps.clear()
        case Kind.OPERATION_MARKED_DONE if data.get("direction") == Direction.INVERSE:
            steps.clear()


def _is_of_last_attempt(step: StepProgress | None, event: Event) -> bool:
    """A runner that lost its lease tells late what came of an attempt; meanwhile another may have made the next."""
    return step is not None and event.data["attempt"] == step.attempt


def _intended(before: StepProgress | None, event: Event) -> StepProgress:
    data = event.data
    same_token = before is not None and before.token is not None and before.token == data["token"]
    return StepProgress(
        data["attempt"],
        data["api"],
        data.get("mutates", True),
        data["params_digest"],
        data["token"],
        since=before.since if before is not None and same_token else event.at,
        unsettled=before is not None and before.in_doubt,
        precondition=data.get("precondition"),
    )


def _ended(step: StepProgress, event: Event) -> StepProgress:
    data = event.data
    result = Result(data["result"])
    if result is Result.NOT_APPLIED and step.unsettled:
        result = Result.UNKNOWN
    presumed = result is Result.APPLIED and step.mutates and bool(data.get("code"))
    return replace(
        step, result=result, saved=data.get("saved", {}), items=data.get("items"), presumed=presumed
    )


def _doubtful(steps: Mapping[StepKey, StepProgress], number: int) -> StepKey | None:
    """The step that was in doubt: there are steps of an inverse only while the way back is being gone."""
    for direction in (Direction.INVERSE, Direction.FORWARD):
        step = steps.get((direction, number))
        if step is not None and step.in_doubt:
            return direction, number
    return None


def _key(event: Event) -> StepKey:
    return Direction(event.data["direction"]), event.data["step"]
