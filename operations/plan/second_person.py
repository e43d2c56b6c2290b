"""Whether an operation that needs a second person's approval has one that counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from operations.plan.models import Operation
from state.projections.consents import Consent


def needs_words(operation: Operation) -> str:
    """Who has to approve, as people say it; empty where nobody has to."""
    return "" if operation.approval is None else " or ".join(operation.approval.roles)


def approval_problem(
    operation: Operation, consent: Consent | None, asked_by: str | None, digest: str, now: datetime
) -> str | None:
    """Why an operation may not start yet for want of an approval, None when it may.

    Args:
        operation: what is to start.
        consent: the newest approval of it.
        asked_by: who asked for the run: that person's own approval is none.
        digest: of the plan as it is: an approval is about exactly that.
        now: the moment; an approval lasts as long as the plan says.
    """
    wanted = operation.approval
    if wanted is None:
        return None
    flaw = consent_flaw(operation, consent, asked_by, digest, now)
    if consent is not None and flaw is None:
        return None
    what = f"needs the approval of {needs_words(operation)}"
    said = f"{what}; {flaw}" if flaw else what
    return f"{said}: `cutover approve PLAN {operation.id} --reason …`"


def consent_flaw(
    operation: Operation, consent: Consent | None, asked_by: str | None, digest: str, now: datetime
) -> str | None:
    """Why the newest approval of an operation does not count, None when it does or when there is none."""
    wanted = operation.approval
    if wanted is None or consent is None:
        return None
    if asked_by is not None and consent.actor == asked_by:
        return f"{consent.actor} asked for the run and cannot approve it"
    if consent.digest != digest:
        return f"{consent.actor} approved another version of the plan"
    age = now - datetime.fromisoformat(consent.at)
    if age > timedelta(minutes=wanted.timeout_minutes):
        return f"the approval of {consent.actor} has expired after {wanted.timeout_minutes:g} min"
    return None
