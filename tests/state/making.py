"""Journals for tests: a clock that ticks, ids that are known."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from state.events import Payload
from state.journal import Journal, PlanIdentity

PLAN = PlanIdentity("reference", "d" * 64)
ROOT = Path(__file__).resolve().parents[2]


def ticking(start: datetime = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)) -> Callable[[], datetime]:
    """A clock that goes on by a second at every look."""
    ticks = itertools.count()
    return lambda: start + timedelta(seconds=next(ticks))


def open_journal(path: Path, plan: PlanIdentity = PLAN) -> Journal:
    return Journal(
        path, plan, clock=ticking(), new_id=lambda: "01JD0000000000000000000000", actor="ana@bastion"
    )


def written(path: Path, payloads: list[Payload]) -> Path:
    """A closed journal of these events after the first, each in run R and about the operation `vpc`."""
    with open_journal(path) as journal:
        for payload in payloads:
            journal.append(payload, run="R", operation="vpc", identity="arn:aws:iam::123456789012:user/ana")
    return path
