"""Checks made now, on the chosen ground, and their verdicts kept in the journal of the same world."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from console.options import PRIVATE_SANDBOX

if TYPE_CHECKING:
    from console.reading import Reading
    from operations.checks.library import CheckedItem, LibraryCheck
    from operations.plan.loader import LoadedPlan
    from state.events import Event
    from state.journal import Journal


def make_checks(
    loaded: LoadedPlan,
    checks: Sequence[LibraryCheck],
    sandbox: str | None,
    journal: str | None,
    parallel: int,
    told: Callable[[CheckedItem], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[CheckedItem, ...]:
    """Make checks in parallel, with calls that only read; messages come without secrets.

    The answer leaves out verifications of what a later operation, which stands, changed on purpose.

    Args:
        loaded: the plan.
        checks: which.
        sandbox: as the option `--sandbox`.
        journal: as the option `--journal`.
        parallel: checks at once.
        told: is told of each when it is made.
        stopped: whether no more are to be begun.
    """
    from console.reading import read_aws
    from operations.checks.again import asking_again
    from operations.checks.library import not_replaced, verify

    async def work(reading: Reading) -> tuple[CheckedItem, ...]:
        def runnable(operation: str) -> str | None:
            current = reading.status.of(operation).state
            return None if current.stands else f"{operation} is {current.value.replace('_', ' ')}"

        read = asking_again(reading.gateway.read, asyncio.sleep)
        redactor = reading.gateway.redactor

        def clean(item: CheckedItem) -> CheckedItem:
            message, expect = redactor.redact_text(item.outcome.message), item.outcome.expect
            shown = None if expect is None else redactor.redact_text(expect)
            return replace(item, outcome=replace(item.outcome, message=message, expect=shown))

        scope, outside = reading.values.scope, reading.outside
        asked = not_replaced(checks, lambda operation: reading.status.of(operation).state.stands)
        made = await verify(
            asked,
            read,
            scope,
            runnable,
            parallel,
            outside,
            lambda item: told(clean(item)),
            stopped,
            mask=redactor.redact_value,
        )
        return tuple(clean(item) for item in made)

    return read_aws(loaded, sandbox, journal, work)


def record_refusal(path: Path, sandbox: str | None) -> str | None:
    """Why verdicts of this world may not stand in that journal, None when they may.

    A private sandbox is gone with the command; a journal is of one account, or of one sandbox.
    """
    from console.journal.journals import read_status

    if sandbox == PRIVATE_SANDBOX:
        return "a private sandbox ends with the command"
    if not path.is_file():
        return f"{path}: no journal yet"
    run = read_status(path).run
    if run is not None and run.endpoint != (sandbox or os.environ.get("AWS_ENDPOINT_URL") or None):
        return f"{path} is of {run.endpoint or 'the live account'}, not of the world that was looked at"
    return None


def record_items(journal: Journal, items: Iterable[CheckedItem]) -> list[Event]:
    """Keep the verdicts of checks. What only a person can make was not made, and says nothing new."""
    from state.events import CheckStage

    return [
        journal.append(item.outcome.result(CheckStage.LIBRARY, check=item.check.id))
        for item in items
        if not item.outcome.by_hand
    ]
