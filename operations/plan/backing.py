"""What evidence stands behind a claim: verdicts of the verifications of its operations, and of the checks that cover it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from operations.plan.models import Operation, Phase, SubPhase
from state.events import Verdict
from state.projections.evidence import Evidence, LastVerdict


@dataclass(frozen=True, slots=True)
class Backing:
    """Evidence in numbers; a check without a verdict counts in `total` alone.

    Attributes:
        passed: checks whose last verdict is a pass.
        made: checks that have a verdict.
        total: checks that there are.
        newest: when the newest verdict was made, as events tell time; None without one.
        oldest: when the oldest of them was made.
    """

    passed: int = 0
    made: int = 0
    total: int = 0
    newest: str | None = None
    oldest: str | None = None

    @property
    def whole(self) -> bool:
        """Whether every check passed; without checks nothing has."""
        return 0 < self.total == self.passed


def backing_of_group(group: Phase | SubPhase, evidence: Evidence) -> Backing:
    """The evidence for a phase or sub-phase: its operations' verifications, and the checks and criteria that cover it."""
    return backing_of(group.operations, evidence, group.covered)


def uncovered(phase: Phase) -> tuple[str, ...]:
    """The sub-phases that no check and no verification says anything about: the phase's figure is not about them."""
    return tuple(
        sub.id
        for sub in phase.subphases
        if not sub.covered and not any(operation.verify for operation in sub.operations)
    )


def backing_of(operations: Iterable[Operation], evidence: Evidence, checks: Sequence[str] = ()) -> Backing:
    """The evidence for operations and that of `checks`, ids of checks and criteria.

    Of each verification the last verdict since the operation was last begun counts, of each check the last one since
    anything was last taken back.
    """
    total = len(checks)
    verdicts = [last for key in checks if (last := evidence.stands(key)) is not None]
    for operation in operations:
        total += len(operation.verify)
        verdicts += _verdicts(operation, evidence)
    return tally(verdicts, total)


def tally(verdicts: Iterable[LastVerdict], total: int) -> Backing:
    """Verdicts in numbers, `total` checks in all."""
    made = list(verdicts)
    if not made:
        return Backing(total=total)
    passed = sum(each.verdict is Verdict.PASS for each in made)
    times = [each.at for each in made]
    return Backing(passed, len(made), total, max(times), min(times))


def _verdicts(operation: Operation, evidence: Evidence) -> Iterator[LastVerdict]:
    """The newer of what the operation's own run and what `cutover verify` said of each verification.

    `cutover verify` calls them `operation.1`, `operation.2` and so on.
    """
    own = evidence.operations.get(operation.id, ())
    begun = evidence.begun.get(operation.id, 0)
    for number, step in enumerate(operation.verify, start=1):
        found = [each for each in own[number - 1 : number] if each.check == step.title]
        asked = evidence.checks.get(f"{operation.id}.{number}")
        if asked is not None and asked.seq > begun:
            found.append(asked)
        if found:
            yield max(found, key=lambda each: each.seq)
