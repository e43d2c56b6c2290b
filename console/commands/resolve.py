"""`cutover resolve`: a person's answer about an operation in doubt."""

from __future__ import annotations

import os

import click

from console.options import journal_option, plan_argument


@click.command()
@plan_argument
@click.argument("operation")
@click.option(
    "--as", "answer", type=click.Choice(["done", "not-done"]), required=True, help="What you have seen."
)
@click.option("--reason", required=True, metavar="TEXT", help="How you know; it stands in the journal.")
@journal_option
def resolve(plan: str, operation: str, answer: str, reason: str, journal: str | None) -> int:
    """Settle OPERATION of PLAN, whose step may or may not have had its effect; then `cutover resume`.

    \b
    Example:  cutover resolve reference alert-topic --as done --reason "the message arrived"
    """
    from console import openers
    from console.exit_codes import CommandError, ExitCode
    from console.journals import journal_path
    from console.output import show
    from operations.plan.selection import named
    from state.events import Result
    from state.lease import held_by, is_held
    from state.operation_events import OperationResolved
    from state.projections.progress import fold_progress
    from state.reader import JournalReader
    from state.request_events import RequestResolve

    loaded = openers.open_plan(plan)
    named(loaded.plan, [operation])
    path = journal_path(journal, loaded.plan.plan, os.environ)
    if is_held(path):
        raise CommandError(held_by(path), ExitCode.REFUSED)
    with JournalReader(path) as reader:
        steps = fold_progress(reader.events()).get(operation, {})
    doubtful = [number for (_, number), step in steps.items() if step.in_doubt]
    if not doubtful:
        raise CommandError(f"`{operation}` is not in doubt; see `cutover status`", ExitCode.REFUSED)
    result = Result.APPLIED if answer == "done" else Result.NOT_APPLIED
    with openers.open_journal(path, loaded) as opened:
        opened.append(RequestResolve(answer=answer, reason=reason), operation=operation)
        settled = OperationResolved(step=doubtful[0], result=result, by=openers.actor(), reason=reason)
        event = opened.append(settled, operation=operation)
    show(f"settled step {doubtful[0]} of {operation} in event {event.seq}; go on with `cutover resume`")
    return 0
