"""`cutover resolve`: what is known about an operation in doubt, and a person's answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.options import journal_option, plan_argument, sandbox_option

if TYPE_CHECKING:
    from console.acts.doubts import Doubt
    from operations.plan.loader import LoadedPlan


@click.command()
@plan_argument
@click.argument("operation")
@click.option("--as", "answer", type=click.Choice(["done", "not-done"]), help="What you have seen.")
@click.option("--reason", metavar="TEXT", help="How you know; it stands in the journal.")
@click.option(
    "--save",
    "saves",
    multiple=True,
    metavar="NAME=VALUE",
    help="With `--as done`: a value that the step would have saved; may be repeated.",
)
@journal_option
@sandbox_option
def resolve(
    plan: str,
    operation: str,
    answer: str | None,
    reason: str | None,
    saves: tuple[str, ...],
    journal: str | None,
    sandbox: str | None,
) -> int:
    """Show what is known about OPERATION of PLAN, whose step may or may not have had its effect.

    With --as, settle it by your signed word; then `cutover resume`.

    \b
    Example:  cutover resolve reference alert-topic --as done --reason "the message arrived"
    """
    from console import openers
    from console.acts.doubts import find_doubt
    from console.exit_codes import CommandError, ExitCode
    from console.journal.journals import journal_path
    from operations.plan.selection import named

    loaded = openers.open_plan(plan)
    named(loaded.plan, [operation])
    path = journal_path(journal, loaded.plan.plan, os.environ)
    doubt = find_doubt(path, operation)
    if answer is None:
        if reason or saves:
            raise CommandError("--reason and --save belong to an answer: add --as done or --as not-done")
        _show(plan, loaded, path, doubt, sandbox)
        return ExitCode.IN_DOUBT
    if not reason:
        raise CommandError("--as needs --reason: how do you know?")
    return _settle(loaded, path, doubt, answer, reason, saves)


def _settle(
    loaded: LoadedPlan, path: Path, doubt: Doubt, answer: str, reason: str, saves: tuple[str, ...]
) -> int:
    from console.acts.settling import settle
    from console.output import show

    event = settle(loaded, path, doubt, answer, reason, _saved(loaded, path, doubt, answer, saves))
    show(f"settled step {doubt.step} of {doubt.operation} in event {event.seq}; go on with `cutover resume`")
    return 0


def _saved(
    loaded: LoadedPlan, path: Path, doubt: Doubt, answer: str, saves: tuple[str, ...]
) -> dict[str, str]:
    """What the step would have saved, as given; later steps need it.

    Raises:
        CommandError: a value is missing, or is not one of the step's.
    """
    from console.acts.settling import values_needed
    from console.exit_codes import CommandError

    given = dict(each.partition("=")[::2] for each in saves)
    needed = values_needed(loaded, path, doubt)
    wanted = needed if answer == "done" else ()
    missing, unknown = set(wanted) - given.keys(), given.keys() - set(wanted)
    if unknown:
        raise CommandError(f"the step does not save {', '.join(sorted(unknown))}")
    if missing:
        names = " ".join(f"--save {name}=…" for name in wanted)
        raise CommandError(f"later steps need what {doubt.progress.api} answered: add {names}")
    return given


def _show(plan: str, loaded: LoadedPlan, path: Path, doubt: Doubt, sandbox: str | None) -> None:
    from console.acts.doubts import look_now
    from console.acts.hand_words import evidence_lines
    from console.output import say, show
    from operations.aws.outcome import GatewayError
    from operations.drill.errors import SandboxError
    from state.answers import ANSWERS

    way = "the way back of " if doubt.direction.value == "inverse" else ""
    show(f"in doubt: step {doubt.step} of {way}{doubt.operation}, {doubt.progress.api}")
    show(f"why: {doubt.why}")
    evidence, proposal = doubt.evidence, doubt.proposal
    try:
        examined = look_now(loaded, path, doubt, sandbox)
    except (GatewayError, SandboxError) as error:
        say(f"note: the account cannot be looked at ({error}); this is what the journal holds")
    else:
        evidence, proposal = examined.evidence, examined.proposal.value if examined.proposal else None
        if examined.way is not None:
            show(f"it settles itself: `cutover resume` goes on by {examined.by}")
    for line in evidence_lines(evidence):
        show(f"  {line}")
    show(f"proposal: {proposal or 'none; the reads do not tell'}")
    word = proposal if proposal in ANSWERS else "|".join(ANSWERS)
    show(f"settle it: cutover resolve {plan} {doubt.operation} --as {word} --reason TEXT")
