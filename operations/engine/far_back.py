"""How far a trigger goes back by itself: over what it names, and never over anything that others stand on."""

from __future__ import annotations

from collections.abc import Iterable

from operations.engine.way_back import standing
from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from state.events import Event
from state.kinds import Kind
from state.projections.states import PlanStatus


def far_back(
    plan: Plan, graph: PlanGraph, status: PlanStatus, rolls_back: Iterable[str], operation: str
) -> tuple[str, ...]:
    """The operations to undo, dependents first; none when the operation itself cannot be undone.

    Of what is named, operations without a way back and those on which others stand that are not named are left alone:
    how far to go beyond the plan's word is a person's to say.

    Args:
        plan: the plan.
        graph: its dependencies.
        status: what stands.
        rolls_back: the operations, sub-phases and phases that the trigger names.
        operation: the one in whose bake it fired, which always goes back.
    """
    stands = set(standing(plan, status)) | {operation}
    named = {
        key for name in rolls_back for key in ((name,) if name in plan.operations else plan.in_phase(name))
    }
    chosen = (named & stands) | {operation}
    while loose := {
        key
        for key in chosen
        if not plan.operations[key].reversible or (graph.descendants([key]) & stands) - chosen
    }:
        chosen -= loose
    return tuple(reversed(graph.in_order(chosen))) if operation in chosen else ()


def wanted_way_back(events: Iterable[Event]) -> Event | None:
    """The trigger that had operations undone and for which no run has begun since; it is its own request."""
    fired: Event | None = None
    for event in events:
        if event.kind == Kind.TRIGGER_FIRED and event.data.get("operations"):
            fired = event
        elif event.kind == Kind.RUN_STARTED:
            fired = None
    return fired
