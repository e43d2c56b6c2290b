"""The dependencies of a plan as a graph: order, waves, who needs whom, the critical path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from operations.plan.errors import PlanError
from operations.plan.models import Operation, Plan


class CyclicPlanError(PlanError):
    """Operations that wait for each other; `cycle` names them, the first one again at the end."""

    def __init__(self, cycle: tuple[str, ...]) -> None:
        self.cycle = cycle
        super().__init__(
            f"operations wait for each other: {' → '.join(cycle)}", None, "remove one of the dependencies"
        )


@dataclass(frozen=True, slots=True)
class Schedule:
    """When everything could run at best: times in minutes of plan time from the start of the plan.

    Attributes:
        waves: what can run at once, wave after wave, ids in file order.
        critical_path: the chain that takes longest, in order.
        start: earliest start of every operation.
        slack: how long every operation may be late before the whole plan is.
        sequential: minutes if one ran after the other.
        total: minutes of the critical path.
    """

    waves: tuple[tuple[str, ...], ...]
    critical_path: tuple[str, ...]
    start: Mapping[str, float]
    slack: Mapping[str, float]
    sequential: float
    total: float


class PlanGraph:
    """Answers about dependencies; built once for a plan.

    Raises:
        CyclicPlanError: when operations wait for each other.
    """

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self._operations = operations
        self._needs = {
            key: tuple(d for d in operation.depends_on if d in operations)
            for key, operation in operations.items()
        }
        self._rank = {key: rank for rank, key in enumerate(operations)}
        try:
            self.order = tuple(TopologicalSorter(self._needs).static_order())
        except CycleError as error:
            raise CyclicPlanError(tuple(reversed(error.args[1]))) from error
        self._dependents: dict[str, list[str]] = {key: [] for key in operations}
        for key, needs in self._needs.items():
            for need in needs:
                self._dependents[need].append(key)

    @classmethod
    def of(cls, plan: Plan) -> PlanGraph:
        """The graph of a whole plan."""
        return cls(plan.operations)

    def needs(self, operation_id: str) -> tuple[str, ...]:
        """What an operation depends on directly."""
        return self._needs[operation_id]

    def needed_by(self, operation_id: str) -> tuple[str, ...]:
        """What depends on an operation directly."""
        return tuple(self._dependents[operation_id])

    def ancestors(self, ids: Iterable[str]) -> frozenset[str]:
        """Everything that the given operations depend on, directly or not, without themselves."""
        return self._closure(ids, self._needs)

    def descendants(self, ids: Iterable[str]) -> frozenset[str]:
        """Everything that depends on the given operations, directly or not, without themselves."""
        return self._closure(ids, self._dependents)

    def _closure(self, ids: Iterable[str], edges: Mapping[str, Iterable[str]]) -> frozenset[str]:
        given = set(ids)
        seen: set[str] = set()
        stack = [following for key in given for following in edges[key]]
        while stack:
            key = stack.pop()
            if key not in seen:
                seen.add(key)
                stack.extend(edges[key])
        return frozenset(seen - given)

    def in_order(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The given operations so that each comes after what it depends on."""
        wanted = set(ids)
        return tuple(key for key in self.order if key in wanted)

    def waves(self) -> tuple[tuple[str, ...], ...]:
        """What can run at once, wave after wave."""
        sorter = TopologicalSorter(self._needs)
        sorter.prepare()
        waves = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready(), key=self._rank.__getitem__)
            waves.append(tuple(ready))
            sorter.done(*ready)
        return tuple(waves)

    def schedule(self) -> Schedule:
        """Earliest starts, slack and the critical path, from the estimates."""
        minutes = {key: operation.estimate for key, operation in self._operations.items()}
        start: dict[str, float] = {}
        for key in self.order:
            start[key] = max((start[need] + minutes[need] for need in self._needs[key]), default=0)
        total = max((start[key] + minutes[key] for key in self.order), default=0)
        latest: dict[str, float] = {}
        for key in reversed(self.order):
            end = min((latest[dependent] for dependent in self._dependents[key]), default=total)
            latest[key] = end - minutes[key]
        slack = {key: round(latest[key] - start[key], 6) for key in self._operations}
        return Schedule(
            self.waves(), self._critical(start, minutes), start, slack, sum(minutes.values()), total
        )

    def _critical(self, start: Mapping[str, float], minutes: Mapping[str, float]) -> tuple[str, ...]:
        if not self.order:
            return ()
        key = max(self.order, key=lambda k: start[k] + minutes[k])
        path = [key]
        while self._needs[key]:
            key = max(self._needs[key], key=lambda k: start[k] + minutes[k])
            path.append(key)
        return tuple(reversed(path))
