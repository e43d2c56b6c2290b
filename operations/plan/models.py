"""The plan as immutable models: phases, sub-phases, operations and what goes with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated

from pydantic import Field, PrivateAttr, model_validator

from operations.plan.provisions import CostScenario, Parameter, Route, SecretEntry, ServiceLimit
from operations.plan.registers import (
    Check,
    Constraint,
    Criterion,
    Gate,
    Group,
    Identifier,
    Metric,
    Percent,
    RaciRow,
    Role,
    Stage,
    Suppression,
    Window,
)
from operations.plan.steps import ApiStep, PlanModel, Step
from operations.plan.watching import Alarm, Dashboard, Layer, Trigger

Minutes = Annotated[float, Field(ge=0)]


class OperationKind(StrEnum):
    """What an operation works on."""

    INFRASTRUCTURE = "infrastructure"
    DATA = "data"
    COMPUTE = "compute"
    MESSAGING = "messaging"
    APPLICATION = "application"
    MONITORING = "monitoring"
    CONFIGURATION = "configuration"
    CUTOVER = "cutover"


class ConfirmLevel(StrEnum):
    """How an operation is confirmed: not at all, by a key, or by typing its id."""

    NONE = "none"
    REVERSIBLE = "reversible"
    IRREVERSIBLE = "irreversible"


class OnFailure(StrEnum):
    """What the runner does when an operation fails; holding is the default."""

    HOLD = "hold"
    RETRY = "retry"
    ROLL_BACK = "roll_back"
    CONTINUE = "continue"


class ClaimStatus(StrEnum):
    """What somebody says about a phase; never evidence."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    COMPLETE = "complete"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"


class Claim(PlanModel):
    """A status that was told, by whom, and how far in percent."""

    status: ClaimStatus = ClaimStatus.NOT_STARTED
    percent: Percent = 0
    by: str | None = None


class Bake(PlanModel):
    """How long an operation is watched before it counts as succeeded."""

    minutes: Annotated[float, Field(gt=0)]
    every_seconds: Annotated[float, Field(gt=0)] = 60


class Approval(PlanModel):
    """The roles that must approve before an operation starts."""

    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    timeout_minutes: Annotated[float, Field(gt=0)] = 60


class Operation(PlanModel):
    """One atomic, reversible unit of the migration; `estimate` is in minutes.

    `retains` says in words what the inverse leaves behind on purpose, `leaves` which resources of an inventory that are, as shell
    patterns of `service/type/id`. `triggers` names those of the plan's triggers that are armed while it bakes.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
    title: str
    kind: OperationKind
    role: str | None = None
    group: str | None = None
    depends_on: tuple[str, ...] = ()
    estimate: Minutes = 1
    checkpoint: tuple[Step, ...] = ()
    forward: Annotated[tuple[Step, ...], Field(min_length=1)]
    inverse: tuple[Step, ...] = ()
    irreversible: str | None = None
    loses: str = "nothing"
    retains: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    guard: tuple[Step, ...] = ()
    verify: tuple[Step, ...] = ()
    watch: tuple[Step, ...] = ()
    bake: Bake | None = None
    triggers: tuple[str, ...] = ()
    confirm: ConfirmLevel = ConfirmLevel.REVERSIBLE
    approval: Approval | None = None
    on_failure: OnFailure = OnFailure.HOLD
    point_of_no_return: bool = False
    sandbox_gap: str | None = None
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _carries_its_way_back(self) -> Operation:
        if bool(self.inverse) == bool(self.irreversible):
            raise ValueError(f"{self.id} needs either `inverse` steps or `irreversible: why`, and not both")
        if self.watch and not self.bake:
            raise ValueError(f"{self.id} has `watch` steps but no `bake` that says how long to watch")
        if self.triggers and not self.bake:
            raise ValueError(f"{self.id} has `triggers` but no `bake` that says how long they are armed")
        return self

    @model_validator(mode="after")
    def _replaces_verifications_only(self) -> Operation:
        for name, steps in self.sections().items():
            if name != "verify" and any(isinstance(step, ApiStep) and step.replaced_by for step in steps):
                raise ValueError(f"{self.id} has `replaced_by` in `{name}`; it is for steps of `verify`")
        return self

    @property
    def reversible(self) -> bool:
        """Whether there is a way back."""
        return bool(self.inverse)

    def sections(self) -> Mapping[str, tuple[Step, ...]]:
        """Every list of steps by its key in YAML, in the order in which they run."""
        return {
            "checkpoint": self.checkpoint,
            "forward": self.forward,
            "verify": self.verify,
            "watch": self.watch,
            "guard": self.guard,
            "inverse": self.inverse,
        }


class Claimed(PlanModel):
    """A phase or sub-phase: a claim, and `checks`, ids or shell patterns of checks and criteria that are evidence for it."""

    checks: tuple[str, ...] = ()
    _covered: tuple[str, ...] = PrivateAttr(())

    @property
    def covered(self) -> tuple[str, ...]:
        """The ids of the checks and criteria that are evidence for it, in the plan's order."""
        return self._covered

    def cover(self, ids: Iterable[str]) -> frozenset[str]:
        """Find once, when the plan is put together, which of all checks and criteria the patterns fit."""
        each = tuple(ids)
        found = {key for pattern in self.checks for key in each if fnmatchcase(key, pattern)} | self._inner(
            each
        )
        self._covered = tuple(key for key in each if key in found)
        return frozenset(found)

    def _inner(self, ids: Sequence[str]) -> frozenset[str]:
        """What belongs to parts of it."""
        del ids
        return frozenset()


