"""The digest of an operation: what a proof of its way back is about."""

from __future__ import annotations

import hashlib

import rfc8785

from operations.plan.models import Operation, Plan


def digest_of(operation: Operation) -> str:
    """The SHA-256 of an operation's RFC 8785 form: a badge is about exactly this."""
    return hashlib.sha256(rfc8785.dumps(operation.model_dump(mode="json"))).hexdigest()


class Digests:
    """The digests of a plan's operations, each worked out once, when it is first asked for."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._known: dict[str, str] = {}

    def of(self, operation_id: str) -> str:
        """The digest of an operation as the plan has it now."""
        if operation_id not in self._known:
            self._known[operation_id] = digest_of(self._plan.operations[operation_id])
        return self._known[operation_id]
