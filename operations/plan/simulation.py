"""How long a plan takes with so many slots: the scheduler's rules on the estimates, without doing anything."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from operations.plan.graph import PlanGraph
from operations.plan.models import Operation, Plan
from operations.plan.registers import Group
from operations.plan.steps import ApiStep, WaitStep

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Simulated:
    """A plan as it would run with a number of slots; times in minutes from the start.

    Attributes:
        slots: how many operations may run at once.
        start: when each operation starts.
        end: when each operation ends.
        total: when the last one ends.
        held_by_group: operations that were ready and had a slot, and waited for their group's cap.
    """

    slots: int
    start: Mapping[str, float]
    end: Mapping[str, float]
    total: float
    held_by_group: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceLoad:
    """Calls of the whole plan to one service, and the minutes that its rate limit makes of them at least."""

    service: str
    calls: int
    per_second: float
    minutes: float


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """A group's own figures beside what its operations add up to, in minutes.

    `worked` is the longest chain inside the group, `summed` all its operations one after the other.
    """

    id: str
    title: str
    operations: tuple[str, ...]
    planned: float | None
    sequential: float | None
    worked: float
    summed: float


def duration(operation: Operation, rates: Mapping[str, float]) -> float:
    """Minutes of an operation: its estimate, or what the rate limits make of its calls where that is longer."""
    calls = calls_by_service(operation)
    paced = max((count / rates[service] for service, count in calls.items() if service in rates), default=0.0)
    return max(operation.estimate, paced / SECONDS)


def calls_by_service(operation: Operation) -> Counter[str]:
    """API calls of the forward steps and their verification by service; a wait counts once."""
    counted: Counter[str] = Counter()
    for step in (*operation.checkpoint, *operation.forward, *operation.verify):
        if isinstance(step, ApiStep):
            counted[step.api.partition(":")[0]] += 1
        elif isinstance(step, WaitStep):
            counted[step.wait.partition(":")[0]] += 1
    return counted


def simulate(plan: Plan, graph: PlanGraph, slots: int) -> Simulated:
    """Run the plan on paper: what is ready starts in the order of the longest way still ahead.

    The rule is Graham's list scheduling (SIAM J. Appl. Math. 17, 1969) with critical-path priority; groups' caps and
    service rates are kept.
    """
    return _Simulator(plan, graph, slots).run()


class _Simulator:
    def __init__(self, plan: Plan, graph: PlanGraph, slots: int) -> None:
        rates = plan.limits.calls_per_second
        self._plan, self._graph, self._slots = plan, graph, slots
        self._minutes = {key: duration(operation, rates) for key, operation in plan.operations.items()}
        self._ahead = _ways_ahead(graph, self._minutes)
        self._caps = {group.id: group.max_parallel for group in plan.groups if group.max_parallel}
        self._open_needs = {key: len(graph.needs(key)) for key in self._minutes}
        self._ready = [(-self._ahead[key], key) for key, count in self._open_needs.items() if not count]
        heapq.heapify(self._ready)
        self._capped: dict[str, list[tuple[float, str]]] = {}
        self._running: list[tuple[float, str]] = []
        self._in_group: Counter[str] = Counter()
        self._start: dict[str, float] = {}
        self._end: dict[str, float] = {}
        self._held: dict[str, None] = {}

    def run(self) -> Simulated:
        now = 0.0
        while self._ready or self._running:
            self._start_ready(now)
            now = self._finish_one()
        total = max(self._end.values(), default=0.0)
        return Simulated(self._slots, self._start, self._end, total, tuple(self._held))

    def _group(self, key: str) -> str:
        return self._plan.operations[key].group or ""

    def _start_ready(self, now: float) -> None:
        while self._ready and len(self._running) < self._slots:
            item = heapq.heappop(self._ready)
            key, group = item[1], self._group(item[1])
            if self._in_group[group] >= self._caps.get(group, self._slots):
                self._capped.setdefault(group, []).append(item)
                self._held[key] = None
                continue
            self._in_group[group] += 1
            self._start[key], self._end[key] = now, now + self._minutes[key]
            heapq.heappush(self._running, (self._end[key], key))

    def _finish_one(self) -> float:
        now, finished = heapq.heappop(self._running)
        group = self._group(finished)
        self._in_group[group] -= 1
        for item in self._capped.pop(group, []):
            heapq.heappush(self._ready, item)
        for key in self._graph.needed_by(finished):
            self._open_needs[key] -= 1
            if not self._open_needs[key]:
                heapq.heappush(self._ready, (-self._ahead[key], key))
        return now


def _ways_ahead(graph: PlanGraph, minutes: Mapping[str, float]) -> dict[str, float]:
    ahead: dict[str, float] = {}
    for key in reversed(graph.order):
        ahead[key] = minutes[key] + max((ahead[after] for after in graph.needed_by(key)), default=0.0)
    return ahead


def service_loads(plan: Plan) -> tuple[ServiceLoad, ...]:
    """What the plan asks of every service that it limits, the slowest first."""
    calls = sum((calls_by_service(operation) for operation in plan.operations.values()), Counter[str]())
    loads = [
        ServiceLoad(service, calls[service], rate, calls[service] / rate / SECONDS)
        for service, rate in plan.limits.calls_per_second.items()
        if calls[service]
    ]
    return tuple(sorted(loads, key=lambda load: -load.minutes))


def group_figures(plan: Plan) -> tuple[GroupFigures, ...]:
    """Every group's own figures beside those of its operations."""
    return tuple(_figures(plan, group) for group in plan.groups)


def _figures(plan: Plan, group: Group) -> GroupFigures:
    members = {key: operation for key, operation in plan.operations.items() if operation.group == group.id}
    return GroupFigures(
        group.id,
        group.title,
        tuple(members),
        group.planned,
        group.sequential,
        PlanGraph(members).schedule().total,
        sum(operation.estimate for operation in members.values()),
    )
