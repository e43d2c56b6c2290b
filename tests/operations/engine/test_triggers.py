"""Triggers in virtual time: proven before anything begins, sampled while it bakes, acted on by the plan's word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from operations.engine.far_back import far_back
from operations.plan.graph import PlanGraph
from state.events import Event, RunResult
from state.projections.states import OperationState, OperationStatus, PlanStatus, RunState
from state.request_events import RequestCancel
from tests.operations.engine.sim.plans import Data, operation, plan_of
from tests.operations.engine.sim.world import Death, World

METRIC = {"id": "errors", "title": "E", "namespace": "A/B", "name": "E", "statistic": "Maximum", "period": 60}
BAD_FROM = 300.0
"""Seconds after which the traffic is bad, in the worlds where it turns bad."""
MakeWorld = Callable[..., World]


def _bad_later(at: float) -> float:
    return 9.0 if at >= BAD_FROM else 0.4


def _trigger(action: str = "roll_back", **more: Any) -> Data:
    told = {
        "id": "bad",
        "title": "Bad",
        "category": "c",
        "metric": "errors",
        "rings": {"op": ">", "value": 5},
    }
    return {**told, "for_seconds": 180, "action": action, "automatic": True, "severity": "high", **more}


@pytest.fixture
def measured(tmp_path: Path) -> MakeWorld:
    """Makes a world of three settings on top of each other, the second of which bakes under a trigger."""

    def make(**trigger: Any) -> World:
        bakes = {"bake": {"minutes": 20, "every_seconds": 60}, "triggers": ["bad"], "on_failure": "continue"}
        operations = [
            operation("setting-0", "setting", ()),
            operation("setting-1", "setting", ("setting-0",), **bakes),
            operation("setting-2", "setting", ("setting-1",)),
        ]
        loaded = plan_of(operations, metrics=[METRIC], triggers=[_trigger(**trigger)])
        return World(tmp_path, loaded, seed=7)

    return make


def _kinds(world: World, kind: str) -> list[Event]:
    return [event for event in world.events() if event.kind == kind]


def _states(world: World) -> list[OperationState]:
    return [world.status().of(f"setting-{number}").state for number in range(3)]


def test_a_quiet_trigger_is_sampled_and_lets_the_operation_pass(measured: MakeWorld) -> None:
    world = measured()
    assert world.run() is RunResult.SUCCEEDED
    assert _kinds(world, "trigger.armed")[0].data["triggers"] == ["bad"]
    samples = _kinds(world, "trigger.sample")
    assert len(samples) == 21  # the proof before it began, and one a minute
    assert samples[0].seq < _kinds(world, "operation.started")[1].seq
    assert {event.data["verdict"] for event in samples} == {"pass"}
    assert _kinds(world, "trigger.fired") == []


def test_the_operation_rolls_back_by_itself_on_the_samples_that_the_journal_names(
    measured: MakeWorld,
) -> None:
    world = measured()
    world.aws.services.metric = _bad_later
    assert world.run() is RunResult.FAILED
    fired = _kinds(world, "trigger.fired")[0]
    assert (fired.data["trigger"], fired.data["action"], fired.data["operations"]) == (
        "bad",
        "roll_back",
        ["setting-1"],
    )
    by_seq = {event.seq: event for event in world.events()}
    assert [by_seq[seq].data["verdict"] for seq in fired.data["samples"]] == ["fail"] * 3
    assert _states(world) == [OperationState.SUCCEEDED, OperationState.ROLLED_BACK, OperationState.PENDING]
    runs = _kinds(world, "run.started")
    assert [run.data["direction"] for run in runs] == ["forward", "inverse"]
    assert runs[1].data["request"] == fired.seq
    assert runs[1].run != runs[0].run
    assert _kinds(world, "run.interrupted")[0].data["signal"] == "trigger bad"
    assert "/setting-1" not in world.aws.state.parameters


def test_it_goes_back_to_the_operation_that_the_plan_names(measured: MakeWorld) -> None:
    world = measured(action="shift_traffic", rolls_back=["setting-0", "setting-1"])
    world.aws.services.metric = _bad_later
    assert world.run() is RunResult.FAILED
    assert _kinds(world, "run.started")[1].data["operations"] == ["setting-1", "setting-0"]
    assert _states(world)[:2] == [OperationState.ROLLED_BACK] * 2


def test_what_others_stand_on_is_left_alone(measured: MakeWorld) -> None:
    world = measured(rolls_back=["setting-0"])
    plan, graph = world.loaded.plan, PlanGraph.of(world.loaded.plan)
    states = {key: OperationStatus(key, OperationState.SUCCEEDED) for key in plan.operations}
    without = {key: state for key, state in states.items() if key != "setting-2"}
    assert far_back(plan, graph, PlanStatus(operations=without), ["setting-0"], "setting-1") == (
        "setting-1",
        "setting-0",
    )
    beside = plan_of([operation(key, "setting", ("setting-0",)[: key != "setting-0"]) for key in states])
    graph = PlanGraph.of(beside.plan)
    status = PlanStatus(operations=states)
    assert far_back(beside.plan, graph, status, ["setting-0"], "setting-1") == ("setting-1",)
    assert far_back(beside.plan, graph, status, ["1.1"], "setting-0")[-1] == "setting-0"
    assert far_back(beside.plan, graph, status, [], "setting-0") == ()


@pytest.mark.parametrize(
    "trigger",
    [
        {"action": "evaluate"},
        {"action": "restart"},
        {"action": "roll_back", "approval": True},
        {"action": "roll_back", "automatic": False},
    ],
)
def test_what_a_person_has_to_decide_holds(measured: MakeWorld, trigger: Data) -> None:
    world = measured(**trigger)
    world.aws.services.metric = _bad_later
    assert world.run() is RunResult.HELD
    held = world.status().of("setting-1")
    assert held.state is OperationState.HELD
    assert "trigger bad fired: errors is 9" in (held.why or "")
    assert _kinds(world, "trigger.fired")[0].data["operations"] == []
    assert "/setting-1" in world.aws.state.parameters


def test_an_alert_is_told_once_and_holds_nothing(measured: MakeWorld) -> None:
    world = measured(action="alert")
    world.aws.services.metric = _bad_later
    assert world.run() is RunResult.SUCCEEDED
    assert len(_kinds(world, "trigger.fired")) == 1


def test_a_ringing_that_ends_in_time_fires_nothing(measured: MakeWorld) -> None:
    world = measured()
    world.aws.services.metric = lambda at: 9.0 if 300 <= at < 420 or 480 <= at < 600 else 0.4
    assert world.run() is RunResult.SUCCEEDED
    assert [event.data["verdict"] for event in _kinds(world, "trigger.sample")].count("fail") == 4


def test_nothing_begins_on_a_red_alarm(measured: MakeWorld) -> None:
    world = measured()
    world.aws.services.metric = lambda at: 9.0
    assert world.run() is RunResult.HELD
    assert "rings already" in (world.status().of("setting-1").why or "")
    assert "/setting-1" not in world.aws.state.parameters
    world.aws.services.metric = lambda at: 0.4
    assert world.resume() is RunResult.SUCCEEDED


@pytest.mark.parametrize("late", [None, 1800.0])
def test_nothing_begins_without_fresh_data(measured: MakeWorld, late: float | None) -> None:
    world = measured(missing="notBreaching")
    world.clock.now = 7200.0
    world.aws.services.metric = lambda at: 0.4 if late is not None and at < 7200.0 - 420.0 else None
    assert world.run() is RunResult.HELD
    assert "cannot fire" in (world.status().of("setting-1").why or "")
    assert "/setting-1" not in world.aws.state.parameters


@pytest.mark.parametrize(
    ("missing", "result"),
    [
        ("missing", RunResult.HELD),
        ("breaching", RunResult.FAILED),
        ("notBreaching", RunResult.SUCCEEDED),
        ("ignore", RunResult.SUCCEEDED),
    ],
)
def test_no_data_holds_and_goes_back_only_where_the_plan_says_so(
    measured: MakeWorld, missing: str, result: RunResult
) -> None:
    world = measured(missing=missing)
    world.aws.services.metric = lambda at: 0.4 if at < BAD_FROM else None
    assert world.run() is result
    gone = "/setting-1" not in world.aws.state.parameters
    assert gone == (missing == "breaching")


def test_no_data_at_the_end_of_the_bake_is_no_pass(measured: MakeWorld) -> None:
    world = measured()
    world.aws.services.metric = lambda at: 0.4 if at < 900 else None
    assert world.run() is RunResult.HELD
    assert "saw nothing" in (world.status().of("setting-1").why or "")


def test_a_cancel_does_not_cancel_the_way_back(measured: MakeWorld) -> None:
    world = measured()
    world.aws.services.metric = _bad_later
    fired = _when(world, "trigger.fired", lambda: world.append(RequestCancel()))
    assert world.run() is RunResult.FAILED
    assert fired()
    assert _states(world)[1] is OperationState.ROLLED_BACK


def _when(world: World, kind: str, act: Callable[[], object]) -> Callable[[], bool]:
    """Do something at the first call on the wire after an event of a kind; answers whether that has been."""
    done: list[bool] = []
    handle = world.aws.handle

    async def look(service: str, action: str, params: Data) -> Data:
        if not done and _kinds(world, kind):
            done.append(True)
            act()
        return await handle(service, action, params)

    world.aws.handle = look  # type: ignore[method-assign]
    return lambda: bool(done)


def test_wherever_the_runner_dies_the_way_back_is_gone_to_its_end(
    measured: MakeWorld, tmp_path: Path
) -> None:
    world = measured()
    world.aws.services.metric = _bad_later
    assert world.run() is RunResult.FAILED
    seqs = [event.seq for event in world.events()]
    fired = seqs.index(_kinds(world, "trigger.fired")[0].seq)  # the first of them all is the console's
    for boundary in range(fired, len(seqs)):
        folder = tmp_path / f"{boundary}"
        folder.mkdir()
        again = World(folder, world.loaded, seed=7)
        again.aws.services.metric = _bad_later
        again.death = Death(boundary, before=bool(boundary % 2))
        if again.run() is None:
            _resume_to_the_end(again)
        assert again.status().of("setting-1").state is OperationState.ROLLED_BACK, again.deaths
        assert "/setting-1" not in again.aws.state.parameters
        assert [event.data["direction"] for event in _kinds(again, "run.started")] == ["forward", "inverse"]


def _resume_to_the_end(world: World) -> None:
    run = world.status().run
    while run is not None and run.state is not RunState.SUCCEEDED:
        world.resume()
        run = world.status().run