class SubPhase(Claimed):
    """A part of a phase: operations, or documents with a claim about them."""

    id: Identifier
    title: str
    claim: Claim = Claim()
    deliverables: tuple[str, ...] = ()
    evidence: str | None = None
    note: str | None = None
    operations: tuple[Operation, ...] = ()


class Phase(Claimed):
    """A numbered stage of the migration; what is evidence for a sub-phase is evidence for it too."""

    id: Identifier
    title: str
    claim: Claim = Claim()
    note: str | None = None
    subphases: tuple[SubPhase, ...] = ()

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations of all sub-phases, in file order."""
        return tuple(operation for sub in self.subphases for operation in sub.operations)

    def _inner(self, ids: Sequence[str]) -> frozenset[str]:
        return frozenset(key for sub in self.subphases for key in sub.cover(ids))


class Input(PlanModel):
    """A figure that `${name}` refers to; a secret is read from the environment, never from the file."""

    value: str | int | float | bool | None = None
    description: str | None = None
    secret: bool = False
    from_env: str | None = None


class Limits(PlanModel):
    """Bounds on what runs at once and how often a service is called (calls per second)."""

    max_parallel: Annotated[int, Field(ge=1, le=64)] = 4
    calls_per_second: dict[str, Annotated[float, Field(gt=0)]] = {}


class Plan(PlanModel):
    """A whole plan. Account, region and alias are the only ones that it may touch."""

    plan: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
    title: str
    account: Annotated[str, Field(pattern=r"^\d{12}$")]
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    alias: str | None = None
    inputs: dict[str, Input] = {}
    limits: Limits = Limits()
    windows: tuple[Window, ...] = ()
    groups: tuple[Group, ...] = ()
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    constraints: tuple[Constraint, ...] = ()
    resolution: tuple[Stage, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    checks: tuple[Check, ...] = ()
    gate: tuple[Gate, ...] = ()
    metrics: tuple[Metric, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    dashboards: tuple[Dashboard, ...] = ()
    layers: tuple[Layer, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    service_limits: tuple[ServiceLimit, ...] = ()
    routes: tuple[Route, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    secrets: tuple[SecretEntry, ...] = ()
    costs: tuple[CostScenario, ...] = ()
    roles: tuple[Role, ...] = ()
    raci: tuple[RaciRow, ...] = ()
    suppress: tuple[Suppression, ...] = ()

    @model_validator(mode="after")
    def _covers(self) -> Plan:
        ids = [*(each.id for each in self.criteria), *(each.id for each in self.checks)]
        for phase in self.phases:
            phase.cover(ids)
        return self

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation by id, in file order."""
        return {operation.id: operation for operation in self._each_operation()}

    @cached_property
    def place(self) -> dict[str, tuple[Phase, SubPhase]]:
        """The phase and sub-phase of every operation, by operation id."""
        return {
            operation.id: (phase, sub)
            for phase in self.phases
            for sub in phase.subphases
            for operation in sub.operations
        }

    def _each_operation(self) -> Iterator[Operation]:
        for phase in self.phases:
            yield from phase.operations

    def in_phase(self, phase_id: str) -> tuple[str, ...]:
        """Ids of the operations of a phase or sub-phase, in file order; empty when there is no such phase."""
        return tuple(op for op, (phase, sub) in self.place.items() if phase_id in (phase.id, sub.id))
