"""Whole lives of simulated worlds: plans, faults, deaths, requests and answers, all drawn from one seed.

Two drivers share the same operators and the same judge. The mass is a seeded walk, because one integer replays it byte
for byte in any process. Hypothesis drives a RuleBasedStateMachine over the same acts, because it can make a failing
life shorter. Replay a seed with `walk(seed, folder)`: it returns the operator with its log, and what did not hold.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from state.reader import JournalReader
from tests.operations.engine.sim.faults import Fault
from tests.operations.engine.sim.judge import problems
from tests.operations.engine.sim.machine import Operator, walk
from tests.operations.engine.sim.plans import random_plan
from tests.operations.engine.sim.world import Death, World

if TYPE_CHECKING:
    from tests.conftest import Tally

PARTS = 10
"""Of the seeded lives, so that they are spread over the machine's cores."""
REPLAY = """
import sys
from pathlib import Path
from state.reader import JournalReader
from tests.operations.engine.sim.machine import walk
for seed in sys.argv[2:]:
    operator, _ = walk(int(seed), Path(sys.argv[1]))
    with JournalReader(operator.world.path) as reader:
        print(reader.head().hash)
"""


def live(seed: int, folder: Path) -> tuple[str | None, str]:
    """One life: what did not hold (None when everything did), and the hash of the journal's head."""
    inside = folder / "life"
    inside.mkdir()
    try:
        operator, found = walk(seed, inside)
        with JournalReader(operator.world.path) as reader:
            head = reader.head().hash
    finally:
        shutil.rmtree(inside)
    return (f"seed {seed}: {found[0]}; {operator.log}" if found else None), head


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: these deaths are of processes, so what was written stays written."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(dir=memory))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.catalogue(17, "plan x fault x crash x request, seeded lives", "0 invariant breaks")
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_and_nothing_done_twice_in_any_life(tally: Tally, quick: Path, part: int) -> None:
    for seed in range(part, tally.count(30, 10_000), PARTS):
        problem, _ = live(seed, quick)
        tally.note(problem)


@pytest.mark.catalogue(17, "a seed replays byte for byte", "equal heads, also in another process")
def test_a_seed_replays_byte_for_byte(tally: Tally, tmp_path: Path) -> None:
    seeds = range(5_000, 5_000 + tally.count(2, 300))
    done = subprocess.run(
        [sys.executable, "-c", REPLAY, str(tmp_path), *map(str, seeds)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr
    for seed, elsewhere in zip(seeds, done.stdout.split(), strict=True):
        first, again = live(seed, tmp_path)[1], live(seed, tmp_path)[1]
        tally.note(None if first == again == elsewhere else f"seed {seed}: {first}, {again}, {elsewhere}")


class Lives(RuleBasedStateMachine):
    """The same acts as rules, so that Hypothesis can look for the shortest life that breaks something."""

    @initialize(seed=st.integers(0, 1000), parallel=st.sampled_from([1, 2, 4]))
    def begin(self, seed: int, parallel: int) -> None:
        self.folder = Path(tempfile.mkdtemp())
        plan = random_plan(random.Random(seed), most=5)
        self.operator = Operator(World(self.folder, plan, seed, max_parallel=parallel))
        self.world = self.operator.world

    @rule(
        fault=st.sampled_from([each for each in Fault if each is not Fault.PARTIAL]), skip=st.integers(0, 3)
    )
    def a_change_goes_wrong(self, fault: Fault, skip: int) -> None:
        for action in ("create_vpc", "create_volume", "put_parameter", "delete_parameter", "publish", "tool"):
            self.world.weather.planned.setdefault(action, []).extend([*[None] * skip, fault])

    @rule(lag=st.sampled_from([0.0, 2.0, 8.0]))
    def reads_lag(self, lag: float) -> None:
        self.world.weather.lag = lag

    @rule(boundary=st.integers(1, 40), before=st.booleans())
    def the_next_runner_dies(self, boundary: int, before: bool) -> None:
        self.world.death = Death(boundary, before)

    @rule()
    def run(self) -> None:
        self.operator.run()

    @rule()
    def roll_back(self) -> None:
        if self.operator.can_go_back():
            self.operator.roll_back(*self.operator.can_go_back())

    @rule()
    def resume(self) -> None:
        self.operator.resume()

    @rule()
    def settle(self) -> None:
        if self.world.path.exists():
            self.operator.resolve()
            self.operator.approve()

    @rule(seconds=st.sampled_from([1.0, 60.0, 30_000.0]))
    def time_passes(self, seconds: float) -> None:
        self.operator.wait(seconds)

    @invariant()
    def everything_holds(self) -> None:
        world = getattr(self, "world", None)
        if world is not None and world.path.exists():
            assert problems(world) == []

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                if self.world.path.exists():
                    assert self.operator.finish() == []
            finally:
                shutil.rmtree(self.folder, ignore_errors=True)


@pytest.mark.catalogue(17, "the same by Hypothesis, which shortens what fails", "0 invariant breaks")
def test_hypothesis_finds_no_life_that_breaks_anything(tally: Tally) -> None:
    count = tally.count(6, 1_000)
    how = settings(
        max_examples=count,
        stateful_step_count=8,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if tally.whole else (Phase.generate,),
    )
    run_state_machine_as_test(Lives, settings=how)  # type: ignore[no-untyped-call]
    tally.note(tries=count)
