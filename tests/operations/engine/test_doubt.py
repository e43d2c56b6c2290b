"""Steps whose effect nobody saw: lost replies, lost requests, runners that die."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from operations.engine.lookups import LONGEST_LAG
from state.events import RunResult
from state.projections.states import OperationState
from tests.operations.engine.conftest import Bench
from tests.operations.engine.fake_aws import CrashError
from tests.operations.engine.plans import NETWORK, parameter

MakeBench = Callable[[str], Bench]

MESSAGE = """
- id: message
  title: Tell somebody
  kind: messaging
  forward:
    - {api: "sns:Publish", params: {TopicArn: "arn:aws:sns:us-east-1:123456789012:t", Message: hello}}
  inverse:
    - {api: "sns:Publish", params: {TopicArn: "arn:aws:sns:us-east-1:123456789012:t", Message: never mind}}
"""


def test_a_lost_reply_is_found_by_a_probe_and_nothing_is_made_twice(bench: MakeBench) -> None:
    on = bench(NETWORK)
    on.aws.faults["create_vpc"] = ["reply lost"]
    assert on.run() is RunResult.SUCCEEDED
    assert on.aws.count("create_vpc") == 1
    assert len(on.aws.networks) == 1
    resolved = on.events("operation.resolved")[0]
    assert resolved.data["result"] == "applied"
    assert on.status().of("network").saved["vpc_id"] in on.aws.networks


def test_a_lost_request_needs_agreeing_reads_beyond_every_lag_before_the_call_goes_out_again(
    bench: MakeBench,
) -> None:
    on = bench(NETWORK)
    on.aws.faults["create_vpc"] = ["request lost"]
    assert on.run() is RunResult.SUCCEEDED
    assert on.aws.count("create_vpc") == 2
    assert len(on.aws.networks) == 1
    evidence = on.events("operation.resolved")[0].data["evidence"]
    assert evidence["reads"] >= 3
    assert evidence["seconds"] > LONGEST_LAG
    assert evidence["before"] == "absent"


def test_what_cannot_be_probed_or_repeated_waits_for_a_person(bench: MakeBench) -> None:
    on = bench(MESSAGE)
    on.aws.faults["publish"] = ["reply lost"]
    assert on.run() is RunResult.IN_DOUBT
    assert on.state("message") is OperationState.IN_DOUBT
    assert on.aws.count("publish") == 1
    assert on.resume() is RunResult.IN_DOUBT
    assert on.aws.count("publish") == 1


@pytest.mark.parametrize(("fault", "calls"), [("crash before", 2), ("crash after", 1)])
def test_a_runner_that_dies_in_a_call_is_taken_over_and_nothing_is_made_twice(
    bench: MakeBench, fault: str, calls: int
) -> None:
    on = bench(NETWORK + parameter("after", "network"))
    on.aws.faults["create_vpc"] = [fault]
    with pytest.raises(CrashError):
        on.run()
    assert on.status().run is not None
    assert on.status().run.state.open
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.count("create_vpc") == calls
    assert len(on.aws.networks) == 1
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.networks == {}


@pytest.mark.parametrize("fault", ["crash before", "crash after"])
def test_a_call_that_may_be_repeated_is(bench: MakeBench, fault: str) -> None:
    on = bench(parameter("a") + parameter("b", "a"))
    on.aws.faults["put_parameter"] = [fault]
    with pytest.raises(CrashError):
        on.run()
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.parameters == {"/a": "1", "/b": "1"}


@pytest.mark.parametrize("fault", ["crash before", "crash after", "reply lost", "request lost"])
def test_a_rollback_survives_the_same(bench: MakeBench, fault: str) -> None:
    on = bench(NETWORK + parameter("after", "network"))
    on.run()
    on.aws.faults["delete_vpc"] = [fault]
    if fault.startswith("crash"):
        with pytest.raises(CrashError):
            on.roll_back()
        assert on.resume() is RunResult.SUCCEEDED
    else:
        assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.networks == {}
    assert on.state("network") is OperationState.ROLLED_BACK
