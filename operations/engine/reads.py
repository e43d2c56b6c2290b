"""Reads as the engine makes them: retried where that is safe, repeated until something holds, or as a waiter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from operations.aws.breaker import CircuitOpenError
from operations.aws.model.types import WaiterVerdict
from operations.aws.outcome import Answer, CallFailedError
from operations.aws.redaction import jsonable
from operations.engine.context import RunContext
from operations.engine.errors import StepFailedError
from operations.engine.pace import polls
from operations.engine.parking import parked_read
from operations.plan.expressions import ExpressionError, search
from operations.plan.steps import ApiStep, WaitStep

READ_ATTEMPTS = 4
FIRST_PAUSE = 0.5
"""Plan seconds before the second attempt at a read; each further pause is twice as long."""


async def read(context: RunContext, api: str, params: Mapping[str, Any]) -> Answer:
    """One read, asked again where the failure may pass.

    Raises:
        CallFailedError: it failed for good, or too often.
    """
    for attempt in range(1, READ_ATTEMPTS + 1):
        try:
            return await parked_read(context, api, params)
        except CallFailedError as error:
            if not error.retryable or attempt == READ_ATTEMPTS:
                raise
        await context.pace.sleep(FIRST_PAUSE * 2 ** (attempt - 1) * (1 + context.chance.random()))
    raise AssertionError("unreachable")


async def read_until(
    context: RunContext, step: ApiStep, params: Mapping[str, Any], until: str | None
) -> tuple[Answer, int]:
    """Repeat a read until it holds; the answer and how often it was asked.

    Raises:
        StepFailedError: it did not hold within the step's time.
        CallFailedError: it failed for good.
    """
    allowed = polls(step.timeout_seconds, step.every_seconds)
    seen = ""
    for count in range(1, allowed + 1):
        try:
            answer = await read(context, step.api, params)
        except CallFailedError as error:
            if step.until_error is not None and error.code == step.until_error:
                return Answer({}, None, error.seconds), count
            raise
        if until is None or _holds(until, answer):
            return answer, count
        seen = f"after {count} answers"
        if count < allowed:
            await context.pace.sleep(step.every_seconds)
    raise StepFailedError(step.title, f"`{until}` did not hold within {step.timeout_seconds:.0f} s, {seen}")


def _holds(until: str, answer: Answer) -> bool:
    try:
        return search(until, jsonable(answer.response)) is True
    except ExpressionError:
        return False


async def wait(context: RunContext, step: WaitStep, params: Mapping[str, Any]) -> int:
    """Poll as a botocore waiter would, through our own gateway; how often was asked.

    Raises:
        StepFailedError: the waiter's failure state was met, or its time ran out.
        CallFailedError: a call failed in a way that the waiter does not know.
    """
    from operations.aws.model.waiters import WaiterJudge

    spec = context.gateway.catalog.waiter_operation(step.wait)
    every = step.every_seconds or spec.delay_seconds
    allowed = polls(step.timeout_seconds, every) if step.timeout_seconds else spec.max_attempts
    judge = WaiterJudge(spec)
    for count in range(1, allowed + 1):
        judgement = judge.judge(**await _ask(context, spec.api, params))
        if judgement.verdict is WaiterVerdict.SUCCESS:
            return count
        if judgement.verdict is WaiterVerdict.FAILURE:
            raise StepFailedError(step.title, judgement.reason)
        if count < allowed:
            await context.pace.sleep(every)
    raise StepFailedError(step.title, f"not reached after {allowed} answers, {every:.0f} s apart")


async def _ask(context: RunContext, api: str, params: Mapping[str, Any]) -> dict[str, Any]:
    try:
        answer = await read(context, api, params)
    except CircuitOpenError:
        raise
    except CallFailedError as error:
        if error.retryable:
            raise
        return {"error": error.code}
    return {"response": answer.response}
