"""What simulated lives have found in the engine, each as the shortest life that shows it."""

from __future__ import annotations

from pathlib import Path

from state.events import RunResult
from state.projections.states import OperationState
from tests.operations.engine.sim.faults import Fault
from tests.operations.engine.sim.judge import problems
from tests.operations.engine.sim.machine import Operator
from tests.operations.engine.sim.plans import Data, operation, plan_of
from tests.operations.engine.sim.world import Death, World


def world_of(folder: Path, *operations: Data, seed: int = 1) -> World:
    return World(folder, plan_of(list(operations)), seed, max_parallel=1)


def die_after(world: World, kind: str) -> None:
    """Let the next runner die right after its first event of a kind: found by living it once beside."""
    twin = World(world.folder / "twin", world.loaded, world.seed, max_parallel=1)
    twin.folder.mkdir()
    twin.run()
    before = len(twin.events())
    twin.roll_back()
    begun = [event.kind for event in twin.events()[before + 1 :]]
    world.death = Death(begun.index(kind) + 1, False)


def test_a_retry_goes_on_where_the_operation_failed(tmp_path: Path) -> None:
    """Life 41: the second try knew nothing of the first, and made the network again."""
    world = world_of(tmp_path, operation("network-0", "network", on_failure="retry"))
    world.weather.planned["describe_vpcs"] = [None, *[Fault.DENIED] * 6]
    assert world.run() is RunResult.SUCCEEDED
    assert len(world.aws.state.networks) == 1
    assert problems(world) == []


def test_what_is_half_undone_is_not_carried_forward(tmp_path: Path) -> None:
    """Life 12: its forward steps counted as done, although the way back had undone the first of them."""
    world = world_of(tmp_path, operation("pair-0", "pair"))
    world.run()
    world.weather.planned["delete_volume"] = [Fault.DENIED]
    assert world.roll_back() is RunResult.FAILED
    assert world.run() is RunResult.HELD
    assert "roll it back first" in (world.status().of("pair-0").why or "")
    assert Operator(world).finish() == []


def test_a_way_back_first_finds_out_what_the_forward_did(tmp_path: Path) -> None:
    """Life 13: a network whose reply was lost counted as never made, and stayed behind."""
    world = world_of(tmp_path, operation("network-0", "network"))
    world.weather.planned["create_vpc"] = [Fault.CRASH_AFTER]
    assert world.run() is None
    assert world.roll_back() is RunResult.SUCCEEDED
    assert world.aws.state.networks == {}
    assert problems(world) == []


def test_what_was_never_begun_is_not_undone(tmp_path: Path) -> None:
    """Life 78: the command of an inverse ran, although the operation had only waited for its approval."""
    world = world_of(tmp_path, operation("tool-0", "tool", approval={"roles": ["lead"]}))
    assert world.run() is RunResult.HELD
    assert world.roll_back() is RunResult.SUCCEEDED
    assert [effect.action for effect in world.aws.history] == []


def test_what_was_never_made_is_not_deleted_by_the_next_runner_either(tmp_path: Path) -> None:
    """Life 57: a runner died between noting that there is nothing to undo and its outcome; the next one deleted."""
    world = world_of(tmp_path, operation("parameter-0", "parameter"))
    die_after(world, "step.intent")
    death, world.death = world.death, None
    world.aws.state.parameters["/parameter-0"] = "somebody else's"
    assert world.run() is RunResult.FAILED
    world.death = death
    assert world.roll_back() is None
    assert world.resume() is RunResult.SUCCEEDED
    assert world.aws.state.parameters == {"/parameter-0": "somebody else's"}


def test_what_was_made_and_never_seen_is_not_taken_for_never_made(tmp_path: Path) -> None:
    """Life 94: a person had said that the volume was made; its id was not known, and it stayed behind."""
    from state.events import Result
    from state.operation_events import OperationResolved

    world = world_of(tmp_path, operation("network-0", "network"))
    world.weather.planned["create_vpc"] = [Fault.CRASH_AFTER]
    assert world.run() is None
    word = OperationResolved(step=1, result=Result.APPLIED, by="kim@here", reason="seen")
    world.append(word, "network-0")
    assert world.roll_back() is RunResult.HELD
    assert "made and never seen" in (world.status().of("network-0").why or "")
    assert Operator(world).finish() == []


