"""An operation's own verification, made once and now, with reads alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from console import compose, openers
from console.journal.journals import read_status
from operations.plan.loader import LoadedPlan
from operations.plan.models import Operation
from state.events import CheckStage, Direction
from state.operation_events import CheckResult

if TYPE_CHECKING:
    from console.compose import Setting
    from operations.engine.context import RunContext


@dataclass(frozen=True, slots=True)
class Looked:
    """The verdicts without secrets, and what they say against the operation being done, or undone, by hand."""

    checks: tuple[CheckResult, ...]
    against: str | None


def verify_now(
    loaded: LoadedPlan,
    path: Path,
    operation: Operation,
    setting: Setting,
    direction: Direction,
    saved: Mapping[str, str],
) -> Looked:
    """Make every verification of an operation once; `saved` is what it would have saved by now.

    Raises:
        GatewayError: the account cannot be reached, or must not be.
    """
    from operations.aws.gateway import Access

    status = read_status(path)
    with openers.open_journal(path, loaded) as journal:

        async def inside() -> Looked:
            async with compose.gateway_for(setting, loaded.plan, Access.READ_ONLY) as gateway:
                run = status.run.id if status.run else "no-run"
                context = compose.run_context(loaded, journal, gateway, setting, run)
                context.values.learn(status)
                context.values.save(operation.id, saved)
                return await _look(context, operation, direction)

        return asyncio.run(inside())


async def _look(context: RunContext, operation: Operation, direction: Direction) -> Looked:
    """Make every verification, and take the secrets out of what they say."""
    from operations.checks.evaluate import evaluate
    from operations.engine.by_hand import contradiction
    from operations.engine.masking import redacted
    from operations.engine.outside import HandsOutside
    from operations.engine.reads import read

    scope, outside = context.values.scope(operation.id), HandsOutside(context.hands)
    redactor = context.gateway.redactor
    outcomes = [
        await evaluate(
            step,
            scope,
            lambda api, params: read(context, api, params),
            outside,
            mask=redactor.redact_value,
        )
        for step in operation.verify
    ]
    against = contradiction(outcomes, direction)
    checks = tuple(redacted(outcome.result(CheckStage.PROBE), redactor) for outcome in outcomes)
    return Looked(checks, None if against is None else redactor.redact_text(against))
