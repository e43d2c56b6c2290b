"""A claim beside the evidence for it, in words; never one for the other."""

from __future__ import annotations

from datetime import datetime

from operations.plan.backing import Backing
from operations.plan.models import Claim, ClaimStatus
from screens.times import age_of


def claimed(claim: Claim) -> str:
    """What somebody says, marked as such."""
    told = "" if claim.status is ClaimStatus.COMPLETE else f" {claim.status.value.replace('_', ' ')}"
    if claim.status is ClaimStatus.NOT_STARTED and not claim.percent:
        return "claimed not started"
    return f"claimed{told} {claim.percent:g} %"


def evidence_text(backing: Backing, now: datetime) -> str:
    """What checks say, with the age of the newest of them."""
    if not backing.total:
        return "no evidence"
    said = f"evidence {backing.passed} of {backing.total}"
    return f"{said}, newest {age_of(backing.newest, now)} old" if backing.newest else f"{said}, none made"


def evidence_sentence(backing: Backing, now: datetime) -> str:
    """The whole of it for a page."""
    if not backing.total:
        return "evidence: none; no check covers this"
    if backing.newest is None:
        return f"evidence: 0 of {backing.total} checks passed, none has been made"
    missing = backing.total - backing.made
    failing = backing.made - backing.passed
    rest = [f"{failing} did not pass"] if failing else []
    rest += [f"{missing} without a verdict"] if missing else []
    more = f", {', '.join(rest)}" if rest else ""
    newest, oldest = age_of(backing.newest, now), age_of(backing.oldest, now)
    age = f"made {newest} ago" if newest == oldest else f"newest {newest} old, oldest {oldest} old"
    return f"evidence: {backing.passed} of {backing.total} checks passed{more}; {age}"


def evidence_words(backing: Backing, now: datetime) -> tuple[str, ...]:
    """The evidence for a row, longest first; only the last one tells no age."""
    share = f"{backing.passed}/{backing.total}"
    if backing.newest is None:
        return (evidence_text(backing, now), f"evidence {share}", f"ev {share}", f"ev {share}")
    age = age_of(backing.newest, now)
    return (
        evidence_text(backing, now),
        f"evidence {share} {age}",
        f"ev {share} {_tight(age)}",
        f"ev {share}",
    )


def _tight(age: str) -> str:
    """An age where every column counts: `12m`, `3h`, `2d`."""
    return age.replace(" min", "m").replace(" ", "")


def claim_and_evidence(claim: Claim, backing: Backing, share: str, now: datetime) -> tuple[str, ...]:
    """State, claim and evidence for a row, longest first; `share` is what the journal says is done."""
    long, middle, short, least = evidence_words(backing, now)
    said, brief = claimed(claim), f"claim {claim.percent:g}"
    wide = (f"{share}, {said}, {long}", f"{share}, {said}, {middle}", f"{share}, {brief}, {short}")
    if claim.percent:
        return (*wide, f"{brief} {short}", f"{brief} {least}", least)
    return (
        *wide,
        f"{share} {short}",
        f"{share} {least}",
        share,
    )  # nothing is claimed: what is done is worth the room


def urgent_and_evidence(
    claim: Claim, backing: Backing, share: str, word: str, now: datetime
) -> tuple[str, ...]:
    """The same where something needs somebody: the state's word goes last."""
    *longer, _, _, _ = claim_and_evidence(claim, backing, share, now)
    *_, short, least = evidence_words(backing, now)
    return (*longer, f"{share} {short}", f"{share} {least}", share, word)
