"""The judge: what must hold in a simulated world, worked out from the journal's rows and the fake's own history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from operations.plan.graph import PlanGraph
from state.events import Event
from state.kinds import Kind
from state.projections.states import OperationState, PlanStatus
from state.projections.status import fold
from state.reader import JournalReader
from tests.operations.engine.sim.plans import shape_of
from tests.operations.engine.sim.world import CATALOG, World

Key = tuple[str, str, int]
"""Operation, direction, step."""
ONCE = {
    "ec2:CreateVpc",
    "ec2:CreateVolume",
    "rds:CreateDBInstance",
    "rds:StopDBInstance",
    "rds:StartDBInstance",
    "sns:Publish",
}
"""Calls that must have their effect once in an operation's life."""
_ENDS = {
    Kind.OPERATION_SUCCEEDED,
    Kind.OPERATION_FAILED,
    Kind.OPERATION_ROLLED_BACK,
    Kind.OPERATION_SKIPPED,
}


def problems(world: World) -> list[str]:
    """Everything that does not hold. May be asked at any time between two processes."""
    events = world.events()
    return [
        *world.aws.problems,
        *_one_wire_call(world),
        *_Doubt().walk(events),
        *_order(world, events),
        *_single_effects(world, events),
        *_verdicts(world, events),
        *_never_cancelled(events),
        *_pure_folds(world, events),
        *_chain(world),
        *_account(world),
    ]


def _one_wire_call(world: World) -> Iterator[str]:
    for seq, count in world.aws.wire.items():
        if count > 1:
            yield f"intent {seq} left {count} times"


def key_of(event: Event) -> Key:
    """The step that an intent or outcome is about."""
    return str(event.operation), str(event.data["direction"]), int(event.data["step"])


@dataclass
class _Doubt:
    """Intents whose outcome nobody knows: they must be settled, and never passed over."""

    open: dict[Key, list[Event]] = field(default_factory=dict)

    def walk(self, events: list[Event]) -> Iterator[str]:
        for event in events:
            if event.operation is not None:
                yield from self._step(event)

    def _step(self, event: Event) -> Iterator[str]:
        match event.kind:
            case Kind.STEP_INTENT:
                yield from self._intent(event)
            case Kind.STEP_OUTCOME if event.data["result"] == "applied":
                self.open.pop(key_of(event), None)
            case Kind.STEP_OUTCOME if event.data["result"] == "not_applied":
                self._not_applied(event)
            case Kind.OPERATION_RESOLVED:
                for key in [k for k in self.open if (k[0], k[2]) == (event.operation, event.data["step"])]:
                    del self.open[key]
            case kind if kind in _ENDS:
                for key, intents in list(self.open.items()):
                    if key[0] == event.operation and not self._undone_either_way(kind, key, intents):
                        yield f"event {event.seq} {kind} of {event.operation} while {key} is in doubt"

    def _undone_either_way(self, kind: str, key: Key, intents: list[Event]) -> bool:
        """A way back that is whole whether or not a repeatable call of the forward had its effect."""
        whole = kind == Kind.OPERATION_ROLLED_BACK and key[1] == "forward"
        if whole and all(_repeatable(intent) for intent in intents):
            del self.open[key]
            return True
        return False

    def _not_applied(self, event: Event) -> None:
        """The newest attempt had no effect, which says nothing about those before it."""
        left = [
            each for each in self.open.get(key_of(event), []) if each.data["attempt"] != event.data["attempt"]
        ]
        if left:
            self.open[key_of(event)] = left
        else:
            self.open.pop(key_of(event), None)

    def _intent(self, event: Event) -> Iterator[str]:
        before = self.open.get(key_of(event), [])
        for each in before:
            same_token = each.data["token"] and each.data["token"] == event.data["token"]
            if not same_token and not _repeatable(event):
                yield f"intent {event.seq} passes over intent {each.seq}, which is in doubt: {key_of(event)}"
        if event.data["mutates"]:
            self.open[key_of(event)] = [*before, event]


def _repeatable(intent: Event) -> bool:
    api = str(intent.data["api"])
    return ":" in api and CATALOG.repeatable(api, intent.data["params"])


def _order(world: World, events: list[Event]) -> Iterator[str]:
    graph = PlanGraph.of(world.loaded.plan)
    status, folded = PlanStatus(), 0
    for event in events:
        if event.kind == Kind.STEP_INTENT and event.data["mutates"]:
            status, folded = fold(events[folded : event.seq - 1], status), event.seq - 1
            yield from _out_of_order(graph, status, event)


