"""One check: a read and an expectation, judged as pass, fail, inconclusive or error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from operations.aws.outcome import Answer, GatewayError
from operations.aws.redaction import jsonable
from operations.plan.errors import ReferenceProblem
from operations.plan.expressions import ExpressionError, compile_expression, search
from operations.plan.references import Lookup, fill
from operations.plan.steps import ApiStep, Step
from state.events import Verdict

Read = Callable[[str, Mapping[str, Any]], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """The verdict of one check; `message` says what was seen when it is not a pass, `seconds` how long it took."""

    check: str
    verdict: Verdict
    expect: str | None
    message: str
    seconds: float


async def evaluate(step: Step, lookup: Lookup, read: Read) -> CheckOutcome:
    """Make a check. Whatever goes wrong is a verdict, not an exception: no data is never a pass."""
    if not isinstance(step, ApiStep):
        return CheckOutcome(step.title, Verdict.INCONCLUSIVE, None, "made by hand: see the operation", 0.0)
    try:
        params = fill(step.params, lookup)
        expect = fill(step.expect or step.until, lookup) if step.expect or step.until else None
    except ReferenceProblem as problem:
        return CheckOutcome(step.api, Verdict.INCONCLUSIVE, step.expect, problem.message, 0.0)
    try:
        answer = await read(step.api, params)
    except GatewayError as error:
        return CheckOutcome(step.api, Verdict.ERROR, expect, str(error), getattr(error, "seconds", 0.0))
    verdict, message = _judge(expect, jsonable(answer.response))
    return CheckOutcome(step.api, verdict, expect, message, round(answer.seconds, 4))


def _judge(expect: str | None, response: Any) -> tuple[Verdict, str]:
    if expect is None:
        return Verdict.PASS, "answered"
    try:
        found = search(expect, response)
    except ExpressionError as error:
        return Verdict.INCONCLUSIVE, str(error)
    if found is True:
        return Verdict.PASS, ""
    if found is False:
        return Verdict.FAIL, f"`{expect}` does not hold: {_seen(expect, response)}"
    return Verdict.INCONCLUSIVE, f"`{expect}` found {found!r}, neither true nor false"


def _seen(expect: str, response: Any) -> str:
    """What the left side of the first comparison of an expectation is in the answer, for the message."""
    node = compile_expression(expect).parsed
    while node["type"] in ("and_expression", "or_expression", "not_expression"):
        node = node["children"][0]
    if node["type"] != "comparator":
        return "see the answer"
    left = (
        expect.split("==", maxsplit=1)[0]
        .split("!=", maxsplit=1)[0]
        .split(">", maxsplit=1)[0]
        .split("<", maxsplit=1)[0]
        .strip()
    )
    try:
        value = search(left, response)
    except ExpressionError:
        return "see the answer"
    text = repr(value)
    return f"{left} is {text if len(text) <= 80 else text[:77] + '…'}"
