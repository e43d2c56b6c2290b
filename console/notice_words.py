"""Notices as one message for people who are elsewhere: the worst one in the title, all of them below."""

from __future__ import annotations

from collections.abc import Sequence

from console.notices import Notice, loudest
from state.text import clean

MOST = 20
"""Notices in one message; after an outage the oldest are counted, not listed."""
TITLE = 120
LINE = 400


def message(plan: str, waiting: Sequence[Notice]) -> tuple[str, str, str]:
    """Title, text and urgency of one message about several notices, of which there is at least one."""
    worst = loudest(waiting) or waiting[-1]
    shown = waiting[-MOST:]
    before = [f"{len(waiting) - MOST} earlier ones are in the journal"] if len(waiting) > MOST else []
    lines = [*before, *(f"#{notice.seq} {clean(notice.title, LINE)}" for notice in shown)]
    return clean(f"cutover {plan}: {worst.title}", TITLE), "\n".join(lines), worst.urgency.value
