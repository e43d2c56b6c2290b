"""Reads that answer from up to five minutes ago, on virtual time: the resolver waits, or leaves it to a person."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from state.events import RunResult
from tests.operations.engine.sim.faults import Fault
from tests.operations.engine.sim.judge import problems
from tests.operations.engine.sim.machine import Operator
from tests.operations.engine.sim.plans import operation, plan_of
from tests.operations.engine.sim.world import World

if TYPE_CHECKING:
    from tests.conftest import Tally

SHAPES = {
    "network": "create_vpc",
    "parameter": "put_parameter",
    "database": "create_db_instance",
    "disk": "create_volume",
}
FAULTS = (
    Fault.REPLY_LOST,
    Fault.LOST,
    Fault.LATE,
    Fault.ERROR_AFTER,
    Fault.ERROR_BEFORE,
    Fault.CRASH_AFTER,
    Fault.CRASH_BEFORE,
)


def lagging(seed: int, folder: Path) -> str | None:
    """One doubtful call in a world whose reads lag; what was judged wrong about it."""
    chance = random.Random(seed)
    shape = chance.choice(list(SHAPES))
    world = World(folder, plan_of([operation(f"{shape}-0", shape)]), seed)
    lag, fault = chance.uniform(0, 300), chance.choice(FAULTS)
    world.weather.lag = lag
    world.weather.planned[SHAPES[shape]] = [fault]
    operator = Operator(world)
    operator.run()
    for _ in range(3):
        operator.resume()
        operator.wait(chance.uniform(0, 400))
    found = problems(world) + operator.finish()
    return f"seed {seed}: {shape}, {fault}, lag {lag:.0f} s: {found[0]}; {operator.log}" if found else None


@pytest.mark.catalogue(9, "read lag 0-300 s, a call in doubt", "0 wrong verdicts")
def test_stale_reads_never_make_a_wrong_verdict(tally: Tally, tmp_path: Path) -> None:
    for seed in range(tally.count(14, 2_000)):
        tally.note(lagging(seed, tmp_path))


def test_a_resolver_that_trusted_its_first_read_would_be_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the wait for lagging reads the judge finds the wrong verdicts."""
    monkeypatch.setattr("operations.engine.lookups.LOOK_AFTER", (0.0,))
    assert any(lagging(seed, tmp_path) for seed in range(10_000, 10_040))


def test_what_is_seen_at_once_is_settled_at_once(tmp_path: Path) -> None:
    world = World(tmp_path, plan_of([operation("network-0", "network")]), 1)
    world.weather.planned["create_vpc"] = [Fault.REPLY_LOST]
    assert world.run() is RunResult.SUCCEEDED
    assert problems(world) == []
