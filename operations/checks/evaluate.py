"""One check: a read and an expectation, judged as pass, fail, inconclusive or error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from operations.aws.outcome import Answer, GatewayError
from operations.aws.redaction import jsonable
from operations.checks.outside import NotAskedError, OtherAnswerError, Outside
from operations.plan.errors import ReferenceProblem
from operations.plan.expressions import ExpressionError, compile_expression, search
from operations.plan.references import Lookup, fill, fill_arguments
from operations.plan.steps import ApiStep, CommandStep, HttpStep, Step, WaitStep
from state.events import CheckStage, Verdict
from state.operation_events import CheckResult

Read = Callable[[str, Mapping[str, Any]], Awaitable[Answer]]
Mask = Callable[[object], object]
"""Takes secrets out of a value before a part of it is shown: a secret that is cut short is not known any more."""
WORST_FIRST = (Verdict.ERROR, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS)


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """The verdict of one check; `message` says what was seen when it is not a pass, `seconds` how long it took.

    `stands_for` is the step in whose place the setting made it; `by_hand` says that only a person can make it here.
    """

    check: str
    verdict: Verdict
    expect: str | None
    message: str
    seconds: float
    stands_for: str | None = None
    by_hand: bool = False

    def result(
        self, stage: CheckStage, kind: type[CheckResult] = CheckResult, check: str | None = None
    ) -> CheckResult:
        """The verdict as the journal has it, with secrets still in it; `check` is its name where that is another."""
        return kind(
            stage=stage,
            check=self.check if check is None else check,
            verdict=self.verdict,
            expect=self.expect,
            message=self.message,
            seconds=self.seconds,
            stands_for=self.stands_for,
        )


async def evaluate(
    step: Step, lookup: Lookup, read: Read, outside: Outside | None = None, *, mask: Mask
) -> CheckOutcome:
    """Make a check. Whatever goes wrong is a verdict, not an exception: no data is never a pass.

    Args:
        step: the check.
        lookup: finds what references stand for.
        read: makes a call that only reads.
        outside: what the setting does about checks outside AWS; None: nothing.
        mask: takes secrets out of what a message shows of an answer.
    """
    if isinstance(step, ApiStep):
        return await _call(step, lookup, read, mask)
    if isinstance(step, WaitStep):
        return _not_made(step.title, "a waiter is no check: write the read that it polls, with `expect`")
    calls = outside.instead(step) if outside is not None else None
    if calls is not None:
        return await _stand_in(step, calls, lookup, read, mask)
    if isinstance(step, (HttpStep, CommandStep)) and outside is not None:
        return await _asked(step, lookup, outside, mask)
    return replace(_not_made(step.title, "not made: a person has to look, and attest it"), by_hand=True)


def _not_made(check: str, why: str) -> CheckOutcome:
    return CheckOutcome(check, Verdict.INCONCLUSIVE, None, why, 0.0)


async def _call(step: ApiStep, lookup: Lookup, read: Read, mask: Mask) -> CheckOutcome:
    try:
        params = fill(step.params, lookup)
        expect = fill(step.expect or step.until, lookup) if step.expect or step.until else None
    except ReferenceProblem as problem:
        return CheckOutcome(step.api, Verdict.INCONCLUSIVE, step.expect, problem.message, 0.0)
    try:
        answer = await read(step.api, params)
    except GatewayError as error:
        return CheckOutcome(step.api, Verdict.ERROR, expect, str(error), getattr(error, "seconds", 0.0))
    verdict, message = _judge(expect, jsonable(answer.response), mask)
    return CheckOutcome(step.api, verdict, expect, message, round(answer.seconds, 4))


async def _stand_in(
    step: Step, calls: Sequence[Step], lookup: Lookup, read: Read, mask: Mask
) -> CheckOutcome:
    """All that stands in for a step must hold; the worst of it is the verdict. Where nothing does, nobody knows."""
    made = [await evaluate(call, lookup, read, mask=mask) for call in calls]
    if not made:
        nothing = _not_made(step.title, "nothing here stands in for it: a person has to look, and attest it")
        return replace(nothing, stands_for=step.title, by_hand=True)
    worst = min(made, key=lambda each: WORST_FIRST.index(each.verdict))
    expects = [each.expect for each in made if each.expect is not None]
    return CheckOutcome(
        step.title,
        worst.verdict,
        " and ".join(expects) or None,
        f"{worst.check}: {worst.message}" if worst.message else "",
        round(sum(each.seconds for each in made), 4),
        stands_for=step.title,
    )


async def _asked(step: HttpStep | CommandStep, lookup: Lookup, outside: Outside, mask: Mask) -> CheckOutcome:
    wanted = step.expect if isinstance(step, HttpStep) else None
    filled: HttpStep | CommandStep
    try:
        if isinstance(step, HttpStep):
            filled = step.model_copy(update={"http": str(fill(step.http, lookup))})
        else:
            filled = step.model_copy(update={"command": fill_arguments(step.command, lookup)})
        expect = fill(wanted, lookup) if wanted else None
    except ReferenceProblem as problem:
        return CheckOutcome(step.title, Verdict.INCONCLUSIVE, wanted, problem.message, 0.0)
    clock = asyncio.get_running_loop().time
    began = clock()
    try:
        verdict, message = _judge(expect, await outside.ask(filled), mask)
    except NotAskedError as error:
        verdict, message = Verdict.ERROR, str(error)
    except OtherAnswerError as error:
        verdict, message = Verdict.FAIL, str(error)
    return CheckOutcome(step.title, verdict, expect, message, round(clock() - began, 4))


def _judge(expect: str | None, response: Any, mask: Mask) -> tuple[Verdict, str]:
    if expect is None:
        return Verdict.PASS, "answered"
    try:
        found = search(expect, response)
    except ExpressionError as error:
        return Verdict.INCONCLUSIVE, str(error)
    if found is True:
        return Verdict.PASS, ""
    if found is False:
        return Verdict.FAIL, f"`{expect}` does not hold: {_seen(expect, response, mask)}"
    return Verdict.INCONCLUSIVE, f"`{expect}` found {mask(found)!r}, neither true nor false"


def _seen(expect: str, response: Any, mask: Mask) -> str:
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
    text = repr(mask(value))
    return f"{left} is {text if len(text) <= 80 else text[:77] + '…'}"
