"""The way back: what a rollback would undo, in which order, what stands in its way, how long it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from operations.engine.errors import RunRefusedError
from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from state.projections.badges import Badge
from state.projections.states import PlanStatus


@dataclass(frozen=True, slots=True)
class WayBack:
    """A rollback as planned: `operations` in the order in which they are undone.

    Attributes:
        operations: what is undone, dependents first.
        blocked_by: operations without a way back that stand in it.
        needs_too: operations that still stand on what is to be undone and were not asked for.
        minutes: of the longest chain of inverses, each by `minutes_by`.
        minutes_by: of each inverse: the plan's estimate, or the 95th percentile of its rehearsals where that is longer.
        loses: what is lost, by operation id.
        retains: what is left behind on purpose, by operation id.
    """

    operations: tuple[str, ...]
    blocked_by: tuple[str, ...]
    needs_too: tuple[str, ...]
    minutes: float
    loses: dict[str, str]
    retains: dict[str, tuple[str, ...]]
    minutes_by: dict[str, float]

    @property
    def possible(self) -> bool:
        """Whether it can be gone as it is."""
        return not self.blocked_by and not self.needs_too


def standing(plan: Plan, status: PlanStatus) -> tuple[str, ...]:
    """The operations that may have changed the account, in file order."""
    return tuple(key for key in plan.operations if status.of(key).state.stands)


def way_back(
    plan: Plan,
    graph: PlanGraph,
    status: PlanStatus,
    wanted: Iterable[str],
    badges: Mapping[str, Badge] | None = None,
) -> WayBack:
    """Plan the rollback of the wanted operations, as far as they stand; `badges` say how long rehearsals took."""
    stands = set(standing(plan, status))
    chosen = set(wanted) & stands
    on_top = graph.descendants(chosen) & stands
    concerned, more = chosen | on_top, on_top - chosen
    blocked = tuple(
        key for key in plan.operations if key in concerned and not plan.operations[key].reversible
    )
    order = tuple(reversed(graph.in_order(chosen)))
    minutes_by = {key: _minutes(plan.operations[key].estimate, (badges or {}).get(key)) for key in order}
    return WayBack(
        operations=order,
        blocked_by=blocked,
        needs_too=tuple(key for key in plan.operations if key in more),
        minutes=_longest(graph, order, minutes_by),
        loses={key: plan.operations[key].loses for key in order if plan.operations[key].loses != "nothing"},
        retains={key: plan.operations[key].retains for key in order if plan.operations[key].retains},
        minutes_by=minutes_by,
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


def _minutes(estimate: float, badge: Badge | None) -> float:
    """A sandbox is quick, so a rehearsal makes an estimate longer, never shorter."""
    measured = None if badge is None else badge.p95
    return estimate if measured is None else max(estimate, measured / 60)


def _longest(graph: PlanGraph, order: tuple[str, ...], minutes_by: Mapping[str, float]) -> float:
    ends: dict[str, float] = {}
    for key in order:
        after = max((ends[other] for other in graph.needed_by(key) if other in ends), default=0.0)
        ends[key] = after + minutes_by[key]
    return max(ends.values(), default=0.0)
