"""How long the rest of some work will take: by the plan's estimates, and by how long what is done took against them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from state.projections.states import OperationState, PlanStatus

FEWEST = 3
"""Operations that must be done before their pace says anything about the rest."""
LATE = 0.95
"""The pace that is kept this often gives the time that is named as p95."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Minutes to go.

    Attributes:
        estimated: by the plan's estimates alone.
        left: how many operations are not done.
        samples: how many that are done say how well estimates hold.
        p50: at the pace that half of these kept; None with fewer than three.
        p95: at the pace that 95 of a hundred kept; None likewise.
    """

    estimated: float
    left: int
    samples: int = 0
    p50: float | None = None
    p95: float | None = None


def actual_minutes(status: PlanStatus, key: str) -> float | None:
    """How long an operation took from its start to its success, None while it has not succeeded."""
    found = status.of(key)
    if found.state is not OperationState.SUCCEEDED or not found.started_at or not found.ended_at:
        return None
    seconds = datetime.fromisoformat(found.ended_at) - datetime.fromisoformat(found.started_at)
    return max(0.0, seconds.total_seconds() / 60)


def running_minutes(status: PlanStatus, key: str, now: datetime) -> float | None:
    """How long an operation has been worked on, None when nobody is at it."""
    found = status.of(key)
    if not found.state.active or not found.started_at:
        return None
    return max(0.0, (now - datetime.fromisoformat(found.started_at)).total_seconds() / 60)


def paces(plan: Plan, status: PlanStatus) -> tuple[float, ...]:
    """Actual against estimated time of every operation that has succeeded, quickest first."""
    found = []
    for key, operation in plan.operations.items():
        took = actual_minutes(status, key)
        if took is not None and operation.estimate > 0:
            found.append(took / operation.estimate)
    return tuple(sorted(found))


def forecast(
    plan: Plan, graph: PlanGraph, status: PlanStatus, wanted: Iterable[str], slots: int, now: datetime
) -> Forecast:
    """How long it takes to carry the rest of these operations out, forward.

    The rest takes as long as its longest chain, and at least as long as its slots need for all of it; an operation that is
    being worked on counts with what its estimate leaves.
    """
    rest = [key for key in graph.in_order(wanted) if not status.of(key).state.satisfied]
    minutes = {key: _left(plan, status, key, now) for key in rest}
    estimated = _estimated(rest, minutes, graph.needs, slots)
    samples = paces(plan, status)
    if len(samples) < FEWEST:
        return Forecast(estimated, len(rest), len(samples))
    half, late = _quantile(samples, 0.5), _quantile(samples, LATE)
    return Forecast(estimated, len(rest), len(samples), estimated * half, estimated * late)


def forecast_back(
    graph: PlanGraph,
    status: PlanStatus,
    wanted: Iterable[str],
    minutes_by: Mapping[str, float],
    slots: int,
    now: datetime,
) -> Forecast:
    """How long it takes to undo the rest of these operations.

    `minutes_by` has the minutes of every inverse that is still to be carried out; what is not in it does not stand. They
    hold the 95th percentile of rehearsals already, so the pace of what is undone says nothing more.
    """
    rest = [key for key in reversed(graph.in_order(wanted)) if key in minutes_by]
    going = {key for key in rest if status.of(key).state is OperationState.ROLLING_BACK}
    worked = {key: running_minutes(status, key, now) or 0.0 for key in going}
    minutes = {key: max(0.0, minutes_by[key] - worked.get(key, 0.0)) for key in rest}
    return Forecast(_estimated(rest, minutes, graph.needed_by, slots), len(rest))


def _left(plan: Plan, status: PlanStatus, key: str, now: datetime) -> float:
    return max(0.0, plan.operations[key].estimate - (running_minutes(status, key, now) or 0.0))


def _estimated(
    rest: Sequence[str], minutes: Mapping[str, float], waits_for: Callable[[str], Iterable[str]], slots: int
) -> float:
    """As long as the longest chain, and at least as long as the slots need for all of it."""
    ends: dict[str, float] = {}
    for key in rest:
        before = max((ends[need] for need in waits_for(key) if need in ends), default=0.0)
        ends[key] = before + minutes[key]
    return max(max(ends.values(), default=0.0), sum(minutes.values()) / max(1, slots))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest of these that this share of them does not exceed."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
