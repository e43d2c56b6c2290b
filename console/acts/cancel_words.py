"""What cancelling a run does and does not do: what is in flight, what stays, what is not begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from operations.plan.forecast import running_minutes
from operations.plan.models import Plan
from screens.times import minutes_text, stopwatch
from state.events import Direction
from state.projections.states import PlanStatus

SHOWN = 5
"""Operations that are named before the rest is counted."""


def cancel_texts(plan: Plan, status: PlanStatus, now: datetime) -> tuple[str, ...]:
    """A paragraph each: what is finished, what stays, what is not begun, and what would undo it."""
    run = status.run
    if run is None or not run.state.open:
        return ("Nothing runs: there is nothing to cancel.",)
    if run.direction is Direction.INVERSE:
        return ("This is a rollback, and a rollback is never cancelled; it can be resumed if it stops.",)
    wanted = [key for key in run.operations if key in plan.operations]
    flying = [key for key in wanted if status.of(key).state.active]
    stays = [key for key in wanted if status.of(key).state.stands and key not in flying]
    waiting = [
        key for key in wanted if not status.of(key).state.satisfied and key not in flying and key not in stays
    ]
    told = [_in_flight(plan, status, key, now) for key in flying[:SHOWN]]
    rest = f" and {len(flying) - SHOWN} more" if len(flying) > SHOWN else ""
    return (
        f"In flight, finished first: {', '.join(told)}{rest}." if flying else "Nothing is in flight.",
        f"Stays as it is: {_names(stays)}. Cancelling undoes nothing; :rollback would.",
        f"Not begun any more: {_names(waiting)}.",
    )


def _in_flight(plan: Plan, status: PlanStatus, key: str, now: datetime) -> str:
    minutes = running_minutes(status, key, now)
    planned = minutes_text(plan.operations[key].estimate)
    return key if minutes is None else f"{key} ({stopwatch(minutes * 60)} of ~{planned})"


def _names(keys: Sequence[str]) -> str:
    if not keys:
        return "nothing"
    shown = ", ".join(keys[:SHOWN])
    return shown if len(keys) <= SHOWN else f"{shown} and {len(keys) - SHOWN} more"
