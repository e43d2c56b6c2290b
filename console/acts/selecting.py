"""Which operations the words of a command line mean."""

from __future__ import annotations

from collections.abc import Sequence

from console.exit_codes import CommandError
from operations.engine.way_back import back_to, standing
from operations.plan import selection
from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from state.projections.states import PlanStatus


def to_run(plan: Plan, operations: Sequence[str], phase: str | None, everything: bool) -> tuple[str, ...]:
    """The operations that `run` means.

    Raises:
        CommandError: nothing, or more than one thing, was asked for.
        UnknownOperationError: the plan does not have it.
    """
    _one_of(operations, phase, everything, what="give operations, --phase ID or --all")
    if everything:
        return selection.everything(plan)
    return selection.of_phase(plan, phase) if phase is not None else selection.named(plan, operations)


def to_roll_back(
    plan: Plan,
    status: PlanStatus,
    operations: Sequence[str],
    point: str | None,
    phase: str | None,
    everything: bool,
) -> tuple[str, ...]:
    """The operations that `rollback` means.

    Raises:
        CommandError: nothing, or more than one thing, was asked for.
        UnknownOperationError: the plan does not have it.
        RunRefusedError: there is no such point to go back to.
    """
    _one_of(operations, point, phase, everything, what="give operations, --to OPERATION, --phase ID or --all")
    if everything:
        return standing(plan, status)
    if point is not None:
        selection.named(plan, [point])
        return back_to(plan, PlanGraph.of(plan), status, point)
    return selection.of_phase(plan, phase) if phase is not None else selection.named(plan, operations)


def _one_of(*asked: object, what: str) -> None:
    if sum(bool(each) for each in asked) != 1:
        raise CommandError(f"{what}: exactly one of them")
