"""The verification library: every check of a plan, made in parallel, with a verdict each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from operations.checks.evaluate import CheckOutcome, Mask, Read, evaluate
from operations.checks.outside import Outside
from operations.plan.models import Plan
from operations.plan.references import Lookup
from operations.plan.registers import Severity
from operations.plan.steps import ApiStep, Step
from state.events import Verdict

PARALLEL = 10
"""Checks at once; more of them stall the loop without being quicker."""


class Source(StrEnum):
    """Where in the plan a check stands."""

    CRITERION = "criterion"
    CHECK = "check"
    OPERATION = "operation"


@dataclass(frozen=True, slots=True)
class LibraryCheck:
    """One check: `owner` is the operation in whose scope its references stand, empty where there is none."""

    id: str
    category: str
    title: str
    owner: str
    step: Step
    source: Source
    severity: Severity


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """A check and what came of it."""

    check: LibraryCheck
    outcome: CheckOutcome


@dataclass(frozen=True, slots=True)
class Filter:
    """Which checks are wanted; what is empty or None asks for nothing in particular.

    Attributes:
        category: the category's name.
        operation: the operation whose verification it is.
        source: where in the plan it stands.
        severity: this severity or a worse one.
        ids: shell patterns, one of which the id must match.
    """

    category: str | None = None
    operation: str | None = None
    source: Source | None = None
    severity: Severity | None = None
    ids: tuple[str, ...] = ()

    def wants(self, check: LibraryCheck) -> bool:
        """Whether a check is among those wanted."""
        worst_first = list(Severity)
        return (
            self.category in (None, check.category)
            and self.operation in (None, check.owner)
            and self.source in (None, check.source)
            and (
                self.severity is None or worst_first.index(check.severity) <= worst_first.index(self.severity)
            )
            and (not self.ids or any(fnmatchcase(check.id, pattern) for pattern in self.ids))
        )


def library(plan: Plan) -> tuple[LibraryCheck, ...]:
    """All checks of a plan: criteria, the register of checks, then every operation's verification as `operation.1`."""
    criteria = [
        LibraryCheck(each.id, each.category, each.title, "", each.check, Source.CRITERION, Severity.CRITICAL)
        for each in plan.criteria
    ]
    checks = [
        LibraryCheck(each.id, each.category, each.title, "", each.check, Source.CHECK, each.severity)
        for each in plan.checks
    ]
    verifications = [
        LibraryCheck(
            f"{operation.id}.{number}",
            operation.kind.value,
            operation.title,
            operation.id,
            step,
            Source.OPERATION,
            Severity.HIGH,
        )
        for operation in plan.operations.values()
        for number, step in enumerate(operation.verify, start=1)
    ]
    return (*criteria, *checks, *verifications)


def not_replaced(checks: Sequence[LibraryCheck], stands: Callable[[str], bool]) -> tuple[LibraryCheck, ...]:
    """The checks without those that look at what a later operation changed on purpose; criteria are for the gate, and stay.

    Args:
        checks: which.
        stands: whether an operation stands, so that it may have changed the account.
    """
    return tuple(
        check
        for check in checks
        if check.source is Source.CRITERION or not any(map(stands, _replacers(check.step)))
    )


def _replacers(step: Step) -> tuple[str, ...]:
    return step.replaced_by if isinstance(step, ApiStep) else ()


async def verify(
    checks: Sequence[LibraryCheck],
    read: Read,
    scope: Callable[[str], Lookup],
    runnable: Callable[[str], str | None] = lambda _: None,
    parallel: int = PARALLEL,
    outside: Outside | None = None,
    made: Callable[[CheckedItem], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
    *,
    mask: Mask,
) -> tuple[CheckedItem, ...]:
    """Make the checks.

    Args:
        checks: which.
        read: makes a call that only reads.
        scope: finds what the references of an operation's checks stand for.
        runnable: why an operation's checks cannot tell anything yet, None when they can.
        parallel: checks at once.
        outside: what the setting does about checks outside AWS.
        made: is told of each check when it is made.
        stopped: whether no more are to be begun; those are left out of the answer.
        mask: takes secrets out of what messages show of answers.
    """
    slots = asyncio.Semaphore(parallel)

    async def one(check: LibraryCheck) -> CheckedItem | None:
        why = runnable(check.owner) if check.owner else None
        if why is not None:
            expect = getattr(check.step, "expect", None)
            item = CheckedItem(check, CheckOutcome(check.step.title, Verdict.INCONCLUSIVE, expect, why, 0.0))
            made(item)
            return item
        async with slots:
            if stopped():
                return None
            outcome = await evaluate(check.step, scope(check.owner), read, outside, mask=mask)
            item = CheckedItem(check, outcome)
        made(item)
        return item

    items = await asyncio.gather(*(one(check) for check in checks))
    return tuple(item for item in items if item is not None)
