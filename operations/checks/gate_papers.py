"""What people sign at a gate, waivers and sign-offs: which of it counts at a moment, and why the rest does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from operations.plan.registers import Gate
from state.gate_events import GateDecision
from state.projections.gate import GateHistory, SignOff, WaiverSignature


class PaperState(StrEnum):
    """Whether something signed counts."""

    VALID = "valid"
    MISSING = "missing"
    EXPIRED = "expired"
    CHANGED = "changed"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed, in which role, and when, as events tell time."""

    role: str | None
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class WaiverStanding:
    """The waiver of one criterion; `missing` are the approvers that have not signed it, `until` its earliest end.

    It counts only as `valid`: signed by every approver of the gate, each another person, none of it expired, and the
    criterion still what it was.
    """

    criterion: str
    owner: str
    until: str
    reason: str
    signed: tuple[Signed, ...]
    missing: tuple[str, ...]
    state: PaperState


@dataclass(frozen=True, slots=True)
class SignOffStanding:
    """The sign-off that one approver owes; `why` says why it does not count, empty where it does."""

    role: str
    state: PaperState
    why: str
    actor: str | None = None
    at: str | None = None
    decision: GateDecision | None = None


def waivers_at(
    gate: Gate, history: GateHistory, digests: Mapping[str, str], now: datetime
) -> tuple[WaiverStanding, ...]:
    """Every waiver of a gate, in the order in which the criteria were first waived."""
    by_criterion: dict[str, dict[str | None, WaiverSignature]] = {}
    for each in history.waivers:
        by_criterion.setdefault(each.criterion, {})[each.role] = each
    return tuple(
        _waiver(gate, key, tuple(signatures.values()), digests.get(key), now)
        for key, signatures in by_criterion.items()
    )


def _waiver(
    gate: Gate, criterion: str, signatures: Sequence[WaiverSignature], digest: str | None, now: datetime
) -> WaiverStanding:
    newest = max(signatures, key=lambda each: each.seq)
    live = [each for each in signatures if datetime.fromisoformat(each.until) > now]
    current = [each for each in live if each.digest == digest]
    missing = unsigned(gate, [(each.role, each.actor) for each in current])
    counted = current or live or list(signatures)
    if not live:
        state = PaperState.EXPIRED
    elif not current:
        state = PaperState.CHANGED
    else:
        state = PaperState.MISSING if missing else PaperState.VALID
    return WaiverStanding(
        criterion,
        newest.owner,
        min(each.until for each in counted),
        newest.reason,
        tuple(Signed(each.role, each.actor, each.at) for each in counted),
        missing,
        state,
    )


def sign_offs_at(
    gate: Gate, history: GateHistory, decision: GateDecision, digest: str, now: datetime
) -> tuple[SignOffStanding, ...]:
    """The sign-off of each approver; of one person only the first role counts."""
    seen: set[str] = set()
    found = []
    for role in gate.approvers:
        mine = [each for each in history.sign_offs if each.role == role]
        standing = _sign_off(gate, role, mine[-1] if mine else None, decision, digest, now)
        if standing.state is PaperState.VALID and standing.actor is not None:
            if standing.actor in seen:
                why = f"{standing.actor} has signed in another role: a second person must"
                standing = SignOffStanding(role, PaperState.VOID, why, standing.actor, standing.at)
            seen.add(standing.actor or "")
        found.append(standing)
    return tuple(found)


def _sign_off(
    gate: Gate, role: str, signed: SignOff | None, decision: GateDecision, digest: str, now: datetime
) -> SignOffStanding:
    if signed is None:
        return SignOffStanding(role, PaperState.MISSING, "not given yet")
    state, why = PaperState.VALID, ""
    if signed.void_by is not None:
        state, why = PaperState.VOID, f"void since the verdict of event {signed.void_by}"
    elif digest and signed.digest != digest:
        state, why = PaperState.CHANGED, "the plan was changed since"
    elif now - datetime.fromisoformat(signed.at) > timedelta(hours=gate.valid_hours):
        state, why = PaperState.EXPIRED, f"older than {gate.valid_hours:g} h"
    elif decision.rank < signed.decision.rank:
        state, why = PaperState.VOID, f"signed for {signed.decision}, which it is no longer"
    return SignOffStanding(role, state, why, signed.actor, signed.at, signed.decision)


def unsigned(gate: Gate, signatures: Sequence[tuple[str | None, str]]) -> tuple[str, ...]:
    """The approver roles that these signatures, as (role, person), leave open; one person fills one role."""
    seen: set[str] = set()
    missing = []
    for role in gate.approvers:
        people = [actor for signed_as, actor in signatures if signed_as == role and actor not in seen]
        if people:
            seen.add(people[0])
        else:
            missing.append(role)
    return tuple(missing)
