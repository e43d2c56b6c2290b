"""The way back: what a rollback would undo, in which order, what stands in its way, how long it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from operations.engine.errors import RunRefusedError
from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from state.projections.states import PlanStatus


@dataclass(frozen=True, slots=True)
class WayBack:
    """A rollback as planned: `operations` in the order in which they are undone.

    Attributes:
        operations: what is undone, dependents first.
        blocked_by: operations without a way back that stand in it.
        needs_too: operations that still stand on what is to be undone and were not asked for.
        minutes: of the longest chain of inverses, from the plan's estimates.
        loses: what is lost, by operation id.
        retains: what is left behind on purpose, by operation id.
    """

    operations: tuple[str, ...]
    blocked_by: tuple[str, ...]
    needs_too: tuple[str, ...]
    minutes: float
    loses: dict[str, str]
    retains: dict[str, tuple[str, ...]]

    @property
    def possible(self) -> bool:
        """Whether it can be gone as it is."""
        return not self.blocked_by and not self.needs_too


def standing(plan: Plan, status: PlanStatus) -> tuple[str, ...]:
    """The operations that may have changed the account, in file order."""
    return tuple(key for key in plan.operations if status.of(key).state.stands)


def way_back(plan: Plan, graph: PlanGraph, status: PlanStatus, wanted: Iterable[str]) -> WayBack:
    """Plan the rollback of the wanted operations, as far as they stand."""
    stands = set(standing(plan, status))
    chosen = set(wanted) & stands
    on_top = graph.descendants(chosen) & stands
    blocked = tuple(
        key for key in plan.operations if key in chosen | on_top and not plan.operations[key].reversible
    )
    order = tuple(reversed(graph.in_order(chosen)))
    return WayBack(
        operations=order,
        blocked_by=blocked,
        needs_too=tuple(key for key in plan.operations if key in on_top - chosen),
        minutes=_longest(plan, graph, chosen),
        loses={key: plan.operations[key].loses for key in order if plan.operations[key].loses != "nothing"},
        retains={key: plan.operations[key].retains for key in order if plan.operations[key].retains},
    )


def back_to(plan: Plan, graph: PlanGraph, status: PlanStatus, operation_id: str) -> tuple[str, ...]:
    """What has to be undone to be back where this operation had just been carried out.

    Raises:
        RunRefusedError: the operation does not stand, so there is no such point.
    """
    point = status.of(operation_id)
    if not point.state.stands or point.started_at is None:
        raise RunRefusedError(f"`{operation_id}` is {point.state}: there is no such point to go back to")
    below = graph.ancestors([operation_id])
    return tuple(
        key
        for key in standing(plan, status)
        if key != operation_id and key not in below and (status.of(key).started_at or "") >= point.started_at
    )


def _longest(plan: Plan, graph: PlanGraph, chosen: set[str]) -> float:
    ends: dict[str, float] = {}
    for key in reversed(graph.in_order(chosen)):
        after = max((ends[other] for other in graph.needed_by(key) if other in ends), default=0.0)
        ends[key] = after + plan.operations[key].estimate
    return max(ends.values(), default=0.0)
