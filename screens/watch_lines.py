"""Who is on, as lines: the watch, the lease, the phrase of the journal's head, approvals that are waited for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from operations.plan.models import Plan
from operations.plan.second_person import approval_problem, needs_words
from screens.glyphs import Glyphs
from screens.lines import Line, Role, line, piece, spread, wrapped
from screens.times import age_of, aged
from state.chain import spoken
from state.kinds import Kind
from state.projections.states import OperationState, PlanStatus
from state.projections.watch import Person, Watch

LATELY_HOURS = 24
"""Whoever wrote nothing for longer is not shown as being on."""
_SPOKEN = 16
"""Letters of a hash that are spoken."""
_LEASE_WORD = {
    Kind.LEASE_TAKEN: "taken",
    Kind.LEASE_RELEASED: "given back",
    Kind.LEASE_LOST: "lost",
}


@dataclass(frozen=True, slots=True)
class Pending:
    """An operation that waits for a second person, and why nobody's approval counts yet."""

    operation: str
    roles: str
    why: str


def pending_approvals(plan: Plan, status: PlanStatus, now: datetime) -> tuple[Pending, ...]:
    """The operations that a run holds because nobody has approved them."""
    found = []
    for key in status.in_state(OperationState.HELD):
        operation = plan.operations.get(key)
        if operation is None or status.run is None:
            continue
        consent = status.consents.get(key)
        why = approval_problem(operation, consent, status.asked_by, status.run.digest, now)
        if why is not None:
            found.append(Pending(key, needs_words(operation), why.partition(": `")[0]))
    return tuple(found)


def watch_lines(
    plan: Plan,
    watch: Watch,
    status: PlanStatus,
    alive: bool,
    glyphs: Glyphs,
    now: datetime,
    width: int,
) -> list[Line]:
    """Everything that whoever comes on needs to know of people."""
    rows = _approvals(plan, status, glyphs, now, width)
    rows += _handover(watch, now, width)
    rows += _people(watch, now, width)
    rows += _lease(watch, alive, glyphs, now, width)
    return rows + _phrase(status, width)


def _approvals(plan: Plan, status: PlanStatus, glyphs: Glyphs, now: datetime, width: int) -> list[Line]:
    waiting = pending_approvals(plan, status, now)
    if not waiting:
        return []
    rows = [line(piece("waits for a second person", Role.HEADING))]
    for each in waiting:
        rows += wrapped(f"{glyphs.warning} {each.operation} {each.why}", width, Role.ATTENTION, 1)
        asked = f"asked for by {status.asked_by}; anybody else: :approve {each.operation}"
        rows += wrapped(asked, width, Role.PLAIN, 3)
    return rows


def _handover(watch: Watch, now: datetime, width: int) -> list[Line]:
    offer, accepted = watch.offer, watch.accepted
    rows: list[Line] = []
    if accepted is not None:
        rows += wrapped(
            f"on watch: {accepted.accepted_by}, since {aged(accepted.accepted_at, now)}", width, Role.STRONG
        )
        rows += wrapped(f"taken over from {accepted.actor}", width, Role.MUTED)
    else:
        rows += wrapped("the watch was never handed over", width, Role.MUTED)
    if offer is not None:
        rows.append(line(piece("hand-over offered", Role.HEADING)))
        rows += wrapped(f"{offer.actor} to {offer.to}, {age_of(offer.at, now)} ago", width, Role.ATTENTION, 1)
        rows += wrapped(offer.summary, width, Role.PLAIN, 1)
        said = f"{offer.actor} reads the phrase of row {offer.head} out; {offer.to} types it: :accept"
        rows += wrapped(said, width, Role.PLAIN, 1)
    return rows


def _people(watch: Watch, now: datetime, width: int) -> list[Line]:
    rows = [line(piece("who is on", Role.HEADING))]
    lately = sorted(watch.people.values(), key=lambda each: each.seq, reverse=True)
    shown = [each for each in lately if _is_lately(each, now)]
    for each in shown:
        armed = ", ".join(sorted("all" if phase == "*" else phase for phase in each.armed))
        badge = (piece(f"armed {armed}", Role.ATTENTION),) if armed else (piece("read-only", Role.MUTED),)
        rows.append(spread(line(piece(f" {each.actor}")), badge, width))
        rows += wrapped(f"{each.kind} {age_of(each.at, now)} ago", width, Role.MUTED, 3)
    if not shown:
        rows += wrapped(f"nobody wrote anything for {LATELY_HOURS} h", width, Role.MUTED, 1)
    return rows


def _is_lately(person: Person, now: datetime) -> bool:
    return (now - datetime.fromisoformat(person.at)).total_seconds() <= LATELY_HOURS * 3600


def _lease(watch: Watch, alive: bool, glyphs: Glyphs, now: datetime, width: int) -> list[Line]:
    rows = [line(piece("lease", Role.HEADING))]
    lease = watch.lease
    if lease is None:
        return rows + wrapped("no runner has taken it yet", width, Role.MUTED, 1)
    word = _LEASE_WORD.get(Kind(lease.kind), lease.kind)
    held = lease.kind == Kind.LEASE_TAKEN
    role, glyph = (Role.RUNNING, glyphs.states[OperationState.RUNNING]) if held else (Role.MUTED, glyphs.step)
    if held and not alive:
        role, glyph, word = Role.ATTENTION, glyphs.warning, "taken, and its runner is gone: :resume"
    rows += wrapped(f"{glyph} number {lease.number} {word}", width, role, 1)
    where = f"pid {lease.pid} on {lease.host}, since {aged(lease.since, now)}"
    return rows + wrapped(where, width, Role.PLAIN, 3)


def _phrase(status: PlanStatus, width: int) -> list[Line]:
    if len(status.hash) < _SPOKEN:
        return []
    rows = [line(piece(f"phrase of row {status.seq}", Role.HEADING))]
    return rows + wrapped(spoken(status.hash), width, Role.STRONG, 1)
