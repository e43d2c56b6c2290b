"""Evidence: the last verdict of every check, and when it was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from state.errors import MALFORMED, unreadable
from state.events import CheckStage, Event, Verdict
from state.kinds import Kind


@dataclass(frozen=True, slots=True)
class LastVerdict:
    """What a check said last, and when (as events tell time); `check` is the name that it had in the event.

    `stands_for` is the step in whose place a sandbox made it, `by` who attested it where it was made by hand, `was` what it said
    the time before.
    """

    verdict: Verdict
    at: str
    seq: int
    check: str = ""
    message: str = ""
    stands_for: str | None = None
    by: str | None = None
    was: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The last verdicts.

    Attributes:
        checks: of the library's checks and of what people attested, by id.
        operations: of operations' own verification since they were last begun, in the order of the steps, by operation.
        begun: the number of the event with which an operation was last begun, forward or back: what was seen of it before
            was about something else.
        underway: operations that were begun and have not succeeded.
        undone: the number of the event with which a way back was last begun, of whatever operation: what a check of the
            library saw before may not be there any more.
    """

    checks: Mapping[str, LastVerdict] = field(default_factory=dict)
    operations: Mapping[str, tuple[LastVerdict, ...]] = field(default_factory=dict)
    begun: Mapping[str, int] = field(default_factory=dict)
    underway: frozenset[str] = frozenset()
    undone: int = 0

    def stands(self, check: str) -> LastVerdict | None:
        """The last verdict of a check of the library, None without one from after the last way back began."""
        last = self.checks.get(check)
        return last if last is not None and last.seq > self.undone else None


_TOLD = {
    Kind.CHECK_RESULT,
    Kind.OPERATION_STARTED,
    Kind.OPERATION_ROLLING_BACK,
    Kind.OPERATION_SUCCEEDED,
    Kind.RUN_RESUMED,
}
_KEPT = frozenset({CheckStage.ATTESTED, CheckStage.LIBRARY, CheckStage.VERIFY})
"""Stages of checks whose verdict is kept; a watch makes a hundred looks for each of theirs."""


def fold_evidence(events: Iterable[Event], start: Evidence | None = None) -> Evidence:
    """The evidence after these events, which continue those that `start` was made of.

    A new start of an operation makes its earlier verification void, and so does a new runner that takes it up before it has
    succeeded: it verifies from the first step again.

    Raises:
        JournalDamagedError: a row's data is not what its kind says.
    """
    before = start or Evidence()
    folding: _Folding | None = None
    for event in events:
        if event.kind not in _TOLD:
            continue
        folding = folding or _Folding.of(before)
        try:
            folding.take(event)
        except MALFORMED as error:
            raise unreadable(event.seq) from error
    return before if folding is None else folding.done()


@dataclass(slots=True)
class _Folding:
    """Evidence while it is being folded: copied once for all events."""

    checks: dict[str, LastVerdict]
    operations: dict[str, tuple[LastVerdict, ...]]
    begun: dict[str, int]
    underway: set[str]
    undone: int

    @classmethod
    def of(cls, evidence: Evidence) -> _Folding:
        return cls(
            dict(evidence.checks),
            dict(evidence.operations),
            dict(evidence.begun),
            set(evidence.underway),
            evidence.undone,
        )

    def done(self) -> Evidence:
        return Evidence(self.checks, self.operations, self.begun, frozenset(self.underway), self.undone)

    def take(self, event: Event) -> None:
        if event.kind == Kind.CHECK_RESULT:
            self._check(event)
        elif event.kind == Kind.RUN_RESUMED:
            for key in self.underway:
                self.operations.pop(key, None)
        elif event.operation is None:
            return
        elif event.kind == Kind.OPERATION_SUCCEEDED:
            self.underway.discard(event.operation)
        else:
            self.operations.pop(event.operation, None)
            self.begun[event.operation] = event.seq
            self.underway.add(event.operation)
            if event.kind == Kind.OPERATION_ROLLING_BACK:
                self.undone = event.seq

    def _check(self, event: Event) -> None:
        data = event.data
        stage, verdict, check = data["stage"], Verdict(data["verdict"]), data["check"]
        if stage not in _KEPT:
            return
        attested = stage == CheckStage.ATTESTED
        last = LastVerdict(
            verdict,
            event.at,
            event.seq,
            check,
            data.get("message", ""),
            data.get("stands_for"),
            event.actor if attested else None,
        )
        if attested or stage == CheckStage.LIBRARY:
            before = self.checks.get(last.check)
            self.checks[last.check] = last if before is None else replace(last, was=before.verdict)
        elif event.operation:
            self.operations[event.operation] = (*self.operations.get(event.operation, ()), last)
