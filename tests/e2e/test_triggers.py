"""Bad traffic in the sandbox: the operation goes back by itself; then what is left is settled by hand."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from state.kinds import Kind
from state.projections.states import OperationState
from state.projections.status import fold
from state.reader import JournalReader
from tests.e2e.conftest import PATIENCE, PLANS, Cutover, ServedSandbox, read_until

PLAN = str(PLANS / "trigger.yaml")
ASKED_AGAIN = 1.0
"""Seconds for which one bad point is waited on: it counts until its minute is over."""


def _client(service: str, url: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
    )


def _spoil_traffic_until_it_ends(run: subprocess.Popen[str], url: str) -> int:
    """Publish bad points as the application would, while the run goes on; its exit code."""
    metrics = _client("cloudwatch", url)
    for _ in range(int(PATIENCE / ASKED_AGAIN)):
        point = {
            "MetricName": "ErrorRate",
            "Dimensions": [{"Name": "Service", "Value": "api"}],
            "Timestamp": datetime.now(UTC),
            "Value": 40.0,
            "Unit": "Percent",
        }
        metrics.put_metric_data(Namespace="MisterSmith/Performance", MetricData=[point])
        try:
            run.communicate(timeout=ASKED_AGAIN)
        except subprocess.TimeoutExpired:
            continue
        return run.returncode
    raise AssertionError("the trigger never fired")


@pytest.mark.xdist_group("doubt")
def test_bad_traffic_rolls_back_by_itself(cutover: Cutover, sandbox: ServedSandbox) -> None:
    on = f"--sandbox={sandbox.url}"
    run = cutover.start("run", PLAN, "--all", "--yes", on)
    read_until(run, "trigger.armed")
    assert _spoil_traffic_until_it_ends(run, sandbox.url) == 1

    with JournalReader(cutover.journal) as reader:
        events = reader.events()
        assert reader.verify().ok
    status = fold(events)
    assert [status.of(key).state for key in ("first", "second")] == [OperationState.ROLLED_BACK] * 2
    fired = next(event for event in events if event.kind == Kind.TRIGGER_FIRED)
    assert fired.data["operations"] == ["second", "first"]
    rested_on = [event for event in events if event.seq in fired.data["samples"]]
    assert [event.data["verdict"] for event in rested_on] == ["fail"] * 3
    undoing = [event for event in events if event.kind == Kind.RUN_STARTED][1]
    assert (undoing.data["direction"], undoing.data["request"]) == ("inverse", fired.seq)
    parameters = _client("ssm", sandbox.url)
    assert not parameters.get_parameters(Names=["/trigger/first", "/trigger/second"])["Parameters"]


@pytest.mark.soak
@pytest.mark.xdist_group("doubt")
def test_what_is_left_is_settled_by_hand(cutover: Cutover, sandbox: ServedSandbox) -> None:
    on = f"--sandbox={sandbox.url}"
    parameters = _client("ssm", sandbox.url)
    assert cutover("run", PLAN, "first", "--yes", on).code == 0
    assert cutover("rollback", PLAN, "first", "--yes", on).code == 0
    looked = cutover("mark-done", PLAN, "first", "--reason", "I did", on)
    assert looked.code == 1
    assert "ssm:GetParameter: error" in looked.out
    parameters.put_parameter(Name="/trigger/first", Value="1", Type="String")
    assert "ssm:GetParameter: pass" in cutover("mark-done", PLAN, "first", on).out
    assert cutover("mark-done", PLAN, "first", "--reason", "by hand, ticket 1", on).code == 0
    assert cutover("skip", PLAN, "aside", "--reason", "nobody needs it").code == 0
    refused = cutover("orphan", PLAN, "first", "--reason", "keep it")
    assert (refused.code, "no rollback of it" in refused.err) == (4, True)
    assert cutover("run", PLAN, "first", "aside", "--yes", on).code == 0
    with JournalReader(cutover.journal) as reader:
        events = reader.events()
        asked = reader.newest(1, kind=Kind.REQUEST_MARK_DONE.value)[0]
    status = fold(events)
    assert status.of("first").state is OperationState.MARKED_DONE
    assert status.of("aside").state is OperationState.SKIPPED
    assert asked.data["reason"] == "by hand, ticket 1"
    seen = [event for event in events if event.kind == Kind.CHECK_RESULT and event.run is None]
    assert seen[-1].seq == asked.seq - 1
    assert cutover("skip", PLAN, "aside", "--reason", "again").code == 4