def _out_of_order(graph: PlanGraph, status: PlanStatus, event: Event) -> Iterator[str]:
    key = str(event.operation)
    if event.data["direction"] == "forward":
        for need in graph.needs(key):
            if not status.of(need).state.satisfied:
                yield f"intent {event.seq}: {key} goes forward while {need} is {status.of(need).state}"
        return
    for user in graph.needed_by(key):
        if status.of(user).state.stands:
            yield f"intent {event.seq}: {key} goes back while {user} is {status.of(user).state}"


def lives(events: list[Event]) -> dict[int, int]:
    """By seq of an intent: how often its operation had been rolled back before."""
    counts: Counter[str] = Counter()
    found: dict[int, int] = {}
    for event in events:
        undone = event.kind == Kind.OPERATION_MARKED_DONE and event.data["direction"] == "inverse"
        if event.kind == Kind.OPERATION_ROLLED_BACK or undone:
            counts[str(event.operation)] += 1
        elif event.kind == Kind.STEP_INTENT:
            found[event.seq] = counts[str(event.operation)]
    return found


def _single_effects(world: World, events: list[Event]) -> Iterator[str]:
    life = lives(events)
    made: dict[tuple[Key, int], set[int]] = defaultdict(set)
    for effect in world.aws.history:
        if effect.cause is not None and effect.cause.data["api"] in ONCE:
            made[key_of(effect.cause), life[effect.cause.seq]].add(effect.cause.seq)
    for (key, number), causes in made.items():
        if len(causes) > 1:
            yield f"{key} had its effect {len(causes)} times in life {number}, by intents {sorted(causes)}"
    for thing, count in world.aws.services.state.made_by_tools.items():
        if count not in (0, 1):
            yield f"the tool made {thing} {count} times"


def _verdicts(world: World, events: list[Event]) -> Iterator[str]:
    """A resolver, or a truthful person, is never wrong about a call that may have its effect only once."""
    life = lives(events)
    by_key: dict[tuple[Key, int], list[Event]] = defaultdict(list)
    for event in events:
        if event.kind == Kind.STEP_INTENT:
            by_key[key_of(event), life[event.seq]].append(event)
            continue
        if event.kind != Kind.OPERATION_RESOLVED:
            continue
        newest = max(
            (
                found[-1]
                for (key, _), found in by_key.items()
                if key[::2] == (event.operation, event.data["step"])
            ),
            key=lambda intent: intent.seq,
        )
        if newest.data["api"] in ONCE:
            causes = {intent.seq for intent in by_key[key_of(newest), life[newest.seq]]}
            yield from _wrong(world, event, newest, causes)


def _wrong(world: World, event: Event, newest: Event, causes: set[int]) -> Iterator[str]:
    seen = {effect.cause.seq for effect in world.aws.history if effect.cause is not None}
    by = event.data["by"]
    if event.data["result"] == "applied" and not causes & seen:
        yield f"event {event.seq}: {by} says {newest.data['api']} of {event.operation} was applied; it was not"
    if event.data["result"] == "not_applied" and newest.seq in seen:
        yield f"event {event.seq}: {by} says {newest.data['api']} of {event.operation} was not applied; it was"


def _never_cancelled(events: list[Event]) -> Iterator[str]:
    directions = {event.run: event.data["direction"] for event in events if event.kind == Kind.RUN_STARTED}
    for event in events:
        back = event.kind == Kind.RUN_INTERRUPTED and directions.get(event.run) == "inverse"
        if back and event.data["signal"] == "cancel":
            yield f"event {event.seq}: a rollback was cancelled"


def _pure_folds(world: World, events: list[Event]) -> Iterator[str]:
    whole = fold(events)
    cut = world.seed % (len(events) + 1)
    if fold(events[cut:], fold(events[:cut])) != whole:
        yield f"the fold of all is not the fold from event {cut} on"


def _chain(world: World) -> Iterator[str]:
    with JournalReader(world.path) as reader:
        report = reader.verify()
    if not report.ok:
        yield f"the chain is broken at {report.first_bad}: {report.problem}"


def _account(world: World) -> Iterator[str]:
    """What the journal says is done is there, and what it says is undone is not."""
    status = world.status()
    for key in world.loaded.plan.operations:
        shape = shape_of(key)
        count = shape.count(world.aws.services, world.aws.state, key)
        match status.of(key).state:
            case OperationState.SUCCEEDED if count != shape.makes:
                yield f"{key} has succeeded and {count} of its {shape.makes} things exist"
            case OperationState.ROLLED_BACK if count > shape.leaves:
                yield f"{key} is rolled back and {count} of its things exist"
            case OperationState.PENDING if count:
                yield f"{key} never began and {count} of its things exist"
