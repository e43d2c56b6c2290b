"""Checks are judged in four words, and no data is never a pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from operations.aws.outcome import Answer, CallFailedError, Certainty
from operations.checks.again import asking_again
from operations.checks.evaluate import CheckOutcome, evaluate
from operations.engine.errors import StepFailedError
from operations.engine.hands import LiveHands, StandIns
from operations.engine.outside import HandsOutside
from operations.plan.errors import ReferenceProblem
from operations.plan.references import Reference
from operations.plan.steps import ApiStep, HttpStep, ManualStep, Step, WaitStep
from state.events import Verdict


async def check(
    expect: str | None, response: Mapping[str, Any] | Exception, step: Step | None = None
) -> CheckOutcome:
    """Make one check against a made-up answer."""

    async def read(api: str, params: Mapping[str, Any]) -> Answer:
        if isinstance(response, Exception):
            raise response
        return Answer(response, "r1", 0.25)

    def lookup(reference: Reference) -> str:
        if reference.name == "unknown":
            raise ReferenceProblem("nobody saved it")
        return "vpc-1"

    return await evaluate(
        step or ApiStep(api="ec2:DescribeVpcs", params={}, expect=expect),
        lookup,
        read,
        mask=lambda value: value,
    )


@pytest.mark.parametrize(
    ("expect", "verdict"),
    [
        ("Vpcs[0].State == 'available'", Verdict.PASS),
        ("Vpcs[0].State == 'pending'", Verdict.FAIL),
        ("Vpcs[0].VpcId == '${id}'", Verdict.PASS),
        ("Vpcs[0].Nothing", Verdict.INCONCLUSIVE),
        ("length(Nothing) == `0`", Verdict.INCONCLUSIVE),
        ("Vpcs[0].VpcId == '${unknown}'", Verdict.INCONCLUSIVE),
        (None, Verdict.PASS),
    ],
)
async def test_verdicts(expect: str | None, verdict: Verdict) -> None:
    outcome = await check(expect, {"Vpcs": [{"VpcId": "vpc-1", "State": "available"}]})
    assert outcome.verdict is verdict
    assert outcome.message or verdict is Verdict.PASS


async def test_a_failure_says_what_was_seen() -> None:
    outcome = await check("Vpcs[0].State == 'pending'", {"Vpcs": [{"State": "available"}]})
    assert "Vpcs[0].State is 'available'" in outcome.message


async def test_a_call_that_fails_is_an_error_not_a_fail() -> None:
    denied = CallFailedError("AccessDenied", "no", Certainty.NOT_APPLIED, False, 0.1)
    outcome = await check("Vpcs", denied)
    assert outcome.verdict is Verdict.ERROR
    assert "AccessDenied" in outcome.message


async def test_what_a_person_checks_is_inconclusive_here() -> None:
    outcome = await check(None, {}, ManualStep(manual="look at the lights"))
    assert outcome.verdict is Verdict.INCONCLUSIVE


READY = ApiStep(api="ec2:DescribeVpcs", params={}, expect="Vpcs[0].State == 'available'")
GONE = ApiStep(api="ec2:DescribeVpcs", params={}, expect="length(Vpcs) == `0`")
OPEN = ApiStep(api="ec2:DescribeVpcs", params={}, expect="Vpcs[0].Nothing")
UP: dict[str, Any] = {"Vpcs": [{"VpcId": "vpc-1", "State": "available"}]}


async def outside(step: Any, hands: Any, response: Any = UP) -> CheckOutcome:
    """Make one check with the hands of a setting."""

    async def read(api: str, params: Mapping[str, Any]) -> Answer:
        return Answer(response, "r1", 0.25)

    return await evaluate(step, lambda reference: "host", read, HandsOutside(hands), mask=lambda value: value)


@pytest.mark.parametrize(
    ("stand_in", "verdict"),
    [
        ((READY,), Verdict.PASS),
        ((READY, GONE), Verdict.FAIL),
        ((READY, OPEN), Verdict.INCONCLUSIVE),
        ((READY, WaitStep(wait="ec2:vpc_available")), Verdict.INCONCLUSIVE),
        ((), Verdict.INCONCLUSIVE),
    ],
)
async def test_in_a_sandbox_all_that_stands_in_must_hold(stand_in: Any, verdict: Verdict) -> None:
    step = ManualStep(manual="look at the lights", stand_in=stand_in)
    outcome = await outside(step, StandIns())
    assert outcome.verdict is verdict
    assert outcome.stands_for == outcome.check == "by hand: look at the lights"
    assert outcome.by_hand == (not stand_in)
    assert outcome.message or verdict is Verdict.PASS


async def test_live_nothing_stands_in_for_a_person() -> None:
    outcome = await outside(ManualStep(manual="look", stand_in=(READY,)), LiveHands())
    assert (outcome.verdict, outcome.stands_for, outcome.by_hand) == (Verdict.INCONCLUSIVE, None, True)


@pytest.mark.parametrize(
    ("status", "expect", "verdict"),
    [
        (200, "up == `true`", Verdict.PASS),
        (200, "up == `false`", Verdict.FAIL),
        (200, "nothing", Verdict.INCONCLUSIVE),
        (404, None, Verdict.FAIL),
        (0, None, Verdict.ERROR),
    ],
)
async def test_live_a_url_is_asked(status: int, expect: str | None, verdict: Verdict) -> None:
    class Web(LiveHands):
        async def perform(self, step: Any, *, attested: bool) -> Any:
            assert step.http == "https://host/up"
            if status != 200:
                raise StepFailedError(step.title, "no", str(status) if status else None)
            return {"up": True}

    step = HttpStep(http="https://${domain}/up", expect=expect, stand_in=(GONE,))
    outcome = await outside(step, Web())
    assert (outcome.verdict, outcome.stands_for) == (verdict, None)


async def test_reads_are_asked_again_where_the_failure_may_pass() -> None:
    asked, slept = [], []

    async def read(api: str, params: Mapping[str, Any]) -> Answer:
        asked.append(api)
        if len(asked) < 3:
            raise CallFailedError("Throttling", "slow down", Certainty.NOT_APPLIED, len(asked) < 3)
        return Answer(UP, "r1", 0.1)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    again = asking_again(read, sleep)
    assert (await again("ec2:DescribeVpcs", {})).response == UP
    assert slept == [0.5, 1.0]

    async def denied(api: str, params: Mapping[str, Any]) -> Answer:
        raise CallFailedError("AccessDenied", "no", Certainty.NOT_APPLIED, False)

    with pytest.raises(CallFailedError):
        await asking_again(denied, sleep)("ec2:DescribeVpcs", {})
    assert len(slept) == 2
