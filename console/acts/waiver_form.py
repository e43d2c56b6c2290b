"""The waiver of a constraint as a question; and what somebody means who types `:waive`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from console.acts.forms import Form
from console.acts.gate_forms import UNTIL, WHY
from console.acts.waivers import moment
from operations.plan.models import Plan
from operations.plan.obstacles import binds, blocked_by
from operations.plan.registers import Constraint
from screens.entry import Entry, Given
from screens.signatory_port import Signatory
from state.projections.states import PlanStatus

USAGE = ":waive ID until TIME reason, such as :waive C-04 until 4h the listener is behind the allow list"
SIGNS_NOTHING = "read-only: this console signs nothing"
NAMED = 6
"""Operations that are named before the rest is counted."""


def waiver_form(
    plan: Plan,
    status: PlanStatus,
    constraint: Constraint,
    signatory: Signatory,
    clock: Callable[[], datetime],
    said: tuple[str, str] = ("", ""),
) -> Form:
    """Ask for one person's signature under a waiver; `said` is until when and why, as far as it was typed."""
    until, reason = said
    texts = (
        _holds(plan, status, constraint),
        f"You sign as {signatory.actor}, for a time. It counts once two people have signed; the journal keeps who and why.",
    )

    def send(given: Given) -> str:
        end, role = moment(given["until"], clock()), given["role"] or None
        signatory.waive(constraint.id, role, given["owner"], end, given["reason"])
        return f"waiver of {constraint.id} signed; two people must"

    entries = (
        Entry("until", UNTIL, until),
        Entry("owner", "who sees to it meanwhile", constraint.owner or ""),
        Entry("role", "in which role you sign; may stay empty", required=False),
        Entry("reason", WHY.hint, reason),
    )
    head = f"{constraint.severity.value}, {constraint.status.word}: {constraint.title}"
    return Form(f"Waive {constraint.id}", texts, "sign", send, entries, head)


def _holds(plan: Plan, status: PlanStatus, constraint: Constraint) -> str:
    waits = [key for key in blocked_by(plan, constraint) if not status.of(key).state.satisfied]
    more = f" and {len(waits) - NAMED} more" if len(waits) > NAMED else ""
    names = ", ".join(waits[:NAMED]) + more
    holds = "keeps from starting" if binds(constraint) else "blocks, as a warning only,"
    return f"It {holds} {len(waits)} operation{'' if len(waits) == 1 else 's'}: {names or 'none'}."


def parsed(argument: str) -> tuple[str, str, str]:
    """What is to be waived, until when, and why, as far as it was said."""
    key, _, rest = argument.strip().partition(" ")
    words = rest.split(maxsplit=2)
    if words and words[0] == "until":
        return key, words[1] if len(words) > 1 else "", words[2] if len(words) > 2 else ""
    return key, "", rest.strip()
