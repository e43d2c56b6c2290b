"""The operators of a simulated world: what they ask for, what they answer, and how they bring it to an end."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from operations.plan.graph import PlanGraph
from state.events import Direction, Event, Result
from state.operation_events import OperationResolved
from state.projections.progress import fold_progress
from state.projections.states import OperationState
from state.request_events import (
    ApprovalGranted,
    RequestCancel,
    RequestMarkDone,
    RequestNote,
    RequestPause,
    RequestResolve,
    RequestResume,
)
from tests.operations.engine.sim.faults import LATEST, ON_CHANGES, Weather
from tests.operations.engine.sim.judge import key_of, lives, problems
from tests.operations.engine.sim.plans import forget, random_plan, shape_of
from tests.operations.engine.sim.world import Death, World

ROUNDS = 14
"""Runs after which a world in fair weather must have come to rest."""


@dataclass
class Operator:
    """Acts on a world as people do with the console. Every answer that it gives is true."""

    world: World
    log: list[str] = field(default_factory=list)

    def say(self, act: str, result: object = "") -> None:
        self.log.append(f"{self.world.clock.now:.0f} s {act} {result or ''}".rstrip())

    def run(self, *operations: str) -> None:
        self.say(f"run {' '.join(operations)}", self.world.run(*operations) or "died")

    def roll_back(self, *operations: str) -> None:
        self.say(f"roll back {' '.join(operations)}", self.world.roll_back(*operations) or "died")

    def resume(self) -> None:
        if self.world.status().run is not None:
            self.say("resume", self.world.resume() or "died")

    def wait(self, seconds: float) -> None:
        self.world.clock.now += seconds

    def doubtful(self) -> list[tuple[str, int]]:
        """Operations in doubt, with the step that `cutover resolve` would settle."""
        progress = fold_progress(self.world.events())
        found = {
            key: [step for (_, step), at in steps.items() if at.in_doubt] for key, steps in progress.items()
        }
        return [(key, steps[0]) for key, steps in found.items() if steps]

    def resolve(self) -> None:
        """Look at everything that is in doubt, long enough for anything late to have come, and say what is."""
        self.wait(LATEST + 1)
        for operation, step in self.doubtful():
            doubt = self._intents(operation, step)[-1]
            things = self._effects(doubt)
            result = Result.APPLIED if things else Result.NOT_APPLIED
            answer = "done" if things else "not-done"
            self.say(f"resolve {operation} {step} {answer}")
            self.world.append(RequestResolve(answer=answer, reason="looked"), operation)
            resolved = OperationResolved(
                step=step, result=result, by="kim@here", reason="looked", saved=self._saved(doubt, things)
            )
            self.world.append(resolved, operation)

    def _intents(self, operation: str, step: int) -> list[Event]:
        return [
            event
            for event in self.world.events()
            if event.kind == "step.intent"
            and key_of(event)[::2] == (operation, step)
            and event.data["mutates"]
        ]

    def _effects(self, doubt: Event) -> list[str]:
        """What a step in doubt has changed, by any attempt of this life of its operation; empty: nothing."""
        world, operation, forward = self.world, str(doubt.operation), doubt.data["direction"] == "forward"
        state = world.aws.state
        if doubt.data["api"].startswith("command"):
            return [operation] if bool(state.made_by_tools.get(operation, 0)) is forward else []
        if doubt.data["api"] == "dynamodb:BatchWriteItem":
            shape = shape_of(operation)
            count = shape.count(world.aws.services, state, operation)
            return [operation] if count == (shape.makes if forward else 0) else []
        life = lives(world.events())
        return [
            effect.thing
            for effect in world.aws.history
            if effect.cause is not None
            and key_of(effect.cause) == key_of(doubt)
            and life[effect.cause.seq] == life[doubt.seq]
        ]

    def _saved(self, doubt: Event, things: list[str]) -> dict[str, str]:
        operation = self.world.loaded.plan.operations[str(doubt.operation)]
        step = operation.sections()[doubt.data["direction"]][doubt.data["step"] - 1]
        return {name: things[-1] for name in getattr(step, "save", {}) if things}

    def approve(self) -> None:
        """Give every approval and attestation that is waited for."""
        status = self.world.status()
        for key in status.in_state(OperationState.HELD):
            if key not in status.approvals:
                granted = ApprovalGranted(role=None, digest=self.world.loaded.digest, reason="seen")
                self.world.append(granted, key)

    def undo_by_hand(self) -> None:
        """Do what the program cannot: nobody has told it what the thing is called, or a guard finds nothing to look at."""
        status = self.world.status()
        for key in status.in_state(OperationState.HELD):
            why = status.of(key).why or ""
            if "mark it done" in why or (why.startswith("guard") and "NotFound" in why):
                self.say(f"undo {key} by hand")
                forget(self.world.aws.state, key)
                self.world.append(RequestMarkDone(reason="removed it"), key)

    # bringing it to an end

    def finish(self) -> list[str]:
        """In fair weather: everything forward, then everything back; what does not come to rest is told."""
        world = self.world
        world.weather.clear()
        self.say("fair weather")
        self.wait(600)
        found = self._until(self._all_forward, Direction.FORWARD)
        found += problems(world)
        found += self._until(self._all_back, Direction.INVERSE)
        return found + problems(world)

    def _until(self, rested: Callable[[], bool], direction: Direction) -> list[str]:
        for _ in range(ROUNDS):
            if rested():
                return []
            self.resolve()
            self.approve()
            self.undo_by_hand()
            self._once_more(direction)
        states = {key: str(state.state) for key, state in self.world.status().operations.items()}
        return [f"stranded on the way {direction}: {states}"]

    def _once_more(self, direction: Direction) -> None:
        run = self.world.status().run
        if run is not None and run.state.open:
            self.resume()
        elif direction is Direction.INVERSE:
            self.roll_back(*self.can_go_back())
        else:
            begun = self._begun_back()
            self.roll_back(*begun) if begun else self.run()

    def _begun_back(self) -> list[str]:
        """Operations to be undone before they can go on, with what stands on them.

        Those whose way back was begun and not ended, and those that did all their steps and whose verification fails:
        a timed-out delete that landed late took away what had been made since (docs/in-doubt.md, known limits).
        """
        status = self.world.status()
        progress = fold_progress(self.world.events())
        begun = [
            key
            for key, each in status.operations.items()
            if (each.direction is Direction.INVERSE and each.state.stands)
            or "neither an input nor saved" in (each.why or "")
            or (each.state is OperationState.FAILED and all(step.done for step in progress[key].values()))
        ]
        graph = PlanGraph.of(self.world.loaded.plan)
        return [
            key for key in self.world.loaded.plan.operations if key in {*begun, *graph.descendants(begun)}
        ]

    def _all_forward(self) -> bool:
        status = self.world.status()
        return all(status.of(key).state.satisfied for key in self.world.loaded.plan.operations)

    def can_go_back(self) -> list[str]:
        """What no irreversible operation stands on."""
        plan = self.world.loaded.plan
        graph = PlanGraph.of(plan)
        fixed = [key for key, operation in plan.operations.items() if not operation.reversible]
        kept = {*fixed, *graph.ancestors(fixed)}
        return [key for key in plan.operations if key not in kept]

    def _all_back(self) -> bool:
        status = self.world.status()
        return not any(status.of(key).state.stands for key in self.can_go_back())


def arm_weather(weather: Weather, chance: random.Random) -> None:
    """How bad it is in a world."""
    weather.rate = chance.choice([0.0, 0.05, 0.15, 0.35])
    weather.read_rate = chance.choice([0.0, 0.02, 0.1])
    weather.lag = chance.choice([0.0, 0.0, 2.0, 8.0])
    weather.budget = chance.choice([1, 3, 8, 30])
    weather.kinds = tuple(chance.sample(ON_CHANGES, chance.randint(2, len(ON_CHANGES))))


def arm_process(world: World, chance: random.Random) -> None:
    """What happens to the next runner: it may die, and people may ask things of it."""
    if chance.random() < 0.4:
        world.death = Death(
            chance.choice([1, 2, 3, 5, 8, 13, 21, 34]) + chance.randrange(8), chance.random() < 0.5
        )
    if chance.random() < 0.2:
        begin = chance.uniform(0, 30)
        world.asked.append((begin, lambda w: _append(w, RequestPause())))
        world.asked.append((begin + chance.uniform(0, 20), lambda w: _append(w, RequestResume())))
    if chance.random() < 0.15:
        world.asked.append((chance.uniform(0, 30), lambda w: _append(w, RequestCancel())))
    if chance.random() < 0.05:
        world.asked.append((chance.uniform(0, 30), lambda w: w.runner._stop("SIGTERM")))
    if chance.random() < 0.1:
        world.asked.append((chance.uniform(0, 30), lambda w: _append(w, RequestNote(text="hm"))))


def _append(world: World, payload: RequestPause | RequestResume | RequestCancel | RequestNote) -> None:
    world.append(payload)


def act(operator: Operator, chance: random.Random) -> None:
    """One thing that an operator may do."""
    world = operator.world
    arm_process(world, chance)
    keys = list(world.loaded.plan.operations)
    some = [key for key in keys if chance.random() < 0.5] or keys
    match chance.choice(["run", "run", "run some", "back", "back some", "resume", "resume", "settle"]):
        case "run":
            operator.run()
        case "run some":
            operator.run(*some)
        case "back":
            operator.roll_back(*operator.can_go_back())
        case "back some":
            operator.roll_back(*_closed(operator, some))
        case "resume":
            operator.resume()
        case "settle":
            operator.resolve()
            operator.approve()
    operator.wait(chance.choice([0, 1, 60, 1000]))


def _closed(operator: Operator, some: list[str]) -> list[str]:
    """Of some operations those that may go back, and all that stands on them."""
    free = operator.can_go_back()
    above = PlanGraph.of(operator.world.loaded.plan).descendants([key for key in free if key in some])
    return [key for key in free if key in some or key in above] or free


def walk(seed: int, folder: Path) -> tuple[Operator, list[str]]:
    """One whole life of one world; what did not hold is returned."""
    chance = random.Random(seed)
    world = World(folder, random_plan(chance, most=6), seed, max_parallel=chance.choice([1, 2, 4]))
    arm_weather(world.weather, chance)
    operator = Operator(world)
    operator.run()
    for _ in range(chance.randint(1, 5)):
        act(operator, chance)
    return operator, problems(world) + operator.finish()
