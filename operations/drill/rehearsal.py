"""Rehearses a plan in one sandbox: every operation forward, verified and back in a forked world, then all of it.

The sandbox is forked before each operation, so that what is tried there is gone afterwards; then the operation is carried out
for good, so that the next one finds what it depends on. At the end the whole plan goes back. An inventory that asks AWS by
itself is the witness.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from operations.drill.inventory import Change, Difference, difference
from operations.plan.digest import digest_of, digest_of_several
from operations.plan.graph import PlanGraph
from operations.plan.models import Operation, Plan
from state.drill_events import DrillScore, Proof

Inventory = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """How carrying operations out, or back, ended: `problem` says why not well, None when it did."""

    problem: str | None
    seconds: float


class Stage(Protocol):
    """Where a rehearsal takes place."""

    async def forward(self, operations: Sequence[str]) -> Carried:
        """Carry operations out, verification and bake included."""
        ...

    async def back(self, operations: Sequence[str]) -> Carried:
        """Undo them."""
        ...

    def fork(self) -> AbstractAsyncContextManager[None]:
        """A world of its own, and a journal of its own, until the context ends."""
        ...

    def look(self) -> Inventory:
        """What stands in the account."""
        ...


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The score of one operation, or of the whole plan when `operation` is None."""

    operation: str | None
    score: DrillScore


def needed_for(plan: Plan, graph: PlanGraph, wanted: Sequence[str]) -> tuple[str, ...]:
    """The wanted operations and all that they depend on, in order."""
    return graph.in_order({*wanted, *graph.ancestors(wanted)} & set(plan.operations))


class Rehearsal:
    """Rehearses a plan's operations one after the other.

    Args:
        plan: the plan.
        graph: its dependencies.
        stage: where it takes place.
        say: told what is being done, a line each.
    """

    def __init__(self, plan: Plan, graph: PlanGraph, stage: Stage, say: Callable[[str], None]) -> None:
        self._plan, self._graph, self._stage, self._say = plan, graph, stage, say

    async def run(self, wanted: Sequence[str]) -> AsyncIterator[Rehearsed]:
        """Rehearse the wanted operations; the whole plan too, when all of it is wanted."""
        first = before = self._stage.look()
        stands: list[str] = []
        spent = 0.0
        order = needed_for(self._plan, self._graph, wanted)
        for number, key in enumerate(order, start=1):
            operation = self._plan.operations[key]
            self._say(f"{number}/{len(order)} {key}")
            if key in wanted:
                yield Rehearsed(key, await self._one(operation, before))
            if operation.sandbox_gap or not operation.reversible or not self._may_stand(operation, stands):
                continue
            carried = await self._stage.forward([key])
            spent += carried.seconds
            if carried.problem is None:
                stands.append(key)
            before = self._stage.look()
        if {*self._plan.operations} <= {*wanted}:
            yield Rehearsed(None, await self._whole(stands, first, spent))

    def _may_stand(self, operation: Operation, stands: Sequence[str]) -> bool:
        return all(self._settled(need, stands) for need in operation.depends_on)

    def _settled(self, need: str, stands: Sequence[str]) -> bool:
        return need in stands or self._plan.operations[need].sandbox_gap is not None

    async def _one(self, operation: Operation, before: Inventory) -> DrillScore:
        digest = digest_of(operation)
        if operation.sandbox_gap is not None:
            return DrillScore(result=Proof.GAP, digest=digest, why=operation.sandbox_gap)
        async with self._stage.fork():
            there = await self._stage.forward([operation.id])
            if there.problem is not None:
                return _failed(digest, f"forward: {there.problem}", there.seconds)
            if operation.irreversible is not None:
                return DrillScore(
                    result=Proof.IRREVERSIBLE,
                    digest=digest,
                    forward_seconds=there.seconds,
                    why=operation.irreversible,
                )
            back = await self._stage.back([operation.id])
            if back.problem is not None:
                return _failed(digest, f"way back: {back.problem}", there.seconds, back.seconds)
            left = undeclared([operation], difference(before, self._stage.look()))
        return _score(digest, there.seconds, back.seconds, left)

    async def _whole(self, stands: Sequence[str], first: Inventory, spent: float) -> DrillScore:
        members = [self._plan.operations[key] for key in stands]
        digest = digest_of_several(members)
        missing = [
            key
            for key, operation in self._plan.operations.items()
            if key not in stands and operation.reversible and operation.sandbox_gap is None
        ]
        self._say("the whole plan, back")
        back = await self._stage.back(stands)
        if missing or back.problem is not None:
            why = back.problem or f"not carried out: {', '.join(missing)}"
            return _failed(digest, why, spent, back.seconds)
        return _score(digest, spent, back.seconds, undeclared(members, difference(first, self._stage.look())))


def undeclared(operations: Sequence[Operation], found: Sequence[Difference]) -> tuple[str, ...]:
    """What differs and is not declared in `leaves` of one of the operations.

    A declared resource may be new, changed, or replaced by another that fits the same pattern; it may not just be gone.
    """
    rest = list(found)
    for pattern in {pattern for operation in operations for pattern in operation.leaves}:
        fits = [each for each in rest if fnmatchcase(each.resource, pattern)]
        added = sum(each.change is Change.ADDED for each in fits)
        gone = sum(each.change is Change.REMOVED for each in fits)
        if gone <= added:
            rest = [each for each in rest if each not in fits]
    return tuple(f"{each.resource}: {each.change.value}" for each in rest)


def _failed(digest: str, why: str, forward: float, back: float = 0.0) -> DrillScore:
    return DrillScore(result=Proof.FAILED, digest=digest, forward_seconds=forward, back_seconds=back, why=why)


def _score(digest: str, forward: float, back: float, left: tuple[str, ...]) -> DrillScore:
    why = f"{len(left)} resources differ afterwards" if left else None
    return DrillScore(
        result=Proof.FAILED if left else Proof.PROVEN,
        digest=digest,
        forward_seconds=forward,
        back_seconds=back,
        differences=left,
        why=why,
    )
