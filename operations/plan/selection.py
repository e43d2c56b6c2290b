"""Which operations a request means: named ones, a phase, or all up to the point of no return."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from operations.plan.errors import UnknownOperationError
from operations.plan.models import Plan


def named(plan: Plan, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids, each checked.

    Raises:
        UnknownOperationError: the plan has no such operation; the nearest one is offered.
    """
    ids = tuple(ids)
    for operation_id in ids:
        if operation_id not in plan.operations:
            near = difflib.get_close_matches(operation_id, plan.operations, n=1)
            fix = f"did you mean `{near[0]}`?" if near else "see `cutover schedule` for all of them"
            raise UnknownOperationError(f"the plan has no operation `{operation_id}`", None, fix)
    return ids


def of_phase(plan: Plan, phase_id: str) -> tuple[str, ...]:
    """The operations of a phase or sub-phase that a request for the whole of it means.

    Raises:
        UnknownOperationError: there is no such phase, or it holds no operation.
    """
    ids = plan.in_phase(phase_id)
    if not ids:
        known = [
            key
            for phase in plan.phases
            if phase.operations
            for key in (phase.id, *(s.id for s in phase.subphases))
        ]
        raise UnknownOperationError(
            f"no operations in a phase `{phase_id}`", None, f"phases: {', '.join(known)}"
        )
    return tuple(key for key in ids if plan.operations[key].reversible)


def everything(plan: Plan) -> tuple[str, ...]:
    """All operations that have a way back: what has none runs only when it is named."""
    return tuple(key for key, operation in plan.operations.items() if operation.reversible)
