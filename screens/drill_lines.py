"""What can go wrong in a sandbox and what does, as lines."""

from __future__ import annotations

from screens.drill_port import Choice, DrillState
from screens.journal_lines import entry_line
from screens.lines import Line, Role, piece, wrapped
from screens.times import Zone


def choice_lines(choice: Choice, width: int) -> list[Line]:
    """What a scenario or a fault does."""
    rows = wrapped(choice.title, width, Role.STRONG)
    rows += wrapped(f"to practise: {choice.learn}", width, Role.MUTED) if choice.learn else []
    for text in choice.lines:
        rows += wrapped(text, width, indent=1)
    return rows


def wire_lines(state: DrillState, zone: Zone, width: int) -> list[Line]:
    """The faults in force, then what was injected, the newest first."""
    if state.problem:
        return wrapped(state.problem, width, Role.ATTENTION)
    rows = [row for text in state.faults for row in wrapped(text, width, Role.ATTENTION)]
    rows += [(), (piece("injected so far", Role.HEADING),)] if state.log else []
    return rows + [entry_line(entry, zone, width) for entry in reversed(state.log)]
