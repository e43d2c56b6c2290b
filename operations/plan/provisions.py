"""What a plan provides for: service limits, routes of messages, parameters, secrets, costs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from operations.plan.registers import Identifier
from operations.plan.steps import PlanModel

Usd = Annotated[float, Field(ge=0)]


class LimitPer(StrEnum):
    """The time over which a rate is counted."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"


class ServiceLimit(PlanModel):
    """A quota of a service that the plan comes near: how much of `title`, over which time, and from where on to warn.

    `operations` are those that use it up; `unit` is what is counted where the title does not say.
    """

    service: str
    title: str
    value: Annotated[float, Field(gt=0)]
    unit: str | None = None
    per: LimitPer | None = None
    warn: Annotated[float, Field(gt=0)] | None = None
    operations: tuple[str, ...] = ()


class RouteTarget(StrEnum):
    """Where messages of a subject go."""

    EVENT_BUS = "event_bus"
    QUEUE = "queue"
    TABLE = "table"
    FUNCTION = "function"
    WEBSOCKET = "websocket"


class RouteSample(PlanModel):
    """A subject, and where a message on it must arrive: `name` of the target, and on a bus its `detail_type`.

    `rule` is the event rule that must pick it up from the bus.
    """

    subject: str
    name: str
    detail_type: str | None = None
    rule: str | None = None


class Route(PlanModel):
    """Messages on a NATS subject (`*` one token, `>` the rest) and their new way.

    In `name` and `detail_type` `{2}` is the subject's second token and `{3+}` the third and what follows, as words. `open` says why
    nobody carries such messages yet.
    """

    id: Identifier
    subject: Annotated[str, Field(min_length=1)]
    target: RouteTarget
    name: str
    source: str | None = None
    detail_type: str | None = None
    open: str | None = None
    samples: Annotated[tuple[RouteSample, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_what_an_event_needs(self) -> Route:
        if (self.target is RouteTarget.EVENT_BUS) != bool(self.source and self.detail_type):
            raise ValueError(f"{self.id}: `source` and `detail_type` belong to a route to an event bus")
        return self


class Parameter(PlanModel):
    """A setting in the Parameter Store: `values` by environment, `after` its value once the cut-over is done.

    `operation` writes it; without one the program's own default holds until somebody sets it.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]+(/[a-z0-9_-]+)+$")]
    values: dict[str, str] = {}
    after: str | None = None
    operation: str | None = None


class SecretEntry(PlanModel):
    """A secret by name, the keys in it and how often it is renewed, in days; never a value."""

    name: str
    keys: tuple[str, ...] = ()
    rotation_days: Annotated[int, Field(ge=1)] | None = None
    operation: str | None = None


class CostScenario(PlanModel):
    """What a month costs in USD at a size: `claimed` is what somebody said, `parts` are what it is made of, each from and to."""

    id: Identifier
    title: str
    workers: tuple[int, int] | None = None
    claimed: tuple[Usd, Usd] | None = None
    parts: dict[str, tuple[Usd, Usd]]

    @property
    def total(self) -> tuple[float, float]:
        """The parts added up, from and to."""
        return sum(low for low, _ in self.parts.values()), sum(high for _, high in self.parts.values())
