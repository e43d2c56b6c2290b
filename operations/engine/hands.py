"""What happens outside AWS: commands, HTTP checks and people. Each setting has its own hands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from operations.engine.commands import run_command
from operations.engine.errors import PersonNeededError
from operations.engine.web import get
from operations.plan.models import Operation
from operations.plan.registers import Constraint
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, Step, WaitStep

OutsideStep = CommandStep | HttpStep | ManualStep


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step as this setting carries it out; `stands_for` names the step whose stand-in it is."""

    step: Step
    stands_for: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who approved, and why: the journal's `approval.granted`."""

    role: str | None
    reason: str


class Hands(Protocol):
    """Acts outside AWS, or stands in for those who would."""

    def plan_steps(self, steps: Sequence[Step]) -> tuple[PlannedStep, ...]:
        """The steps as this setting carries them out."""
        ...

    def gap(self, operation: Operation) -> str | None:
        """Why this setting cannot carry the operation out, None when it can."""
        ...

    def approval(self, operation: Operation) -> Signature | None:
        """An approval that this setting gives by itself, None when people must."""
        ...

    def overlooks(self, constraint: Constraint) -> str | None:
        """Why a constraint that nobody has waived holds nothing up in this setting, None when it does."""
        ...

    async def perform(self, step: OutsideStep, *, attested: bool) -> Any:
        """Carry a step out and return its answer, as JSON where it is JSON.

        Raises:
            StepFailedError: it failed.
            EffectUnknownError: it was cut short, and what it did until then is not known.
            PersonNeededError: a person must attest first.
        """
        ...


class LiveHands:
    """Runs commands on this host, asks URLs, and waits for people."""

    def plan_steps(self, steps: Sequence[Step]) -> tuple[PlannedStep, ...]:
        """The steps as the plan has them."""
        return tuple(PlannedStep(step) for step in steps)

    def gap(self, operation: Operation) -> str | None:
        """Live, everything can be carried out."""
        del operation
        return None

    def approval(self, operation: Operation) -> Signature | None:
        """Live, people approve."""
        del operation
        return None

    def overlooks(self, constraint: Constraint) -> str | None:
        """Live, every constraint is meant."""
        del constraint
        return None

    async def perform(self, step: OutsideStep, *, attested: bool) -> Any:
        """Carry a step out; see Hands."""
        match step:
            case CommandStep():
                return await run_command(step)
            case HttpStep():
                return await asyncio.to_thread(get, step)
            case ManualStep() if not attested:
                raise PersonNeededError(f"{step.role or 'a person'}: {step.manual}; then `cutover approve`")
        return {"attested": True}


class StandIns:
    """Hands for a sandbox: every outside step is replaced by the AWS calls that stand in for it."""

    def plan_steps(self, steps: Sequence[Step]) -> tuple[PlannedStep, ...]:
        """The steps with stand-ins in place; an empty stand-in leaves the step as one that does nothing."""
        planned: list[PlannedStep] = []
        for step in steps:
            if isinstance(step, (ApiStep, WaitStep)):
                planned.append(PlannedStep(step))
            else:
                inner = [PlannedStep(call, stands_for=step.title) for call in step.stand_in or ()]
                planned.extend(inner or [PlannedStep(step, stands_for=step.title)])
        return tuple(planned)

    def gap(self, operation: Operation) -> str | None:
        """The plan's own word, or the first outside step that has no stand-in."""
        if operation.sandbox_gap:
            return operation.sandbox_gap
        for steps in operation.sections().values():
            for step in steps:
                if not isinstance(step, (ApiStep, WaitStep)) and step.stand_in is None:
                    return f"{step.title} has no stand-in"
        return None

    def approval(self, operation: Operation) -> Signature | None:
        """In a sandbox the first role of the plan's approval is taken to approve."""
        if operation.approval is None:
            return None
        return Signature(operation.approval.roles[0], "stand-in: nobody is asked in a sandbox")

    def overlooks(self, constraint: Constraint) -> str | None:
        """In a sandbox nothing is at stake: what is blocked can be rehearsed while others resolve the constraint."""
        return f"{constraint.id} would hold it up live; in a sandbox it is overlooked"

    async def perform(self, step: OutsideStep, *, attested: bool) -> Any:
        """Nothing is done; the journal says that it was stood in for."""
        del attested
        return {"stood_in": step.title}
