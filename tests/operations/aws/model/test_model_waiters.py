"""Waiters as data, and the judge of their answers."""

from __future__ import annotations

from typing import Any

import pytest

from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.types import UnknownApiError, WaiterVerdict
from operations.aws.model.waiters import WaiterJudge

CATALOG = ApiCatalog()


def judged(name: str, **answer: Any) -> WaiterVerdict:
    return WaiterJudge(CATALOG.waiter_operation(name)).judge(**answer).verdict


def test_a_waiter_says_what_it_polls_and_how_often() -> None:
    spec = CATALOG.waiter_operation("ec2:nat_gateway_available")
    assert (spec.api, spec.delay_seconds, spec.max_attempts) == ("ec2:DescribeNatGateways", 15.0, 40)


def test_an_unknown_waiter_is_refused_with_the_nearest_name() -> None:
    assert not CATALOG.waiter_exists("ec2:vpc_availabel")
    assert not CATALOG.waiter_exists("nothing:at_all")
    with pytest.raises(UnknownApiError, match="did you mean ec2:vpc_available"):
        CATALOG.waiter_operation("ec2:vpc_availabel")


@pytest.mark.parametrize(
    ("states", "verdict"),
    [
        (["available", "available"], WaiterVerdict.SUCCESS),
        (["available", "pending"], WaiterVerdict.RETRY),
        (["available", "failed"], WaiterVerdict.FAILURE),
        ([], WaiterVerdict.RETRY),  # "all of nothing" is not yet success
    ],
)
def test_all_and_any_of_a_list(states: list[str], verdict: WaiterVerdict) -> None:
    response = {"NatGateways": [{"State": state} for state in states]}
    assert judged("ec2:nat_gateway_available", response=response) is verdict


def test_a_named_error_is_judged_and_any_other_is_a_failure() -> None:
    waiter = "dynamodb:table_not_exists"
    assert judged(waiter, error="ResourceNotFoundException") is WaiterVerdict.SUCCESS
    assert judged(waiter, error="AccessDeniedException") is WaiterVerdict.FAILURE
    assert judged(waiter, response={"Table": {"TableStatus": "DELETING"}}) is WaiterVerdict.RETRY


def test_http_status_decides_where_the_waiter_looks_at_it() -> None:
    assert (
        judged("s3:bucket_exists", response={"ResponseMetadata": {"HTTPStatusCode": 200}})
        is WaiterVerdict.SUCCESS
    )
    assert judged("s3:bucket_exists", error="404", status=404) is WaiterVerdict.RETRY
    assert judged("s3:bucket_not_exists", error="404", status=404) is WaiterVerdict.SUCCESS


def test_the_verdicts_are_botocores_own() -> None:
    """The first acceptor that matches decides, for each of a waiter's acceptors in turn."""
    from botocore.waiter import AcceptorConfig

    raw = CATALOG._library.waiters("rds")["db_instance_available"]["acceptors"]
    judge = WaiterJudge(CATALOG.waiter_operation("rds:db_instance_available"))
    for status in ("available", "creating", "deleting", "failed", "incompatible-restore", "whatever"):
        response = {"DBInstances": [{"DBInstanceStatus": status}]}
        theirs = next((a["state"] for a in raw if AcceptorConfig(a).matcher_func(response)), "retry")
        assert judge.judge(response).verdict.value == theirs


def test_an_answer_that_leaves_out_what_a_waiter_counts_is_no_verdict() -> None:
    assert judged("ecs:services_stable", response={}) is WaiterVerdict.RETRY
