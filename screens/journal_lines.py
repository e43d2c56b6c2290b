"""The journal's tail as lines: when with its zone, who, what, about what."""

from __future__ import annotations

from screens.lines import Line, Role, line, piece
from screens.text import clean, pad
from screens.times import Zone, parsed, time_of_day
from state.projections.timeline import TimelineEntry

_ROLES = {
    "operation.succeeded": Role.SUCCEEDED,
    "operation.rolled_back": Role.ROLLED_BACK,
    "operation.rolling_back": Role.ROLLING_BACK,
    "operation.failed": Role.FAILED,
    "operation.in_doubt": Role.IN_DOUBT,
    "operation.held": Role.HELD,
    "operation.started": Role.RUNNING,
    "trigger.fired": Role.FAILED,
    "run.interrupted": Role.ATTENTION,
    "request.arm": Role.ARMED,
    "lease.lost": Role.ATTENTION,
}
_PLAIN_FAMILIES = frozenset({"request", "approval", "run", "operation", "waiver", "gate"})
"""Families of kinds that tell what people and runs did; the rest is detail and stays in the background."""


ROOM_FOR_ALL = 60
WIDE = 100
"""Columns from which there is room for every column, and for whole names."""


def entry_line(entry: TimelineEntry, zone: Zone, width: int) -> Line:
    """One event."""
    moment = parsed(entry.at)
    when = time_of_day(moment, zone) if moment else pad(clean(entry.at), 9)
    family = entry.kind.partition(".")[0]
    role = _ROLES.get(entry.kind, Role.PLAIN if family in _PLAIN_FAMILIES else Role.MUTED)
    role = Role.STRONG if role is Role.ARMED else role
    wide = width >= WIDE
    who = clean(entry.actor) if wide else clean(entry.actor).partition("@")[0]
    actor = pad(who, 16 if wide else 8) + " " if width >= ROOM_FOR_ALL else ""
    operation = pad(clean(entry.operation or ""), 22 if wide else 14) + " " if width >= ROOM_FOR_ALL else ""
    kind = pad(clean(entry.kind), 22 if width >= ROOM_FOR_ALL else 18)
    about = clean(entry.text) if operation else clean(f"{entry.operation or ''} {entry.text}".strip())
    return line(
        piece(f"{when} ", Role.MUTED),
        piece(actor, Role.MUTED),
        piece(f"{kind} ", role),
        piece(operation),
        piece(about, Role.PLAIN if role is Role.MUTED else role),
    )
