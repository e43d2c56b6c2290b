"""Which constraints stand in an operation's way: what they block, and whether a waiver lets it through all the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import rfc8785

from operations.plan.models import Plan
from operations.plan.registers import Constraint, ConstraintStatus, Severity
from state.projections.consents import ConstraintWaiver

SIGNATURES = 2
"""People who must sign a waiver: the plan's rule is two approvers, and nobody counts twice."""


@dataclass(frozen=True, slots=True)
class Waiving:
    """How the waiver of a constraint stands: who has signed what still counts, and the earliest end of it.

    A signature counts until its date, and while the constraint is what it was when it was signed.
    """

    constraint: str
    signed: tuple[ConstraintWaiver, ...] = ()
    void: tuple[ConstraintWaiver, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether the constraint no longer holds anything up."""
        return len(self.signed) >= SIGNATURES

    @property
    def until(self) -> str | None:
        """When the first of the signatures that count ends, as events tell time."""
        return min((each.until for each in self.signed), default=None)

    @property
    def missing(self) -> int:
        """How many people have to sign yet."""
        return max(0, SIGNATURES - len(self.signed))


def blocked_by(plan: Plan, constraint: Constraint) -> tuple[str, ...]:
    """The operations that a constraint blocks, in the plan's order: named themselves, or their phase or sub-phase."""
    names = set(constraint.blocks)
    return tuple(key for key, (phase, sub) in plan.place.items() if names & {key, phase.id, sub.id})


def constraint_digest(constraint: Constraint) -> str:
    """The SHA-256 of a constraint's RFC 8785 form: a waiver is about exactly this."""
    return hashlib.sha256(rfc8785.dumps(constraint.model_dump(mode="json"))).hexdigest()


def binds(constraint: Constraint) -> bool:
    """Whether it keeps what it blocks from starting: critical, and nobody has begun to resolve it."""
    return constraint.severity is Severity.CRITICAL and constraint.status is ConstraintStatus.OPEN


def waiving_of(constraint: Constraint, waivers: Iterable[ConstraintWaiver], now: datetime) -> Waiving:
    """How the waiver of one constraint stands at a moment; of each person the last signature counts."""
    digest = constraint_digest(constraint)
    last = {each.actor: each for each in waivers if each.constraint == constraint.id}
    counting = tuple(
        each for each in last.values() if each.digest == digest and datetime.fromisoformat(each.until) > now
    )
    void = tuple(each for each in last.values() if each not in counting)
    return Waiving(constraint.id, counting, void)


def unmet(
    plan: Plan,
    operations: Iterable[str],
    waivers: Sequence[ConstraintWaiver],
    now: datetime,
    overlooks: Callable[[Constraint], str | None] = lambda _: None,
) -> Mapping[str, tuple[Constraint, ...]]:
    """For each of these operations that may not start, the constraints that keep it from that.

    Args:
        plan: the plan.
        operations: ids.
        waivers: the signatures in the journal.
        now: the moment; waivers end.
        overlooks: why a setting does not mind a constraint, None when it does.
    """
    binding = [each for each in plan.constraints if binds(each) and overlooks(each) is None]
    waived: dict[str, bool] = {}

    def holds(each: Constraint) -> bool:
        if each.id not in waived:
            waived[each.id] = waiving_of(each, waivers, now).valid
        return not waived[each.id]

    found: dict[str, tuple[Constraint, ...]] = {}
    for key in operations:
        phase, sub = plan.place[key]
        here = {key, phase.id, sub.id}
        in_the_way = tuple(each for each in binding if here & set(each.blocks) and holds(each))
        if in_the_way:
            found[key] = in_the_way
    return found


def unmet_line(operation: str, constraints: Sequence[Constraint]) -> str:
    """Why an operation may not start, and what to do."""
    names = ", ".join(each.id for each in constraints)
    first = constraints[0]
    return (
        f"{operation} is blocked by {names} ({first.severity.value}, {first.status.word}: {first.title}); resolve it in the"
        f" plan, or two people waive it: `cutover waive PLAN {first.id} --until TIME --reason …`"
    )
