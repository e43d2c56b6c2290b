"""Rules about what is claimed: a status fits its percent, and the whole fits its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.words import listed
from operations.plan.models import Claim, ClaimStatus
from operations.plan.registers import ConstraintStatus
from operations.plan.yaml_source import KeyPath

WHOLE = 100


@rule(
    "claim/percent",
    Severity.ERROR,
    "A claimed status and its percent say the same.",
    "What is complete is at 100 %, what was not begun at 0 %, and only what is complete is at 100 %. A tracker that "
    "contradicts itself here is not read any further by anybody.",
    "correct the status or the percent",
)
def percent(context: AuditContext) -> Iterable[Defect]:
    """Claims of phases and sub-phases, status against percent."""
    for path, name, claim in _claims(context):
        wrong = _contradiction(claim.status, claim.percent)
        if wrong:
            yield Defect((*path, "claim"), f"{name} is claimed {claim.status} at {claim.percent:g} %")


def _contradiction(status: ClaimStatus, percent: float) -> bool:
    match status:
        case ClaimStatus.COMPLETE:
            return percent != WHOLE
        case ClaimStatus.NOT_STARTED:
            return percent != 0
        case ClaimStatus.IN_PROGRESS:
            return percent == WHOLE
    return False


def _claims(context: AuditContext) -> Iterator[tuple[KeyPath, str, Claim]]:
    for i, phase in enumerate(context.plan.phases):
        yield ("phases", i), f"phase {phase.id}", phase.claim
        for j, sub in enumerate(phase.subphases):
            yield ("phases", i, "subphases", j), f"sub-phase {sub.id}", sub.claim


@rule(
    "claim/parts",
    Severity.ERROR,
    "A phase is claimed complete only when all its sub-phases are, and not begun only when none is.",
    "The headline is what is read aloud in the meeting; what stands beneath it is what was done.",
    "correct the claim of the phase, or those of its sub-phases",
)
def parts(context: AuditContext) -> Iterable[Defect]:
    """Claims of phases against those of their sub-phases."""
    for number, phase in enumerate(context.plan.phases):
        if "claim" not in phase.model_fields_set:
            continue
        told = [sub for sub in phase.subphases if "claim" in sub.model_fields_set]
        claims = {sub.id: sub.claim.status for sub in told}
        if phase.claim.status is ClaimStatus.COMPLETE:
            others = [name for name, status in claims.items() if status is not ClaimStatus.COMPLETE]
            words = "not complete"
        elif phase.claim.status is ClaimStatus.NOT_STARTED:
            others = [name for name, status in claims.items() if status is not ClaimStatus.NOT_STARTED]
            words = "begun"
        else:
            continue
        if others:
            message = f"phase {phase.id} is claimed {phase.claim.status}, while {listed(others)} is {words}"
            yield Defect(("phases", number, "claim"), message)


@rule(
    "register/progress",
    Severity.ERROR,
    "A constraint's progress fits its status, and its weeks count upwards from 1.",
    "A constraint that is resolved at 40 % holds nothing back and is still in the way; one that is open at 100 % blocks "
    "what it need not. A week before the first never comes.",
    "correct the status, the progress or the weeks",
)
def progress(context: AuditContext) -> Iterable[Defect]:
    """Constraints against themselves."""
    for number, each in enumerate(context.plan.constraints):
        done, path = each.progress == WHOLE, ("constraints", number)
        if each.status is ConstraintStatus.RESOLVED and not done and "progress" in each.model_fields_set:
            yield Defect((*path, "progress"), f"`{each.id}` is resolved at {each.progress:g} %")
        if each.status is ConstraintStatus.OPEN and done:
            yield Defect((*path, "progress"), f"`{each.id}` is open at 100 %")
        for index, week in enumerate(each.weeks):
            if week < max(1, *each.weeks[: index + 1]):
                message = f"`{each.id}` has week {week}, which never comes or has passed"
                yield Defect((*path, "weeks", index), message)


RULES = (percent, parts, progress)
