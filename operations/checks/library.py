"""The verification library: every check of a plan, made in parallel, with a verdict each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from operations.checks.evaluate import CheckOutcome, Read, evaluate
from operations.plan.models import Plan
from operations.plan.references import Lookup
from operations.plan.steps import Step
from state.events import Verdict

PARALLEL = 10
"""Checks at once; more of them stall the loop without being quicker."""


@dataclass(frozen=True, slots=True)
class LibraryCheck:
    """One check: `owner` is the operation in whose scope its references stand, empty for a criterion."""

    id: str
    category: str
    title: str
    owner: str
    step: Step


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """A check and what came of it."""

    check: LibraryCheck
    outcome: CheckOutcome


def library(plan: Plan) -> tuple[LibraryCheck, ...]:
    """All checks of a plan: its criteria, then every operation's verification as `operation.1` and so on."""
    criteria = [LibraryCheck(each.id, each.category, each.title, "", each.check) for each in plan.criteria]
    verifications = [
        LibraryCheck(f"{operation.id}.{number}", operation.kind.value, operation.title, operation.id, step)
        for operation in plan.operations.values()
        for number, step in enumerate(operation.verify, start=1)
    ]
    return (*criteria, *verifications)


async def verify(
    checks: Sequence[LibraryCheck],
    read: Read,
    scope: Callable[[str], Lookup],
    runnable: Callable[[str], str | None] = lambda _: None,
) -> tuple[CheckedItem, ...]:
    """Make the checks. `runnable` says why an operation's checks cannot tell anything yet, None when they can."""
    slots = asyncio.Semaphore(PARALLEL)

    async def one(check: LibraryCheck) -> CheckedItem:
        why = runnable(check.owner) if check.owner else None
        if why is not None:
            expect = getattr(check.step, "expect", None)
            return CheckedItem(check, CheckOutcome(check.step.title, Verdict.INCONCLUSIVE, expect, why, 0.0))
        async with slots:
            return CheckedItem(check, await evaluate(check.step, scope(check.owner), read))

    return tuple(await asyncio.gather(*(one(check) for check in checks)))
