"""Evidence: the last verdict of every check, and when it was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from state.errors import MALFORMED, unreadable
from state.events import CheckStage, Event, Verdict
from state.kinds import Kind


@dataclass(frozen=True, slots=True)
class LastVerdict:
    """What a check said last, and when (as events tell time)."""

    verdict: Verdict
    at: str
    seq: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The last verdicts: of the library's checks by id, of operations' own verification by operation."""

    checks: Mapping[str, LastVerdict] = field(default_factory=dict)
    operations: Mapping[str, tuple[LastVerdict, ...]] = field(default_factory=dict)


def fold_evidence(events: Iterable[Event], start: Evidence | None = None) -> Evidence:
    """The evidence after these events, which continue those that `start` was made of.

    A new start of an operation makes its earlier verification void: it was about something else.

    Raises:
        JournalDamagedError: a row's data is not what its kind says.
    """
    before = start or Evidence()
    checks, operations = dict(before.checks), dict(before.operations)
    for event in events:
        try:
            if event.kind == Kind.CHECK_RESULT:
                last = LastVerdict(Verdict(event.data["verdict"]), event.at, event.seq)
                if event.data["stage"] == CheckStage.LIBRARY:
                    checks[event.data["check"]] = last
                elif event.data["stage"] == CheckStage.VERIFY and event.operation:
                    operations[event.operation] = (*operations.get(event.operation, ()), last)
            elif event.operation and event.kind in (Kind.OPERATION_STARTED, Kind.OPERATION_ROLLING_BACK):
                operations.pop(event.operation, None)
        except MALFORMED as error:
            raise unreadable(event.seq) from error
    return Evidence(checks, operations)