def test_a_rollback_never_says_that_it_undid_what_cannot_be_undone(tmp_path: Path) -> None:
    """Life 8 of the first plans: an irreversible operation had no inverse steps to fail, so it was rolled back."""
    world = world_of(tmp_path, operation("farewell-0", "farewell"))
    world.run()
    assert world.roll_back() is RunResult.HELD
    assert world.status().of("farewell-0").state is OperationState.HELD
    assert world.aws.state.messages == {"farewell-0": 1}


def test_a_service_that_does_not_answer_fails_the_operation_and_not_the_runner(tmp_path: Path) -> None:
    """An open circuit while a read waits for a state is that read's failure."""
    world = world_of(tmp_path, operation("database-0", "database"))
    world.weather.planned["describe_db_instances"] = [None, *[Fault.LOST] * 30]
    assert world.run() is RunResult.FAILED
    assert problems(world) == []
    assert Operator(world).finish() == []


def test_a_token_is_replayed_by_another_run_too(tmp_path: Path) -> None:
    """Life 302: a new run derived a token of its own for the call in doubt, and made a second volume."""
    world = world_of(tmp_path, operation("disk-0", "disk"))
    world.weather.planned["create_volume"] = [Fault.CRASH_AFTER]
    assert world.run() is None
    assert world.run() is RunResult.SUCCEEDED
    assert len(world.aws.state.disks) == 1
    assert problems(world) == []


def test_a_way_back_that_was_begun_is_not_stopped_by_its_own_guard(tmp_path: Path) -> None:
    """Life 515: the guard looked for what the inverse's first step had removed already, in every further run."""
    look = {"api": "ssm:GetParameter", "params": {"Name": "/pair-0-2"}, "expect": "Parameter.Value == '1'"}
    world = world_of(tmp_path, operation("pair-0", "pair", guard=[look]))
    world.run()
    world.weather.planned["delete_volume"] = [Fault.DENIED]
    assert world.roll_back() is RunResult.FAILED
    assert world.roll_back() is RunResult.SUCCEEDED
    assert problems(world) == []


def test_a_refusal_taken_for_done_is_asked_again_when_nothing_came_of_it(tmp_path: Path) -> None:
    """Life 735: a database still stopping refused to be started, which counted as started; every retry only waited."""
    world = world_of(tmp_path, operation("stopped-0", "stopped"))
    twin = World(tmp_path / "twin", world.loaded, world.seed, max_parallel=1)
    twin.folder.mkdir()
    twin.run()
    reads = sum(event.data.get("polls") or 0 for event in twin.events())
    while_stopping = [*[None] * (reads - 1), Fault.DENIED, Fault.DENIED]
    world.weather.planned["describe_db_instances"] = while_stopping
    assert world.run() is RunResult.FAILED
    assert world.roll_back() is RunResult.FAILED
    start = [event for event in world.events() if event.data.get("code") == "InvalidDBInstanceState"]
    assert len(start) == 1
    world.clock.now += 600
    assert world.roll_back() is RunResult.SUCCEEDED
    assert problems(world) == []


def test_what_never_began_has_no_guard_to_pass(tmp_path: Path) -> None:
    """Life 3485: held for an approval, and then held again on the way back, by a guard that looked for what was never made."""
    look = {"api": "ssm:GetParameter", "params": {"Name": "/parameter-0"}, "expect": "Parameter.Value == '1'"}
    extra = {"guard": [look], "confirm": "irreversible", "approval": {"roles": ["lead"]}}
    world = world_of(tmp_path, operation("parameter-0", "parameter", **extra))
    assert world.run() is RunResult.HELD
    assert world.roll_back() is RunResult.SUCCEEDED
    assert problems(world) == []


def test_a_batch_that_is_partly_done_is_in_doubt_when_its_rest_is_refused(tmp_path: Path) -> None:
    """Life 3958: two of three items were written, the third was refused, and the operation counted as failed."""
    world = world_of(tmp_path, operation("batch-0", "batch"))
    world.weather.planned["batch_write_item"] = [Fault.PARTIAL, Fault.DENIED]
    assert world.run() is RunResult.IN_DOUBT
    assert problems(world) == []
    assert Operator(world).finish() == []
