"""Events of the journal as lines: one in a list, one in full."""

from __future__ import annotations

import json

from screens.journal_lines import entry_line
from screens.journal_port import BookState
from screens.lines import Line, Role, piece, wrapped
from screens.text import pad
from screens.times import Zone, parsed, time_of_day
from state.events import Event
from state.projections.timeline import timeline

MOST_LINES = 2000
"""Lines of one event that are shown; `cutover journal show` has the rest."""
_NAME = 7


def event_line(event: Event, zone: Zone, width: int, digits: int, sign: str) -> Line:
    """One event in the list: a sign in the first column, its number, then as in the journal's tail."""
    number = piece(f"{event.seq:>{digits}} ", Role.MUTED)
    return (
        piece(f" {sign or ' '}", Role.ATTENTION),
        number,
        *entry_line(timeline([event])[0], zone, width - digits - 3),
    )


def event_page(event: Event, zone: Zone, width: int) -> list[Line]:
    """The whole event."""
    moment = parsed(event.at)
    shown = f"{event.at}  {time_of_day(moment, zone)}" if moment and zone is Zone.LOCAL else event.at
    facts = [
        ("at", shown),
        ("by", f"{event.actor}  as {event.identity}" if event.identity else event.actor),
        ("about", f"{event.operation or 'no operation'}  run {event.run or 'none'}"),
    ]
    rows = [row for name, value in facts for row in _fact(name, value, width)]
    for text in json.dumps(event.data, indent=2, ensure_ascii=False).splitlines():
        indent = min(len(text) - len(text.lstrip(" ")), width // 3)
        rows += wrapped(text.strip(), width - 1, indent=indent)
        if len(rows) > MOST_LINES:
            rows = [*rows[:MOST_LINES], (piece(f"more: cutover journal show {event.seq}", Role.ATTENTION),)]
            break
    return [*rows, *_fact("hash", event.hash, width), *_fact("prev", event.prev, width)]


def _fact(name: str, value: str, width: int) -> list[Line]:
    first, *rest = wrapped(value, width - _NAME) or [()]
    blank = piece(" " * _NAME)
    return [(piece(pad(name, _NAME), Role.MUTED), *first), *((blank, *row) for row in rest)]


def chain_words(state: BookState) -> tuple[str, bool]:
    """What is known of the chain, and whether it is sound as far as that goes."""
    if state.broken is not None:
        return f"chain BROKEN at #{state.broken}", False
    if state.checked < state.last and state.last:
        return f"chain checked {100 * state.checked // state.last} %", True
    return f"chain ok {state.checked:,}", True


def index_words(state: BookState) -> str:
    """How far the search index has come; empty when it is complete, or when there is none."""
    if state.indexed is None or state.indexed >= state.last or not state.last:
        return ""
    return f"index {100 * state.indexed // state.last} %"
