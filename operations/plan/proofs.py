"""What is proven of every operation's way back, as the plan has it now: badges set against the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from operations.plan.digest import Digests
from operations.plan.models import Operation, Plan
from state.drill_events import Proof
from state.projections.badges import WHOLE, Badge


class Standing(StrEnum):
    """Where the proof of a way back stands; only `proven` is one."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    FAILED = "failed"
    GAP = "gap"
    CHANGED = "changed"
    IRREVERSIBLE = "irreversible"


@dataclass(frozen=True, slots=True)
class WayBackProof:
    """The standing of one operation and the badge that it rests on.

    Attributes:
        standing: what is proven now.
        badge: the last rehearsal, None where there was none.
        why: why it is not proven, None where it is or where nobody has tried.
    """

    standing: Standing
    badge: Badge | None = None
    why: str | None = None


_WITHOUT_PROOF = {
    Proof.FAILED: Standing.FAILED,
    Proof.GAP: Standing.GAP,
    Proof.IRREVERSIBLE: Standing.UNPROVEN,
}


def proof_of(operation: Operation, badge: Badge | None, digests: Digests) -> WayBackProof:
    """What a badge proves of an operation as it is now."""
    if not operation.reversible:
        return WayBackProof(Standing.IRREVERSIBLE, badge, operation.irreversible)
    if badge is None:
        return WayBackProof(Standing.UNPROVEN)
    if not badge.holds_for(digests.of(operation.id)):
        proven = badge.result is Proof.PROVEN
        return WayBackProof(Standing.CHANGED if proven else Standing.UNPROVEN, badge)
    if badge.result is Proof.PROVEN:
        return WayBackProof(Standing.PROVEN, badge)
    return WayBackProof(_WITHOUT_PROOF[badge.result], badge, badge.why)


def proofs_of(plan: Plan, badges: Mapping[str, Badge], digests: Digests) -> dict[str, WayBackProof]:
    """The standing of every operation of a plan, by id."""
    return {key: proof_of(operation, badges.get(key), digests) for key, operation in plan.operations.items()}


def whole_proof(badges: Mapping[str, Badge], digests: Digests) -> WayBackProof:
    """What is proven of the whole plan going forward and back, as the plan is now."""
    badge = badges.get(WHOLE)
    if badge is None:
        return WayBackProof(Standing.UNPROVEN)
    if badge.result is not Proof.PROVEN:
        return WayBackProof(_WITHOUT_PROOF[badge.result], badge, badge.why)
    return WayBackProof(Standing.PROVEN if badge.holds_for(digests.whole()) else Standing.CHANGED, badge)


def proof_in(proofs: Mapping[str, WayBackProof], operation: Operation) -> WayBackProof:
    """An operation's standing among others; where nothing is known of it, nothing is proven."""
    found = proofs.get(operation.id)
    if found is not None:
        return found
    if not operation.reversible:
        return WayBackProof(Standing.IRREVERSIBLE, None, operation.irreversible)
    return WayBackProof(Standing.UNPROVEN)
