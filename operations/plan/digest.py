"""The digest of an operation: what a proof of its way back is about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from operations.plan.graph import PlanGraph
from operations.plan.models import Operation, Plan
from state.canonical import canonical


def digest_of(operation: Operation) -> str:
    """The SHA-256 of an operation's RFC 8785 form: a badge is about exactly this."""
    return hashlib.sha256(canonical(operation.model_dump(mode="json")).encode()).hexdigest()


def digest_of_several(operations: Iterable[Operation]) -> str:
    """The digest of several operations in this order: what a proof of them together is about."""
    return hashlib.sha256("".join(digest_of(each) for each in operations).encode()).hexdigest()


class Digests:
    """The digests of a plan's operations, each worked out once, when it is first asked for."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._known: dict[str, str] = {}
        self._whole: str | None = None

    def of(self, operation_id: str) -> str:
        """The digest of an operation as the plan has it now."""
        if operation_id not in self._known:
            self._known[operation_id] = digest_of(self._plan.operations[operation_id])
        return self._known[operation_id]

    def whole(self) -> str:
        """The digest of all that can go forward and back in a sandbox, in the order of the dependencies."""
        if self._whole is None:
            order = PlanGraph.of(self._plan).in_order(self._plan.operations)
            each = [self._plan.operations[key] for key in order]
            self._whole = digest_of_several(one for one in each if one.reversible and not one.sandbox_gap)
        return self._whole
