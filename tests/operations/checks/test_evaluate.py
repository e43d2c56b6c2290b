"""Checks are judged in four words, and no data is never a pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from operations.aws.outcome import Answer, CallFailedError, Certainty
from operations.checks.evaluate import CheckOutcome, evaluate
from operations.plan.errors import ReferenceProblem
from operations.plan.references import Reference
from operations.plan.steps import ApiStep, ManualStep, Step
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

    return await evaluate(step or ApiStep(api="ec2:DescribeVpcs", params={}, expect=expect), lookup, read)


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
