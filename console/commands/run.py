"""`cutover run`: carry operations out without a console."""

from __future__ import annotations

import click

from console.exit_codes import CommandError
from console.options import (
    format_option,
    journal_option,
    parallel_option,
    plan_argument,
    sandbox_option,
    speed_option,
    yes_option,
)


@click.command()
@plan_argument
@click.argument("operations", nargs=-1, metavar="[OPERATION]...")
@click.option("--phase", metavar="ID", help="All operations of a phase or sub-phase.")
@click.option("--all", "everything", is_flag=True, help="All operations that have a way back.")
@click.option(
    "--detach", is_flag=True, help="Return when the run has begun; follow it with `cutover attach`."
)
@journal_option
@yes_option
@sandbox_option
@speed_option
@parallel_option
@format_option("text", "json")
def run(
    plan: str,
    operations: tuple[str, ...],
    phase: str | None,
    everything: bool,
    detach: bool,
    journal: str | None,
    yes: bool,
    sandbox: str | None,
    speed: float | None,
    max_parallel: int | None,
    form: str,
) -> int:
    r"""Carry operations of PLAN out, in the order of their dependencies.

    What is done already is left alone. An operation without a way back runs only when it is named.

    \b
    Example:  cutover run reference --phase 6.1 --sandbox --yes
    """
    from console.acting import ActOptions, Actor
    from console.selecting import to_run

    if detach and sandbox == "private":
        raise CommandError(
            "--detach needs a sandbox that lives on: start `cutover sandbox` and give --sandbox=URL"
        )
    options = ActOptions(journal, sandbox, speed, max_parallel, yes, form, detach)
    actor = Actor(plan, options)
    wanted = to_run(actor.loaded.plan, operations, phase, everything)
    with actor:
        return actor.forward(wanted)
