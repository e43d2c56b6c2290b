"""Credentials that end in mid-run park it; a new login lets it go on; nothing is applied twice and nothing is passed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from state.events import RunResult
from state.projections.states import OperationState, RunState
from state.request_events import RequestCancel, RequestPause, RequestResume
from tests.operations.engine.plans import parameter
from tests.operations.engine_credentials.conftest import CredentialBench

Make = Callable[[str], CredentialBench]
CHAIN = parameter("a") + parameter("b", "a") + parameter("c", "b")
WATCHED = parameter(
    "a",
    extra="""  bake: {minutes: 3, every_seconds: 60}
  watch:
    - {api: "ssm:GetParameter", params: {Name: /a}, expect: "Parameter.Value == '1'"}
""",
)
GUARDED = parameter(
    "a",
    extra="""  guard:
    - {api: "ssm:GetParameter", params: {Name: /a}, expect: "Parameter.Value == '1'"}
""",
)


def _whys(on: CredentialBench) -> list[str]:
    return [event.data["why"] for event in on.events("run.paused")]


@pytest.mark.parametrize("code", ["ExpiredToken", "RequestExpired", "InvalidClientTokenId"])
def test_a_change_that_was_refused_waits_for_a_login_and_is_made_once(bench: Make, code: str) -> None:
    on = bench(CHAIN)
    on.aws.end_at("put_parameter", 2, code)
    on.aws.log_in_at(3)
    assert on.run() is RunResult.SUCCEEDED
    assert on.aws.parameters == {"/a": "1", "/b": "1", "/c": "1"}
    outcomes = [
        (event.data["attempt"], event.data["result"], event.data["code"])
        for event in on.events("step.outcome")
        if event.operation == "b"
    ]
    assert outcomes == [(1, "not_applied", code), (2, "applied", None)]
    assert on.kinds("run") == ["run.started", "run.paused", "run.resumed", "run.finished"]
    assert _whys(on)[0].startswith("parked: credentials expired, log in")
    assert code in _whys(on)[0]
    assert on.aws.count("put_parameter") == len(on.events("step.intent")) == 4


def test_credentials_that_are_there_already_need_no_pause(bench: Make) -> None:
    on = bench(CHAIN)
    on.aws.end_at("put_parameter", 2)
    on.aws.log_in_at(1)
    assert on.run() is RunResult.SUCCEEDED
    assert on.kinds("run") == ["run.started", "run.finished"]


def test_a_verification_waits_rather_than_fails(bench: Make) -> None:
    on = bench(CHAIN)
    on.end_after("get_parameter", "step.outcome")
    on.aws.log_in_at(4)
    assert on.run() is RunResult.SUCCEEDED
    assert [event.data["verdict"] for event in on.events("check.result")] == ["pass"] * 3


def test_a_bake_is_neither_passed_nor_failed_without_data(bench: Make) -> None:
    on = bench(WATCHED)
    on.end_after("get_parameter", "trigger.sample")
    on.aws.log_in_at(4)
    assert on.run() is RunResult.SUCCEEDED
    assert [event.data["verdict"] for event in on.events("trigger.sample")] == ["pass"] * 3
    kinds = [
        event.kind for event in on.events() if event.kind in ("trigger.sample", "run.paused", "run.resumed")
    ]
    assert kinds == ["trigger.sample", "run.paused", "run.resumed", "trigger.sample", "trigger.sample"]


def test_a_trigger_still_fires_after_the_wait(bench: Make) -> None:
    on = bench(WATCHED)
    on.end_after("get_parameter", "trigger.sample")

    def log_in_to_another_value(count: int) -> None:
        if on.aws.over is not None and count > 3:
            on.aws.parameters["/a"] = "9"
            on.aws.over = None

    on.aws.on_try = log_in_to_another_value
    assert on.run() is RunResult.FAILED
    assert len(on.events("trigger.fired")) == 1


def test_a_rollback_parks_too_and_a_cancel_does_not_end_it(bench: Make) -> None:
    on = bench(GUARDED)
    on.run()
    on.end_after("get_parameter", "operation.rolling_back")

    def look(count: int) -> None:
        if on.aws.over is not None:
            on.append(RequestCancel())
            if count > 6:
                on.aws.over = None

    on.aws.on_try = look
    assert on.roll_back() is RunResult.SUCCEEDED
    assert on.aws.parameters == {}
    assert len(_whys(on)) == 1


def test_everything_at_once_waits_together(bench: Make) -> None:
    on = bench("".join(parameter(f"p{number}") for number in range(8)))
    on.aws.end_at("put_parameter", 3)
    on.aws.log_in_at(5)
    assert on.run(max_parallel=4) is RunResult.SUCCEEDED
    assert len(on.aws.parameters) == 8
    assert len(_whys(on)) == 1
    applied = [event for event in on.events("step.outcome") if event.data["result"] == "applied"]
    assert len(applied) == 8


def test_another_account_keeps_it_parked(bench: Make) -> None:
    on = bench(CHAIN)
    on.aws.end_at("put_parameter", 2)

    def look(count: int) -> None:
        if on.aws.over is None:
            return
        if count == 4:
            on.aws.over, on.aws.account = None, "210987654321"

    def back(action: str, params: dict[str, Any]) -> None:
        del params
        if action == "get_caller_identity" and on.aws.account != "123456789012" and on.aws.asked_who > 7:
            on.aws.account = "123456789012"

    on.aws.on_try = look
    ending = on.aws.on_wire
    on.aws.on_wire = lambda action, params: (ending(action, params), back(action, params))[0]
    assert on.run() is RunResult.SUCCEEDED
    first, second = _whys(on)
    assert "expired" in first
    assert "of account 210987654321, the plan is for 123456789012" in second
    assert all(name == "get_caller_identity" for name, _ in on.aws.wire[_index(on) + 1 : _index(on) + 6])


def _index(on: CredentialBench) -> int:
    """Where on the wire the second change, the one that was refused, stands."""
    puts = [index for index, (name, _) in enumerate(on.aws.wire) if name == "put_parameter"]
    return puts[1]


def test_a_cancel_ends_a_parked_run_and_it_can_be_resumed(bench: Make) -> None:
    on = bench(CHAIN)
    on.aws.end_at("put_parameter", 2)
    on.aws.on_try = lambda count: on.append(RequestCancel()) if count == 4 else None
    assert on.run() is RunResult.CANCELLED
    assert on.events("run.interrupted")[0].data["left"] == ["b", "c"]
    run = on.status().run
    assert run is not None
    assert (run.state, run.why) == (RunState.INTERRUPTED, None)
    on.aws.over = None
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.parameters == {"/a": "1", "/b": "1", "/c": "1"}


def test_sigterm_ends_a_parked_run_and_says_what_is_left(bench: Make) -> None:
    on = bench(WATCHED + parameter("b", "a"))
    on.end_after("get_parameter", "trigger.armed")
    on.aws.on_try = lambda count: os.kill(os.getpid(), signal.SIGTERM) if count == 4 else None
    assert on.run() is RunResult.CANCELLED
    interrupted = on.events("run.interrupted")[0].data
    assert (interrupted["signal"], interrupted["left"]) == ("SIGTERM", ["a", "b"])
    assert on.state("a") is OperationState.BAKING


def test_while_parked_a_pause_is_kept_for_later_and_a_resume_tries_at_once(bench: Make) -> None:
    on = bench(CHAIN)
    on.aws.end_at("put_parameter", 2)

    def look(count: int) -> None:
        if on.aws.over is not None and count == 4:
            on.append(RequestPause())
        if on.aws.over is not None and count == 7:
            on.aws.over = None

    on.aws.on_try = look
    ending = on.aws.on_wire

    def go_on(action: str, params: dict[str, Any]) -> None:
        ending(action, params)
        if action == "get_parameter" and params["Name"] == "/b":
            on.append(RequestResume())

    on.aws.on_wire = go_on
    assert on.run() is RunResult.SUCCEEDED
    assert on.kinds("run") == [
        "run.started",
        "run.paused",
        "run.resumed",
        "run.paused",
        "run.resumed",
        "run.finished",
    ]
    assert _whys(on)[1] == "asked for"


def test_a_call_that_good_credentials_may_not_make_fails_after_a_few_parks(bench: Make) -> None:
    on = bench(CHAIN)
    handle = on.aws.handle

    async def closed_region(action: str, params: dict[str, Any]) -> dict[str, Any]:
        on.aws.over = "UnrecognizedClientException" if action == "put_parameter" else None
        try:
            return await handle(action, params)
        finally:
            on.aws.over = None

    on.aws.handle = closed_region  # type: ignore[method-assign]
    assert on.run("a") is RunResult.FAILED
    assert on.aws.count("put_parameter") == 4
    assert on.state("a") is OperationState.FAILED
