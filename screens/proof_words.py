"""What is proven of a way back, in words: a badge's, a sentence for a page, lines for a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from operations.plan.models import Operation
from operations.plan.proofs import Standing, WayBackProof, proof_in
from screens.times import age_of, aged, day_and_time, parsed, took
from state.projections.badges import Badge

WORD = {
    Standing.PROVEN: "proven",
    Standing.UNPROVEN: "unproven",
    Standing.FAILED: "unproven",
    Standing.GAP: "unproven",
    Standing.CHANGED: "changed since",
    Standing.IRREVERSIBLE: "no way back",
}
SHORT = {
    Standing.PROVEN: "prov",
    Standing.UNPROVEN: "unpr",
    Standing.FAILED: "unpr",
    Standing.GAP: "unpr",
    Standing.CHANGED: "chgd",
    Standing.IRREVERSIBLE: "none",
}
"""The same where a row has no room; help explains them."""


def proof_text(proof: WayBackProof, now: datetime) -> str:
    """The whole of it, with its age."""
    badge = proof.badge
    if proof.standing is Standing.IRREVERSIBLE:
        return f"not reversible: {proof.why or 'no reason given'}"
    if badge is None:
        return "unproven: the way back was never rehearsed"
    when = aged(badge.at, now)
    match proof.standing:
        case Standing.PROVEN:
            return f"proven {_times(badge.proofs)}, last on {when}, way back p95 {_p95(badge)} in the sandbox"
        case Standing.CHANGED:
            return f"changed since it was proven on {when}: rehearse it again"
        case Standing.FAILED:
            return f"unproven: the rehearsal on {when} failed: {proof.why or 'no reason given'}"
        case Standing.GAP:
            return f"unproven: the sandbox cannot rehearse it ({when}): {proof.why or 'no reason given'}"
    return f"unproven: changed since its rehearsal on {when}, which proved nothing"


def whole_text(proof: WayBackProof, now: datetime) -> str:
    """What is proven of the whole plan going forward and back, with its age."""
    said = "never rehearsed" if proof.badge is None else proof_text(proof, now)
    return f"the whole plan, forward and back: {said}"


def whole_brief(proof: WayBackProof) -> str:
    """The same in one short line, with the day instead of the age."""
    badge, head = proof.badge, "whole plan forward and back:"
    if badge is None:
        return f"{head} never rehearsed"
    moment = parsed(badge.at)
    when = "an unknown day" if moment is None else day_and_time(moment)
    if proof.standing is Standing.PROVEN:
        return f"{head} {WORD[proof.standing]} {_times(badge.proofs)}, last {when}"
    said = "changed since it was proven" if proof.standing is Standing.CHANGED else "unproven, it failed"
    return f"{head} {said} {when}"


def proof_brief(proof: WayBackProof, now: datetime) -> str:
    """The same in one short line."""
    word, badge = WORD[proof.standing], proof.badge
    if proof.standing is Standing.IRREVERSIBLE:
        return word
    if badge is None:
        return f"{word}: never rehearsed"
    ago = f"{age_of(badge.at, now)} ago"
    match proof.standing:
        case Standing.PROVEN:
            return f"{word} {_times(badge.proofs)}, {ago}, p95 {_p95(badge)}"
        case Standing.CHANGED:
            return f"{word} it was proven {ago}"
        case Standing.FAILED:
            return f"{word}: rehearsal failed {ago}"
        case Standing.GAP:
            return f"{word}: no sandbox for it, {ago}"
    return f"{word}: changed since, {ago}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _p95(badge: Badge) -> str:
    p95 = badge.p95
    return "unknown" if p95 is None else "<0.1 s" if p95 < 0.1 else took(p95)


def unproven_lines(
    operations: Sequence[Operation], proofs: Mapping[str, WayBackProof], now: datetime
) -> tuple[str, ...]:
    """A line for each operation whose way back is not proven, or that has none."""
    found = [(operation, proof_in(proofs, operation)) for operation in operations]
    return tuple(
        f"{operation.id}: {proof_text(proof, now)}"
        for operation, proof in found
        if proof.standing is not Standing.PROVEN
    )


def proven_line(
    operations: Sequence[Operation], proofs: Mapping[str, WayBackProof], now: datetime
) -> str | None:
    """One line for all whose way back is proven, None where there is none of them."""
    badges = {
        operation.id: proof.badge
        for operation in operations
        if (proof := proof_in(proofs, operation)).standing is Standing.PROVEN and proof.badge is not None
    }
    if not badges:
        return None
    if len(operations) == 1:
        return proof_text(proof_in(proofs, operations[0]), now)
    slowest = max(badges, key=lambda key: badges[key].p95 or 0.0)
    oldest = min(badge.at for badge in badges.values())
    return (
        f"{len(badges)} of {len(operations)} proven, the oldest proof of {aged(oldest, now)}; "
        f"slowest way back p95 {_p95(badges[slowest])} in the sandbox ({slowest})"
    )
