"""Whether an operation may start: approved by a second person, and no constraint that binds stands in its way."""

from __future__ import annotations

from operations.engine.context import RunContext
from operations.plan.models import Operation
from operations.plan.obstacles import unmet, unmet_line
from operations.plan.second_person import approval_problem, consent_flaw
from state.projections.states import PlanStatus
from state.request_events import ApprovalExpired, ApprovalGranted


class Consents:
    """Judges what people have agreed to, for the way forward alone: the way back needs nobody's leave."""

    def __init__(self, context: RunContext) -> None:
        self._context = context

    def missing(self, operation: Operation, status: PlanStatus) -> str | None:
        """Why an operation may not start by what the journal says, None when it may."""
        return self._unmet(operation, status) or self._unapproved(operation, status)

    def expire(self, operation: Operation, status: PlanStatus) -> None:
        """Say in the journal that an approval does not count, once."""
        flaw = self._flaw(operation, status)
        if flaw is not None and operation.id in status.approvals:
            self._context.record(ApprovalExpired(why=flaw), operation.id)

    def _unmet(self, operation: Operation, status: PlanStatus) -> str | None:
        context = self._context
        plan, wanted = context.loaded.plan, (operation.id,)
        found = unmet(plan, wanted, status.waivers, context.clock(), context.hands.overlooks)
        return unmet_line(operation.id, found[operation.id]) if found else None

    def _unapproved(self, operation: Operation, status: PlanStatus) -> str | None:
        context = self._context
        signature = context.hands.approval(operation)
        if signature is None:
            consent = status.consents.get(operation.id)
            return approval_problem(
                operation, consent, status.asked_by, context.loaded.digest, context.clock()
            )
        if operation.id not in status.approvals:
            granted = ApprovalGranted(
                role=signature.role, digest=context.loaded.digest, reason=signature.reason
            )
            context.record(granted, operation.id)
        return None

    def _flaw(self, operation: Operation, status: PlanStatus) -> str | None:
        context = self._context
        consent = status.consents.get(operation.id)
        return consent_flaw(operation, consent, status.asked_by, context.loaded.digest, context.clock())
