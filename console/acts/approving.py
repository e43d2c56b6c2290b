"""A second person's word, or the attestation of a step that is done by hand."""

from __future__ import annotations

from pathlib import Path

from console import openers
from console.acts.hand_words import depending, title
from console.exit_codes import CommandError, ExitCode
from console.journal.journals import read_status
from operations.plan.graph import PlanGraph
from operations.plan.loader import LoadedPlan
from operations.plan.steps import ManualStep
from screens.by_hand_port import Bar, HandAct, HandPreview, Refusal
from state.events import Direction, Event
from state.request_events import ApprovalGranted


def refusal_of(loaded: LoadedPlan, path: Path, operation: str, role: str | None) -> str | None:
    """Why this person cannot approve an operation in this role, None when they can."""
    wanted = loaded.plan.operations[operation].approval
    if wanted and role is not None and role not in wanted.roles:
        return f"`{operation}` needs one of {', '.join(wanted.roles)}, not {role}"
    if wanted and openers.actor() == read_status(path).asked_by:
        return f"`{operation}` needs a second person: you asked for this run yourself"
    return None


def look_at_approval(loaded: LoadedPlan, path: Path, operation: str, role: str | None = None) -> HandPreview:
    """What an approval would mean."""
    found = loaded.plan.operations[operation]
    role = role or (found.approval.roles[0] if found.approval else None)
    refused = refusal_of(loaded, path, operation, role)
    manual = tuple(step.manual for step in found.forward if isinstance(step, ManualStep))
    if found.approval is None and not manual:
        refused = f"`{operation}` asks for no approval, and nothing of it is done by hand"
    means = [f"You agree in the role {role} that it is carried out."] if found.approval else []
    means += [f"You attest that it was done: {each}" for each in manual]
    return HandPreview(
        act=HandAct.APPROVE,
        operation=operation,
        title=title(HandAct.APPROVE, operation, Direction.FORWARD),
        means=tuple(means),
        depends=depending("later needed by", PlanGraph.of(loaded.plan).descendants([operation])),
        role=role,
        refused=None if refused is None else Refusal(Bar.STATE, refused),
    )


def approve(loaded: LoadedPlan, path: Path, preview: HandPreview, reason: str) -> Event:
    """Journal the approval.

    Raises:
        CommandError: this person cannot approve it.
    """
    refused = refusal_of(loaded, path, preview.operation, preview.role)
    if refused is not None:
        raise CommandError(refused, ExitCode.REFUSED)
    with openers.open_journal(path, loaded) as journal:
        granted = ApprovalGranted(role=preview.role, digest=loaded.digest, reason=reason)
        return journal.append(granted, operation=preview.operation)
