"""What a phase or sub-phase amounts to: what is claimed, what is done, what checks bear out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from operations.plan.backing import Backing
from operations.plan.models import Claim, ClaimStatus, Operation, Phase, SubPhase
from screens.evidence_words import claim_and_evidence, claimed, urgent_and_evidence
from screens.glyphs import Glyphs
from screens.known import Known
from screens.lines import Role
from screens.proof_lines import PROOF_ROLE, badge_words
from screens.times import seconds_since, stopwatch
from screens.words import STATE_ROLE, WORST_FIRST, state_word
from state.projections.states import OperationState, OperationStatus, PlanStatus

_DONE = frozenset({OperationState.SUCCEEDED, OperationState.MARKED_DONE})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the plan: its glyph, name, badge and the words at its right, the last two longest first."""

    glyph: str
    role: Role
    name: str
    words: tuple[str, ...]
    badge: tuple[str, ...] = ()
    badge_role: Role = Role.PLAIN


def claim_words(claim: Claim) -> tuple[str, ...]:
    """What is claimed of something that no check covers, longest first."""
    if claim.status is ClaimStatus.NOT_STARTED and not claim.percent:
        return ("not started",)
    brief = f"claimed {claim.percent:g} %"
    return (f"{claimed(claim)}, no evidence", f"{brief}, no evidence", "claimed, no evid.", "no evid.")


def group_row(group: Phase | SubPhase, known: Known, backing: Backing, glyphs: Glyphs, now: datetime) -> Row:
    """The row of a phase or sub-phase; `backing` is the evidence for it."""
    name = f"{group.id} {group.title}"
    operations = group.operations
    if not operations:
        is_claimed = group.claim.status is not ClaimStatus.NOT_STARTED or group.claim.percent > 0
        glyph = glyphs.claimed if is_claimed else glyphs.states[OperationState.PENDING]
        return Row(glyph, Role.MUTED, name, claim_words(group.claim))
    states = [known.status.of(operation.id).state for operation in operations]
    state = group_state(states)
    calm = state in _DONE | {OperationState.PENDING, OperationState.READY}
    share = done_words(states)
    words = claim_and_evidence(group.claim, backing, share, now)
    if not calm:
        words = urgent_and_evidence(group.claim, backing, share, state_word(state), now)
    return Row(glyphs.states[state], STATE_ROLE[state], name, words)


def done_words(states: Sequence[OperationState]) -> str:
    """How many of several operations are done, and what the most urgent of the others are."""
    state = group_state(states)
    share = f"{sum(each in _DONE for each in states)}/{len(states)}"
    calm = _DONE | {OperationState.PENDING, OperationState.READY}
    word = "done" if state in calm else state_word(state)
    return f"{share} {word}" if word == "done" else f"{word} {share}"


def group_state(states: Sequence[OperationState]) -> OperationState:
    """The state of several operations together: the most urgent, or done, or not begun."""
    for state in WORST_FIRST:
        if state in states:
            return state
    finished = {OperationState.SKIPPED, OperationState.ORPHANED} | _DONE
    if all(state in finished for state in states):
        return OperationState.SUCCEEDED
    if any(state in _DONE for state in states):
        return OperationState.READY
    if states and all(state is OperationState.ROLLED_BACK for state in states):
        return OperationState.ROLLED_BACK
    return OperationState.PENDING


def shown_state(operation: Operation, status: PlanStatus) -> OperationState:
    """An operation's state; one that nothing holds up any more is ready before a runner says so."""
    state = status.of(operation.id).state
    if state is OperationState.PENDING and not waits_for(operation, status):
        return OperationState.READY
    return state


def waits_for(operation: Operation, status: PlanStatus) -> tuple[str, ...]:
    """What an operation depends on that is not done yet."""
    return tuple(key for key in operation.depends_on if not status.of(key).state.satisfied)


def operation_row(operation: Operation, known: Known, glyphs: Glyphs, elapsed: str) -> Row:
    """The row of an operation; `elapsed` is its running time as text, or empty."""
    status, proof = known.status, known.proof(operation)
    state = shown_state(operation, status)
    word = state_word(state)
    words = [word]
    if state is OperationState.PENDING:
        waits = waits_for(operation, status)
        more = f" +{len(waits) - 1}" if len(waits) > 1 else ""
        words = [f"waits {waits[0]}{more}", "waits"]
    elif elapsed:
        words = [f"{word} {elapsed}", word]
    if operation.point_of_no_return:
        words.insert(0, f"no return, {words[0]}")
    badge, role = badge_words(proof, glyphs), PROOF_ROLE[proof.standing]
    return Row(glyphs.states[state], STATE_ROLE[state], operation.id, tuple(words), badge, role)


def running_for(status: OperationStatus, now: datetime) -> str:
    """The running time of an operation that is being worked on, else nothing."""
    seconds = seconds_since(status.started_at, now)
    return stopwatch(seconds) if status.state.active and seconds is not None else ""
