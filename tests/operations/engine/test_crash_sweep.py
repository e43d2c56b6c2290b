"""Runners that die at every boundary of the journal and in every call, and again while they recover."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from state.events import Event
from state.projections.progress import fold_progress
from tests.operations.engine.sim.faults import Fault
from tests.operations.engine.sim.judge import problems
from tests.operations.engine.sim.machine import Operator
from tests.operations.engine.sim.plans import operation, plan_of
from tests.operations.engine.sim.world import Death, World

if TYPE_CHECKING:
    from tests.conftest import Tally

ROW = (
    "parameter",
    "setting",
    "parameter",
    "network",
    "parameter",
    "disk",
    "setting",
    "notice",
    "pair",
    "parameter",
)
FIFTY = [
    operation(
        f"{shape}-{10 * row + column}",
        shape,
        (f"{ROW[column]}-{10 * (row - 1) + column}",) if row else (),
    )
    for row in range(5)
    for column, shape in enumerate(ROW)
]
SIX = [
    operation("parameter-0", "parameter"),
    operation("network-1", "network", ("parameter-0",)),
    operation("disk-2", "disk"),
    operation("notice-3", "notice", ("disk-2",)),
    operation("pair-4", "pair", ("network-1",)),
    operation("setting-5", "setting", ("pair-4", "notice-3")),
]


class Sweep:
    """Worlds of one plan whose runners die, held against one whose runner lives."""

    def __init__(self, folder: Path, operations: list[dict[str, Any]]) -> None:
        self.folder = folder
        self.loaded = plan_of(operations)
        self.number = 0
        clean = self.world()
        clean.run()
        self.boundaries = clean.process.boundaries
        self.changes = clean.weather.changes
        self.clean = made(clean)

    def world(self) -> World:
        self.number += 1
        return World(self.folder, self.loaded, self.number, max_parallel=4)

    def recover(self, world: World, deaths: Iterator[Death | None]) -> str | None:
        """Resume, with further deaths, until the run is through; then what is wrong with it.

        A runner that died before it had said that its run started has left nothing to resume: it is asked for again.
        """
        operator = Operator(world)
        for death in deaths:
            problem = lost(world)
            if problem is not None:
                return problem
            operator.resolve()
            world.death = death
            doubtful = {key for key, _ in operator.doubtful()}
            told = world.status().seq
            if world.status().run is None:
                world.run()
            else:
                operator.resume()
            resumed = [event for event in world.events() if event.kind == "run.resumed" and event.seq > told]
            if resumed and set(resumed[0].data["in_doubt"]) != doubtful:
                return f"in doubt are {doubtful}, the runner found {resumed[0].data['in_doubt']}"
            if death is None and self._through(world):
                break
        return self.verdict(world)

    def _through(self, world: World) -> bool:
        status = world.status()
        return all(status.of(key).state.satisfied for key in self.loaded.plan.operations)

    def verdict(self, world: World) -> str | None:
        if not self._through(world):
            states = {key: str(each.state) for key, each in world.status().operations.items()}
            return f"stranded: {states}"
        if made(world) != self.clean:
            return f"the account is not that of a clean run: {made(world)}"
        return next(iter(problems(world)), None)


def made(world: World) -> dict[str, Any]:
    """What exists, but for the ids that AWS gave."""
    state = world.aws.state
    return {
        "parameters": state.parameters,
        "networks": sorted(name.rpartition("-")[0] for name in state.networks.values()),
        "disks": sorted(state.disks.values()),
        "messages": state.messages,
    }


def lost(world: World) -> str | None:
    """Whether an acknowledged event is missing, or an intent without an outcome is not in doubt."""
    events = world.events()
    missing = set(world.acknowledged) - {event.hash for event in events}
    if missing:
        return f"{len(missing)} acknowledged events are lost"
    known = {
        (key, str(way), number)
        for key, steps in fold_progress(events).items()
        for (way, number), step in steps.items()
        if step.in_doubt
    }
    if known != open_intents(events):
        return f"in doubt is {known}, and without an outcome {open_intents(events)}"
    return None


def open_intents(events: list[Event]) -> set[tuple[str, str, int]]:
    """Intents of changes that have neither an outcome nor an answer."""
    found: set[tuple[str, str, int]] = set()
    for event in events:
        if event.kind in ("step.intent", "step.outcome"):
            key = (str(event.operation), event.data["direction"], event.data["step"])
            found.discard(key)
            if event.kind == "step.intent" and event.data["mutates"]:
                found.add(key)
        elif event.kind == "operation.resolved":
            found = {key for key in found if (key[0], key[2]) != (event.operation, event.data["step"])}
    return found


def dying(sweep: Sweep, *deaths: Death) -> str | None:
    """A life whose runners die so, one after the other."""
    world = sweep.world()
    world.death = deaths[0]
    world.run()
    rest: list[Death | None] = [*deaths[1:], None, None, None, None]
    problem = sweep.recover(world, iter(rest))
    return f"{deaths}, died {world.deaths}: {problem}" if problem else None


@pytest.mark.catalogue(
    1, "kill at every journal boundary, 50-op run", "0 lost; in doubt right; state = clean run"
)
def test_killed_at_any_boundary_a_run_ends_as_if_nothing_had_been(tally: Tally, tmp_path: Path) -> None:
    sweep = Sweep(tmp_path, FIFTY)
    if tally.whole:
        for boundary in range(1, sweep.boundaries + 1):
            for before in (True, False):
                tally.note(dying(sweep, Death(boundary, before)))
        return
    chance = random.Random(1)
    kills = 0
    while kills < 40:
        deaths = [Death(chance.randint(5, 60), chance.random() < 0.5) for _ in range(8)]
        kills += len(deaths)
        tally.note(dying(sweep, *deaths), tries=len(deaths))


@pytest.mark.catalogue(
    1, "kill at random points in calls, 50-op run", "0 lost; in doubt right; state = clean run"
)
def test_killed_in_any_call_a_run_ends_as_if_nothing_had_been(tally: Tally, tmp_path: Path) -> None:
    sweep = Sweep(tmp_path, FIFTY)
    chance = random.Random(2)
    each = 5
    for _ in range(tally.count(2, 100)):
        world = sweep.world()
        numbers = sorted(chance.sample(range(1, sweep.changes + 1), each))
        world.weather.at = {
            number: chance.choice([Fault.CRASH_BEFORE, Fault.CRASH_AFTER]) for number in numbers
        }
        told = dict(world.weather.at)
        world.run()
        problem = sweep.recover(world, iter([None] * (each + 4)))
        tally.note(f"{told}: {problem}" if problem else None, tries=each)


@pytest.mark.catalogue(2, "kill again during recovery, three deep", "converges, 0 stranded")
def test_killed_again_and_again_while_it_recovers_a_run_still_ends(tally: Tally, tmp_path: Path) -> None:
    sweep = Sweep(tmp_path, SIX)
    chance = random.Random(3)
    tried = tally.count(1, sweep.boundaries)
    for first in chance.sample(range(1, sweep.boundaries + 1), tried):
        world = sweep.world()
        world.death = Death(first, False)
        world.run()
        Operator(world).resume()
        recovery = world.process.boundaries
        steps = (
            range(1, recovery + 1)
            if tally.whole
            else chance.sample(range(1, recovery + 1), min(12, recovery))
        )
        for second in steps:
            third, fourth = chance.randint(1, recovery), chance.randint(1, recovery)
            before = chance.random() < 0.5
            deaths = [Death(at, before) for at in (second, third, fourth)]
            tally.note(dying(sweep, Death(first, False), *deaths))
