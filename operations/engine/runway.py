"""The credential runway: whether credentials outlive the work ahead and the way back from where it ends."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from operations.aws.credentials import CredentialLife, Ends
from operations.engine.way_back import standing, way_back
from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from state.events import Direction
from state.projections.states import OperationState, PlanStatus


@dataclass(frozen=True, slots=True)
class Work:
    """Minutes of work ahead, by the plan's estimates: `ahead` itself, and the way back of what then stands."""

    ahead: float
    back: float

    @property
    def minutes(self) -> float:
        """Both."""
        return self.ahead + self.back


@dataclass(frozen=True, slots=True)
class Runway:
    """Credentials compared with work; `left` is minutes until a person must log in, None for never or not known."""

    life: CredentialLife
    left: float | None
    work: Work

    @property
    def short(self) -> bool:
        """Whether the credentials surely end before the work does."""
        return self.left is not None and self.left < self.work.minutes

    def text(self) -> str:
        """Both figures on one line; empty where the credentials have no end."""
        work = f"work {math.ceil(self.work.ahead)} + way back {math.ceil(self.work.back)} min"
        if self.left is not None:
            return f"credentials {math.floor(self.left)} min left, {work}"
        match self.life.ends:
            case Ends.UNKNOWN:
                return f"credentials from {self.life.source}: their end is not known, {work}"
            case Ends.AT:
                return f"credentials from {self.life.source}: renewed by themselves, {work}"
        return ""


def work_ahead(
    plan: Plan,
    graph: PlanGraph,
    status: PlanStatus,
    operations: Iterable[str],
    direction: Direction,
    max_parallel: int,
) -> Work:
    """What running or undoing these operations takes."""
    if direction is Direction.INVERSE:
        return Work(way_back(plan, graph, status, operations).minutes, 0.0)
    todo = [key for key in operations if not status.of(key).state.satisfied]
    done = {key: replace(status.of(key), state=OperationState.SUCCEEDED) for key in todo}
    after = replace(status, operations={**status.operations, **done})
    return Work(
        _minutes(plan, graph, todo, max_parallel), way_back(plan, graph, after, standing(plan, after)).minutes
    )


def least_work(plan: Plan, graph: PlanGraph, status: PlanStatus, operations: Iterable[str]) -> Work:
    """What the shortest of these operations that is still to do takes."""
    todo = [key for key in operations if not status.of(key).state.satisfied]
    each = (work_ahead(plan, graph, status, [key], Direction.FORWARD, 1) for key in todo)
    return min(each, key=lambda work: work.minutes, default=Work(0.0, 0.0))


def runway(life: CredentialLife, now: datetime, work: Work) -> Runway:
    """Compare credentials with work."""
    return Runway(life, life.minutes_left(now), work)


def _minutes(plan: Plan, graph: PlanGraph, operations: Iterable[str], max_parallel: int) -> float:
    """Minutes until all are done, so many at once, each after those that it needs."""
    ends: dict[str, float] = {}
    free = [0.0] * max(1, max_parallel)
    for key in graph.in_order(operations):
        operation = plan.operations[key]
        ready = max((ends[need] for need in graph.needs(key) if need in ends), default=0.0)
        bake = operation.bake.minutes if operation.bake is not None else 0.0
        ends[key] = max(ready, heapq.heappop(free)) + max(operation.estimate, bake)
        heapq.heappush(free, ends[key])
    return max(ends.values(), default=0.0)
