"""The checks around an operation: checkpoint before, verification and bake after, guards before the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from operations.aws.outcome import Answer, GatewayError
from operations.aws.redaction import jsonable
from operations.checks.evaluate import CheckOutcome, evaluate
from operations.engine.context import RunContext
from operations.engine.errors import PersonNeededError, StepFailedError, WatchFiredError
from operations.engine.filling import fill_step
from operations.engine.outside import HandsOutside
from operations.engine.pace import polls
from operations.engine.reads import read
from operations.engine.steps import StepRunner
from operations.engine.triggers import BLIND_SAMPLES, Triggers
from operations.plan.expressions import ExpressionError
from operations.plan.models import Operation
from operations.plan.steps import ApiStep, Step
from state.events import CheckStage, Verdict
from state.operation_events import (
    GuardResult,
    OperationCheckpoint,
    TriggerArmed,
    TriggerDisarmed,
    TriggerFired,
    TriggerSample,
)

VERIFY_TRIES = 6
VERIFY_PAUSE = 5.0
"""Plan seconds between tries: AWS answers reads from before a change for a while after it."""


class Checker:
    """Makes and journals the checks of one run's operations."""

    def __init__(self, context: RunContext, steps: StepRunner) -> None:
        self._context = context
        self._steps = steps

    async def checkpoint(self, operation: Operation) -> None:
        """Read what is there before anything changes, and journal it.

        Raises:
            StepFailedError: it cannot be read, so there is nothing to go back to.
        """
        evidence: dict[str, Any] = {}
        for step in operation.checkpoint:
            if not isinstance(step, ApiStep):
                continue
            filled = fill_step(step, self._context, operation.id)
            assert isinstance(filled, ApiStep)  # noqa: S101 - fill_step keeps the form
            try:
                answer = await self._read(filled.api, filled.params)
            except GatewayError as error:
                raise StepFailedError(
                    f"checkpoint {step.api}", str(error), getattr(error, "code", None)
                ) from error
            try:
                evidence |= self._steps.save(operation.id, step, jsonable(answer.response))
            except ExpressionError as error:
                raise StepFailedError(f"checkpoint {step.api}", str(error)) from error
        self._context.record(OperationCheckpoint(evidence=evidence), operation.id)

    async def verify(self, operation: Operation) -> None:
        """Make every verification, each again for a while until it passes.

        Raises:
            StepFailedError: one did not pass.
        """
        for step in operation.verify:
            for attempt in range(1, VERIFY_TRIES + 1):
                outcome = await self._evaluate(operation, step)
                if outcome.verdict is Verdict.PASS or attempt == VERIFY_TRIES:
                    break
                await self._context.pace.sleep(VERIFY_PAUSE)
            self._context.record(outcome.result(CheckStage.VERIFY), operation.id)
            if outcome.verdict is not Verdict.PASS:
                raise StepFailedError(f"verify {outcome.check}", f"{outcome.verdict}: {outcome.message}")

    async def look(self, operation: Operation) -> tuple[CheckOutcome, ...]:
        """Make every verification once, whatever it says."""
        outcomes = [await self._evaluate(operation, step) for step in operation.verify]
        for outcome in outcomes:
            self._context.record(outcome.result(CheckStage.PROBE), operation.id)
        return tuple(outcomes)

    async def prove(self, operation: Operation) -> None:
        """See that the operation's triggers could fire.

        Raises:
            PersonNeededError: one could not, or rings already.
        """
        await Triggers(self._context, operation).prove()

    async def bake(self, operation: Operation) -> None:
        """Watch the operation for its bake time.

        Raises:
            WatchFiredError: a watch did not hold.
            TriggerFiredError: a trigger fired that has operations undone.
            PersonNeededError: a trigger fired that asks for a person, or there was nothing to see.
        """
        if operation.bake is None:
            return
        bake = operation.bake
        titles = tuple(step.title for step in operation.watch)
        triggers = Triggers(self._context, operation)
        armed = TriggerArmed(
            watches=titles, minutes=bake.minutes, every_seconds=bake.every_seconds, triggers=triggers.ids
        )
        self._context.record(armed, operation.id)
        blind = [0] * len(operation.watch)
        for _ in range(polls(bake.minutes * 60, bake.every_seconds)):
            await self._context.pace.sleep(bake.every_seconds)
            for number, step in enumerate(operation.watch):
                seen = await self._watch(operation, step)
                blind[number] = 0 if seen else blind[number] + 1
                if blind[number] >= BLIND_SAMPLES:
                    raise PersonNeededError(f"watch {step.title} told nothing {blind[number]} times in a row")
            await triggers.sample()
        triggers.close()
        for number, step in enumerate(operation.watch):
            if blind[number]:
                raise PersonNeededError(f"watch {step.title} told nothing at the end of the bake")
        self._context.record(TriggerDisarmed(why=f"baked for {bake.minutes:g} min"), operation.id)

    async def _watch(self, operation: Operation, step: Step) -> bool:
        """One reading of a watch; whether it told anything. What is not read by calls is not judged here."""
        outcome = await self._evaluate(operation, step)
        self._context.record(outcome.result(CheckStage.WATCH, TriggerSample), operation.id)
        if outcome.verdict is Verdict.FAIL:
            self._context.record(TriggerFired(check=outcome.check, message=outcome.message), operation.id)
            raise WatchFiredError(outcome.check, outcome.message)
        return outcome.verdict is Verdict.PASS or not isinstance(step, ApiStep)

    async def guard(self, operation: Operation) -> None:
        """Make every guard before the way back.

        Raises:
            PersonNeededError: one does not hold; going back now would do harm.
        """
        for step in operation.guard:
            outcome = await self._evaluate(operation, step)
            self._context.record(outcome.result(CheckStage.GUARD, GuardResult), operation.id)
            if outcome.verdict is not Verdict.PASS:
                raise PersonNeededError(f"guard {outcome.check}: {outcome.verdict}: {outcome.message}")

    async def _evaluate(self, operation: Operation, step: Step) -> CheckOutcome:
        outside = HandsOutside(self._context.hands)
        scope, mask = self._context.values.scope(operation.id), self._context.gateway.redactor.redact_value
        return await evaluate(step, scope, self._read, outside, mask=mask)

    async def _read(self, api: str, params: Mapping[str, Any]) -> Answer:
        return await read(self._context, api, params)
