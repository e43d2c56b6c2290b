"""What answers by hand mean, in words for dialogs and commands."""

from __future__ import annotations

from collections.abc import Iterable

from screens.by_hand_port import HandAct
from state.events import Direction

_FORWARD = {
    HandAct.SKIP: ("It is left out: nothing of it is carried out, and what depends on it may start all the same.",),
    HandAct.MARK_DONE: (
        "You have done it yourself: it counts as done, and what depends on it may start.",
        "Its way back stays the plan's, so what you made must be what that undoes.",
    ),
}  # fmt: skip
_INVERSE = {
    HandAct.MARK_DONE: (
        "You have undone it yourself: it counts as rolled back, and what it stood on may be undone.",
    ),
    HandAct.ORPHAN: (
        "Its way back is given up: what it made stays in the account until somebody sees to it.",
        "The rest of the rollback goes on.",
    ),
}
_TITLES = {
    HandAct.SKIP: "Skip {}",
    HandAct.MARK_DONE: "Mark {} done by hand",
    HandAct.ORPHAN: "Orphan {}",
    HandAct.RESOLVE: "Resolve {}",
    HandAct.APPROVE: "Approve {}",
}
MANY = 6
"""Names from which only some are told."""


def title(act: HandAct, operation: str, direction: Direction) -> str:
    """What would be done."""
    if act is HandAct.MARK_DONE and direction is Direction.INVERSE:
        return f"Mark {operation} undone by hand"
    return _TITLES[act].format(operation)


def meaning(act: HandAct, direction: Direction) -> tuple[str, ...]:
    """What it means in a run of this direction, a line each; nothing where it means nothing there."""
    return (_FORWARD if direction is Direction.FORWARD else _INVERSE).get(act, ())


def depending(lead: str, ids: Iterable[str]) -> str:
    """What else depends on it, in one line."""
    names = sorted(ids)
    if not names:
        return "nothing else depends on it"
    shown = names if len(names) <= MANY else [*names[: MANY - 1], f"and {len(names) - MANY + 1} more"]
    return f"{lead}: {', '.join(shown)}"


def evidence_lines(evidence: dict[str, object]) -> list[str]:
    """Evidence as lines of text."""
    lines = []
    for name, value in evidence.items():
        if isinstance(value, list):
            lines += [f"{name}: {each}" for each in value]
        else:
            lines.append(f"{name.replace('_', ' ')}: {value}")
    return lines
