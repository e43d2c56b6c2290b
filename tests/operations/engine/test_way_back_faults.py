"""The way back when it fails too: at every step, past the point of no return, and what people then do by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from state.events import RunResult
from state.projections.states import OperationState
from state.request_events import RequestMarkDone, RequestOrphan, RequestSkip
from tests.operations.engine.sim.faults import Fault
from tests.operations.engine.sim.judge import problems
from tests.operations.engine.sim.machine import Operator
from tests.operations.engine.sim.plans import forget, operation, plan_of
from tests.operations.engine.sim.world import World

if TYPE_CHECKING:
    from tests.conftest import Tally

INVERSES = {
    "parameter": ("delete_parameter",),
    "network": ("delete_vpc",),
    "disk": ("delete_volume",),
    "database": ("delete_db_instance",),
    "stopped": ("start_db_instance", "delete_db_instance"),
    "batch": ("batch_write_item",),
    "notice": ("publish",),
    "pair": ("delete_parameter", "delete_volume"),
    "tool": ("tool",),
}
FAULTS = tuple(fault for fault in Fault if fault is not Fault.PARTIAL)
_UNDONE = OperationState.ROLLED_BACK
MakeWorld = Callable[[str], World]


@pytest.fixture
def between(tmp_path: Path) -> MakeWorld:
    """A world with an operation of a shape on `setting-0`, and `setting-2` beside them; everything stands."""
    numbers = iter(range(1, 10_000))

    def make(shape: str) -> World:
        under, beside = operation("setting-0", "setting"), operation("setting-2", "setting")
        on_top = operation(f"{shape}-1", shape, ("setting-0",))
        world = World(tmp_path, plan_of([under, on_top, beside]), next(numbers))
        assert world.run() is RunResult.SUCCEEDED
        return world

    return make


def going_back(world: World, key: str, action: str, fault: Fault, times: int) -> str | None:
    """One rollback with faults at one of its calls; what is wrong with how it is told and how it ends."""
    world.weather.planned[action] = [fault] * times
    operator = Operator(world)
    operator.roll_back()
    problem = next(iter(problems(world)), None)
    if not fault.crashes and not world.deaths:
        status = world.status()
        undone = status.of(key).state is _UNDONE
        if status.of("setting-0").state is _UNDONE and not undone:
            problem = problem or "what it stands on is undone before it"
        if action != "delete_parameter" and status.of("setting-2").state is not _UNDONE:
            problem = problem or "the rest did not go on"
    return problem or next(iter(operator.finish()), None)


@pytest.mark.catalogue(18, "inverse fails or throttles at each step", "state truthful; 0 silent skips")
def test_a_way_back_that_fails_is_told_as_it_is(tally: Tally, between: MakeWorld) -> None:
    cases = [
        (shape, action, fault, times)
        for shape, actions in INVERSES.items()
        for action in actions
        for fault in FAULTS
        for times in (1, 2, 7)
    ]
    for shape, action, fault, times in cases[:: tally.count(23, 1)]:
        problem = going_back(between(shape), f"{shape}-1", action, fault, times)
        tally.note(f"{shape}, {times} x {fault} at {action}: {problem}" if problem else None)


@pytest.mark.catalogue(18, "rollback past the point of no return", "state truthful; 0 silent skips")
def test_what_has_no_way_back_is_held_and_the_rest_goes_on(tally: Tally, between: MakeWorld) -> None:
    world = between("farewell")
    assert world.roll_back() is RunResult.HELD
    status = world.status()
    assert status.of("farewell-1").state is OperationState.HELD
    assert "no way back" in (status.of("farewell-1").why or "")
    assert status.of("setting-0").state is OperationState.SUCCEEDED
    assert status.of("setting-2").state is _UNDONE
    assert problems(world) == []
    world.append(RequestOrphan(reason="everybody has read it"), "farewell-1")
    world.roll_back()
    status = world.status()
    assert status.of("farewell-1").state is OperationState.ORPHANED
    assert status.of("setting-0").state is _UNDONE
    assert world.aws.state.messages == {"farewell-1": 1}
    tally.note(next(iter(problems(world)), None))


def test_an_orphan_stays_and_what_it_stood_on_goes(between: MakeWorld) -> None:
    world = between("network")
    world.weather.planned["delete_vpc"] = [Fault.DENIED] * 9
    assert world.roll_back() is RunResult.FAILED
    assert world.status().of("setting-0").state is OperationState.SUCCEEDED
    world.append(RequestOrphan(reason="the network team keeps it"), "network-1")
    assert world.resume() is RunResult.SUCCEEDED
    assert world.status().of("network-1").state is OperationState.ORPHANED
    assert world.status().of("setting-0").state is _UNDONE
    assert len(world.aws.state.networks) == 1


def test_a_way_back_is_marked_done_only_when_the_thing_is_gone(between: MakeWorld) -> None:
    world = between("disk")
    world.weather.planned["delete_volume"] = [Fault.DENIED]
    assert world.roll_back() is RunResult.FAILED
    world.append(RequestMarkDone(reason="I think I did"), "disk-1")
    world.resume()
    assert world.status().of("disk-1").state is OperationState.HELD
    assert any("still there" in str(event.data.get("why")) for event in world.events())
    forget(world.aws.state, "disk-1")
    world.aws._past.append((world.clock.now, world.aws.state.copy()))
    world.append(RequestMarkDone(reason="removed it in the console"), "disk-1")
    assert world.resume() is RunResult.SUCCEEDED
    assert world.status().of("disk-1").state is _UNDONE
    assert problems(world) == []


def test_an_operation_is_skipped_or_marked_done_on_the_way_forward(tmp_path: Path) -> None:
    first, second, third = (
        operation(key, "parameter", needs)
        for key, needs in (
            ("parameter-0", ()),
            ("parameter-1", ("parameter-0",)),
            ("parameter-2", ("parameter-1",)),
        )
    )
    world = World(tmp_path, plan_of([first, second, third]), 1)
    world.weather.planned["put_parameter"] = [Fault.DENIED]
    assert world.run() is RunResult.FAILED
    world.append(RequestSkip(reason="not needed here"), "parameter-0")
    world.append(RequestMarkDone(reason="made by the platform team"), "parameter-1")
    world.run()
    assert world.status().of("parameter-0").state is OperationState.SKIPPED
    assert "parameter-1" not in str(world.aws.state.parameters)
    assert world.status().of("parameter-1").state is OperationState.HELD
    world.aws.state.parameters["/parameter-1"] = "1"
    world.aws._past.append((world.clock.now, world.aws.state.copy()))
    world.append(RequestMarkDone(reason="now it is"), "parameter-1")
    assert world.run() is RunResult.SUCCEEDED
    assert world.status().of("parameter-1").state is OperationState.MARKED_DONE
    assert world.status().of("parameter-2").state is OperationState.SUCCEEDED


def test_what_is_in_doubt_is_not_marked_done(between: MakeWorld) -> None:
    world = between("tool")
    world.weather.planned["tool"] = [Fault.REPLY_LOST]
    assert world.roll_back() is RunResult.IN_DOUBT
    world.append(RequestMarkDone(reason="surely"), "tool-1")
    world.resume()
    assert world.status().of("tool-1").state is not _UNDONE
    assert problems(world) == []
