"""What a plan watches with: alarms, dashboards, layers of verification, and triggers of a rollback."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from operations.plan.registers import Identifier, Severity, Threshold
from operations.plan.steps import PlanModel

Seconds = Annotated[int, Field(ge=1)]


class MissingData(StrEnum):
    """What an alarm makes of a period without data; the values are CloudWatch's."""

    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"
    IGNORE = "ignore"
    MISSING = "missing"


class Alarm(PlanModel):
    """An alarm: it rings while `metric` (the id of one of the plan's) stands as `rings` says, `periods` times in a row.

    `expression` is the metric math over ids of metrics where a single metric does not do; `period` is in seconds. `operation` makes the
    alarm; without one it is planned and nobody makes it yet.
    """

    id: Identifier
    title: str
    metric: str
    expression: str | None = None
    rings: Threshold
    period: Seconds
    periods: Annotated[int, Field(ge=1)] = 1
    missing: MissingData = MissingData.NOT_BREACHING
    severity: Severity
    operation: str | None = None


class Dashboard(PlanModel):
    """A page of graphs: ids of the plan's metrics, and in words what else it shows; `period` is in seconds."""

    id: Identifier
    title: str
    metrics: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    period: Seconds
    operation: str | None = None


class Layer(PlanModel):
    """One layer of continuous verification: `checks` are shell patterns of ids of checks and criteria.

    Every `every_seconds` the quick look, every `full_every_seconds` all of it.
    """

    id: Identifier
    title: str
    checks: Annotated[tuple[str, ...], Field(min_length=1)]
    every_seconds: Seconds
    full_every_seconds: Seconds

    @model_validator(mode="after")
    def _looks_quickly_more_often(self) -> Layer:
        if self.full_every_seconds < self.every_seconds:
            raise ValueError(f"{self.id}: the full look comes no more often than the quick one")
        return self


class TriggerAction(StrEnum):
    """What a trigger asks for, mildest first.

    The runner goes back by itself for the last two, and holds for a person for the three before them.
    """

    ALERT = "alert"
    EVALUATE = "evaluate"
    RESTART = "restart"
    FAIL_OVER = "fail_over"
    SHIFT_TRAFFIC = "shift_traffic"
    ROLL_BACK = "roll_back"

    @property
    def goes_back(self) -> bool:
        """Whether it asks for the way back of operations."""
        return self in (TriggerAction.SHIFT_TRAFFIC, TriggerAction.ROLL_BACK)


class Trigger(PlanModel):
    """What makes people think of going back: a metric that crosses a bound, or a signal told in words.

    `rolls_back` names the operations, sub-phases or phases that the way back would begin with; `automatic` says that nobody
    needs to ask for it, `approval` that somebody has to agree all the same. `missing` is what a look without fresh data
    means: `missing` holds the operation for a person, and only `breaching` may fire.
    """

    id: Identifier
    title: str
    category: str
    metric: str | None = None
    rings: Threshold | None = None
    signal: str | None = None
    for_seconds: Annotated[int, Field(ge=0)] = 0
    missing: MissingData = MissingData.MISSING
    action: TriggerAction
    rolls_back: tuple[str, ...] = ()
    automatic: bool = False
    approval: bool = False
    severity: Severity

    @model_validator(mode="after")
    def _is_told_somehow(self) -> Trigger:
        if (self.metric is None) != (self.rings is None):
            raise ValueError(f"{self.id}: `metric` and `rings` go together")
        if self.metric is None and self.signal is None:
            raise ValueError(f"{self.id} needs a `metric` with `rings`, or a `signal`")
        return self

    @property
    def alone(self) -> bool:
        """Whether the runner goes back by itself when it fires."""
        return self.action.goes_back and self.automatic and not self.approval

    def samples_to_fire(self, every_seconds: float) -> int:
        """How many samples in a row, so far apart, must ring."""
        return max(1, math.ceil(self.for_seconds / every_seconds))
