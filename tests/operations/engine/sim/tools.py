"""Hands of a simulated world: commands that make things, people who look at lights."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from operations.engine.errors import EffectUnknownError, PersonNeededError, StepFailedError
from operations.engine.hands import OutsideStep, PlannedStep, Signature
from operations.plan.models import Operation
from operations.plan.registers import Constraint
from operations.plan.steps import CommandStep, ManualStep, Step
from tests.operations.engine.sim.aws import Effect, SimAws
from tests.operations.engine.sim.faults import Fault


class SimHands:
    """A command `tool make X` or `tool unmake X` has its effect in the fake's own state."""

    def __init__(self, aws: SimAws) -> None:
        self._aws = aws

    def plan_steps(self, steps: Sequence[Step]) -> tuple[PlannedStep, ...]:
        return tuple(PlannedStep(step) for step in steps)

    def gap(self, operation: Operation) -> str | None:
        return operation.sandbox_gap

    def approval(self, operation: Operation) -> Signature | None:
        return None

    def overlooks(self, constraint: Constraint) -> str | None:
        return None

    async def perform(self, step: OutsideStep, *, attested: bool) -> Any:
        self._aws.alive()
        if isinstance(step, ManualStep) and not attested:
            raise PersonNeededError(f"a person: {step.manual}")
        if not isinstance(step, CommandStep):
            return {"attested": True}
        fault = self._aws.weather.fault("tool", read=False)
        await asyncio.sleep(self._aws.chance.uniform(0.01, 1.0))
        self._aws.alive()
        if fault is None or fault.has_effect:
            self._act(step.command[1], step.command[2])
        if fault is not None and fault.crashes:
            self._aws.die()
        return self._tell(step, fault)

    def _act(self, verb: str, thing: str) -> None:
        made = self._aws.services.state.made_by_tools
        made[thing] = made.get(thing, 0) + 1 if verb == "make" else 0
        self._aws.history.append(Effect(self._aws.clock.now, None, f"tool {verb}", verb, thing))

    def _tell(self, step: CommandStep, fault: Fault | None) -> Any:
        if fault in (Fault.ERROR_AFTER, Fault.BUSY_AFTER, Fault.RESET_AFTER, Fault.REPLY_LOST, Fault.LOST):
            raise EffectUnknownError(f"{step.title} was cut short")
        if fault is not None:
            raise StepFailedError(step.title, "exit code 1", "1")
        return {"ok": True}
