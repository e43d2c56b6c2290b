"""Steps in doubt as a command finds them: in the journal, and in the account as far as it can be read."""

from __future__ import annotations

import asyncio
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console import compose, openers
from console.exit_codes import CommandError, ExitCode
from console.ground import find_ground
from console.journal.journals import read_status
from console.settings import load_settings
from operations.plan.loader import LoadedPlan
from operations.plan.steps import Step
from state.events import Direction
from state.kinds import Kind
from state.projections.progress import StepProgress, fold_progress
from state.reader import JournalReader

if TYPE_CHECKING:
    from console.compose import Setting
    from operations.engine.examining import Examination


_SANDBOX = "DRILL"
"""The word for the setting in which outside steps are stood in for."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A step in doubt, and what the journal last said about it."""

    operation: str
    direction: Direction
    step: int
    progress: StepProgress
    why: str
    evidence: dict[str, Any]
    proposal: str | None


def find_doubt(path: Path, operation: str) -> Doubt:
    """The step of an operation that is in doubt; of an inverse first, for that is the later one.

    Raises:
        CommandError: none is.
    """
    with JournalReader(path) as reader:
        steps = fold_progress(reader.events()).get(operation, {})
        said = reader.newest(1, operation=operation, kind=Kind.OPERATION_IN_DOUBT.value)
    doubtful = sorted((key for key, step in steps.items() if step.in_doubt), key=_inverse_first)
    if not doubtful:
        raise CommandError(f"`{operation}` is not in doubt; see `cutover status`", ExitCode.REFUSED)
    key = doubtful[0]
    data = said[0].data if said else {}
    why = str(data.get("why") or "a runner stopped between the intent and the outcome")
    return Doubt(operation, key[0], key[1], steps[key], why, data.get("evidence") or {}, data.get("proposal"))


def _inverse_first(key: tuple[Direction, int]) -> tuple[bool, int]:
    return key[0] is not Direction.INVERSE, key[1]


def step_of(loaded: LoadedPlan, path: Path, doubt: Doubt) -> Step:
    """The step in doubt as the setting of its run has it: in a sandbox, commands are replaced by their stand-ins.

    Raises:
        CommandError: the plan has another step there.
    """
    from operations.engine.filling import step_name
    from operations.engine.hands import Hands, LiveHands, StandIns

    run = read_status(path).run
    hands: Hands = StandIns() if run is not None and run.setting == _SANDBOX else LiveHands()
    steps = loaded.plan.operations[doubt.operation].sections()[doubt.direction.value]
    planned = hands.plan_steps(steps)
    step = planned[doubt.step - 1].step if doubt.step <= len(planned) else None
    if step is None or step_name(step) != doubt.progress.api:
        raise CommandError(
            f"step {doubt.step} of `{doubt.operation}` is not {doubt.progress.api} any more; answer with the plan that was run",
            ExitCode.REFUSED,
        )
    return step


def look_now(loaded: LoadedPlan, path: Path, doubt: Doubt, sandbox: str | None) -> Examination:
    """Look at the account with reads alone, once.

    Raises:
        GatewayError: it cannot be reached, or must not be.
    """
    speed = load_settings(os.environ).values.sandbox_speed
    with ExitStack() as stack:
        ground = find_ground(loaded, sandbox, speed, stack)
        ground.wait()
        return look_in(loaded, path, doubt, ground.setting)


def look_in(loaded: LoadedPlan, path: Path, doubt: Doubt, setting: Setting) -> Examination:
    """The same in a setting that is known.

    Raises:
        GatewayError: it cannot be reached, or must not be.
    """
    from operations.aws.gateway import Access
    from operations.engine.examining import Examiner
    from operations.engine.site import Site

    status = read_status(path)
    with openers.open_journal(path, loaded) as journal:

        async def inside() -> Examination:
            async with compose.gateway_for(setting, loaded.plan, Access.READ_ONLY) as gateway:
                run = status.run.id if status.run else "no-run"
                context = compose.run_context(loaded, journal, gateway, setting, run)
                context.values.learn(status)
                steps = loaded.plan.operations[doubt.operation].sections()[doubt.direction.value]
                planned = context.hands.plan_steps(steps)[doubt.step - 1]
                site = Site(doubt.operation, doubt.direction, doubt.step)
                return await Examiner(context).examine(site, planned, patient=False)

        return asyncio.run(inside())
