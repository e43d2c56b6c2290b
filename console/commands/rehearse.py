"""`cutover rehearse`: forward, verify, inverse of each operation in a fresh sandbox, the account compared."""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.options import PRIVATE_SANDBOX, format_option, journal_option, plan_argument

if TYPE_CHECKING:
    from operations.drill.rehearsal import Rehearsed
    from operations.plan.loader import LoadedPlan
    from state.journal import Journal

SPEED = 6000.0
"""Plan seconds a second: two hours of bake pass in little more than a second."""


@click.command()
@plan_argument
@click.argument("operations", nargs=-1, metavar="[OPERATION]...")
@click.option("--speed", type=click.FloatRange(min=1), default=SPEED, help="Plan seconds per second.")
@click.option("--no-record", is_flag=True, help="Do not keep the results in the journal.")
@journal_option
@format_option("text", "json")
def rehearse(
    plan: str, operations: tuple[str, ...], speed: float, no_record: bool, journal: str | None, form: str
) -> int:
    """Prove the way back: each OPERATION (all by default) forward, verified and back in a forked world of a sandbox.

    The account is compared before and after. When all operations are rehearsed, the whole plan goes forward and back too.

    \b
    Example:  cutover rehearse reference
              cutover rehearse reference vpc subnets
    """
    from console import openers
    from console.exit_codes import ExitCode
    from console.journal.journals import journal_path
    from operations.plan.selection import named
    from state.drill_events import Proof

    loaded = openers.open_plan(plan)
    wanted = named(loaded.plan, operations) or tuple(loaded.plan.operations)
    with ExitStack() as stack:
        kept = None
        if not no_record:
            path = journal_path(journal, loaded.plan.plan, os.environ)
            kept = stack.enter_context(openers.open_journal(path, loaded))
        scores = asyncio.run(_rehearse(loaded, wanted, speed, kept, stack))
    _print(scores, form)
    failed = any(each.score.result is Proof.FAILED for each in scores)
    return ExitCode.NO if failed else ExitCode.DONE


async def _rehearse(
    loaded: LoadedPlan, wanted: tuple[str, ...], speed: float, kept: Journal | None, stack: ExitStack
) -> list[Rehearsed]:
    from console.compose import gateway_for
    from console.ground import find_ground
    from console.output import say
    from console.rehearsing import SandboxStage
    from operations.aws.gateway import Access
    from operations.drill.rehearsal import Rehearsal
    from operations.plan.graph import PlanGraph

    ground = find_ground(loaded, PRIVATE_SANDBOX, speed, stack)
    ground.wait()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cutover-rehearsal-")))
    scores = []
    async with gateway_for(ground.setting, loaded.plan, Access.ARMED) as gateway:
        stage = SandboxStage(loaded, ground.setting, gateway, folder)
        rehearsal = Rehearsal(loaded.plan, PlanGraph.of(loaded.plan), stage, say)
        async for each in rehearsal.run(wanted):
            if kept is not None:
                kept.append(each.score, operation=each.operation)
            scores.append(each)
    return scores


def _print(scores: list[Rehearsed], form: str) -> None:
    from collections import Counter

    from console.output import show, show_json, table

    if form == "json":
        show_json(as_object(scores))
        return
    rows = [
        (
            each.operation or "(the whole plan)",
            each.score.result,
            f"{each.score.forward_seconds:.1f}",
            f"{each.score.back_seconds:.1f}",
            "; ".join((*([each.score.why] if each.score.why else []), *each.score.differences)),
        )
        for each in scores
    ]
    show(table(rows, ("operation", "result", "forward s", "back s", "")))
    counts = Counter(each.score.result.value for each in scores if each.operation)
    show(", ".join(f"{count} {word}" for word, count in counts.most_common()))


def as_object(scores: list[Rehearsed]) -> dict[str, object]:
    """The JSON shape of `rehearse`; seconds are those of the sandbox."""
    rows = {
        each.operation: {
            "result": each.score.result.value,
            "seconds": round(each.score.forward_seconds + each.score.back_seconds, 3),
            "forward_seconds": each.score.forward_seconds,
            "back_seconds": each.score.back_seconds,
            "differences": list(each.score.differences),
            "why": each.score.why,
        }
        for each in scores
    }
    whole = rows.pop(None, None)
    return {"operations": rows, "plan": whole}
