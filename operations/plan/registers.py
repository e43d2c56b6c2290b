"""What a plan holds beside its operations: constraints, criteria, gate, metrics, roles, windows."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from operations.plan.steps import PlanModel, Step

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
Percent = Annotated[float, Field(ge=0, le=100)]


class Severity(StrEnum):
    """How bad a constraint is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ConstraintStatus(StrEnum):
    """Where the resolution of a constraint stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    MITIGATED = "mitigated"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"

    @property
    def word(self) -> str:
        """As people write it."""
        return self.value.replace("_", " ")

    @property
    def settled(self) -> bool:
        """Whether the constraint no longer stands in the way."""
        return self in {ConstraintStatus.MITIGATED, ConstraintStatus.ACCEPTED, ConstraintStatus.RESOLVED}


class Constraint(PlanModel):
    """Something that limits or blocks the migration, and what it blocks; `sources` are its entries in the registers that it was joined from."""

    id: Identifier
    title: str
    category: str
    severity: Severity
    status: ConstraintStatus = ConstraintStatus.OPEN
    owner: str | None = None
    role: str | None = None
    weeks: tuple[int, ...] = ()
    blocks: tuple[str, ...] = ()
    impact: str | None = None
    mitigation: tuple[str, ...] = ()
    progress: Percent = 0
    sources: tuple[str, ...] = ()


class Stage(PlanModel):
    """A part of the plan by which constraints are resolved: its `weeks` (from 1) and what is done in them."""

    id: Identifier
    title: str
    weeks: Annotated[tuple[int, ...], Field(min_length=1)]
    does: tuple[str, ...] = ()


class Criterion(PlanModel):
    """One test of the go/no-go decision."""

    id: Identifier
    title: str
    category: str
    weight: Annotated[float, Field(gt=0)] = 1
    check: Step


class Check(PlanModel):
    """One check of the verification library: what is read, and what must hold of it."""

    id: Identifier
    title: str
    category: str
    severity: Severity = Severity.MEDIUM
    check: Step


class Conditional(PlanModel):
    """The band of one category's score that makes a conditional go: `lower <= score < upper`; `conditions` are what it demands."""

    category: str
    lower: Annotated[Percent, Field(alias="from")]
    upper: Annotated[Percent, Field(alias="to")]
    conditions: tuple[str, ...] = ()


class Gate(PlanModel):
    """A go/no-go decision: thresholds per category and overall, in percent."""

    id: Identifier
    thresholds: dict[str, Percent]
    conditional: Conditional | None = None
    approvers: tuple[str, ...] = ()
    valid_hours: Annotated[float, Field(gt=0)] = 24


class Comparison(StrEnum):
    """How a value must stand to its threshold."""

    AT_MOST = "<="
    BELOW = "<"
    AT_LEAST = ">="
    ABOVE = ">"

    def holds(self, value: float, threshold: float) -> bool:
        """Whether `value` keeps the threshold."""
        return {
            Comparison.AT_MOST: value <= threshold,
            Comparison.BELOW: value < threshold,
            Comparison.AT_LEAST: value >= threshold,
            Comparison.ABOVE: value > threshold,
        }[self]


class Threshold(PlanModel):
    """The bound a metric must keep."""

    op: Comparison
    value: float


class Metric(PlanModel):
    """A CloudWatch metric worth watching; `period` is in seconds."""

    id: Identifier
    title: str
    namespace: str
    name: str
    dimensions: dict[str, str] = {}
    statistic: str = "Average"
    period: Annotated[int, Field(ge=1)] = 60
    unit: str | None = None
    threshold: Threshold | None = None
    show: bool = True
    normal: float | None = None


class Role(PlanModel):
    """Who does a kind of work, and who stands in."""

    id: Identifier
    title: str
    group: str | None = None
    backup: str | None = None


class Group(PlanModel):
    """Operations that may run side by side, as the planners see them; `planned` and `sequential` are minutes.

    `planned` is what the group is said to take when it runs as parallel as it may, `sequential` one after the other,
    `max_parallel` how many of its operations may run at once.
    """

    id: Identifier
    title: str
    planned: Annotated[float, Field(ge=0)] | None = None
    sequential: Annotated[float, Field(ge=0)] | None = None
    max_parallel: Annotated[int, Field(ge=1)] | None = None


class RaciRow(PlanModel):
    """Who is responsible, accountable, consulted and informed for a task."""

    task: str
    operations: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    accountable: str
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()


class Window(PlanModel):
    """A change window, times of day in UTC as `HH:MM`; `days` are `mon` to `sun`, none means every day."""

    id: Identifier
    title: str
    opens: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]
    closes: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]
    days: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()


class Suppression(PlanModel):
    """A finding of `cutover check` that is known and accepted until a day (UTC, that day included).

    `rule` is the rule's id; `where` narrows it to one operation, phase, register entry or file, named by its id or file name.
    """

    rule: Annotated[str, Field(min_length=1)]
    where: str | None = None
    reason: Annotated[str, Field(min_length=1)]
    until: date
