"""Which operations a request means, and what stands in its way before anybody is asked: the same on screens and in lines."""

from __future__ import annotations

from collections.abc import Sequence

from console.acts.arming import ALL, Arming
from operations.plan.models import Plan
from operations.plan.selection import everything, named, of_phase
from screens.by_hand_port import HandAct
from state.events import Direction
from state.projections.states import PlanStatus


def meant(
    plan: Plan, status: PlanStatus, direction: Direction, argument: str, chosen: Sequence[str]
) -> tuple[str, ...]:
    """The operations of `ID…`, `phase N`, `all`, or without an argument those that are chosen.

    Raises:
        PlanError: the plan has no such operation or phase.
    """
    if not argument:
        wanted = tuple(chosen)
    elif argument == "all":
        wanted = everything(plan)
    elif argument.startswith("phase "):
        wanted = of_phase(plan, argument.removeprefix("phase ").strip())
    else:
        wanted = named(plan, argument.replace(",", " ").split())
    return worth_asking(wanted, status, direction) if len(wanted) > 1 else wanted


def worth_asking(operations: tuple[str, ...], status: PlanStatus, direction: Direction) -> tuple[str, ...]:
    """Of several, those that the act could still change; all of them when there is none, so that the desk says why."""
    if direction is Direction.INVERSE:
        kept = tuple(key for key in operations if status.of(key).state.stands)
    else:
        kept = tuple(key for key in operations if not status.of(key).state.satisfied)
    return kept or operations


def unfit(
    plan: Plan, arming: Arming, back_only: frozenset[str], direction: Direction, operations: Sequence[str]
) -> str | None:
    """Why these cannot be asked for now, in one line; None when they can."""
    if not operations:
        return "choose an operation or a phase first"
    phases = {plan.place[key][0].id for key in operations}
    if direction is Direction.FORWARD and (ALL in back_only or phases & back_only):
        return "armed for the way back only, the credentials are too short to run: :login"
    if not arming.allows(plan, operations):
        bare = sorted(phases - arming.phases)
        return f"phase {', '.join(bare)} is not armed: :arm {bare[0]}"
    return None


def hand_unfit(plan: Plan, arming: Arming, act: HandAct, chosen: Sequence[str]) -> str | None:
    """Why nobody can answer by hand for these now, in one line; None when somebody can."""
    if len(chosen) != 1:
        return f"choose one operation, or name it: :{act.value} ID"
    if chosen[0] in plan.operations and not arming.allows(plan, chosen):
        phase = plan.place[chosen[0]][0].id
        return f"phase {phase} is not armed: :arm {phase}"
    return None
