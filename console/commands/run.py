"""`cutover run`: carry operations out without a console."""

from __future__ import annotations

from dataclasses import replace

import click

from console.exit_codes import CommandError
from console.options import PRIVATE_SANDBOX, ActOptions, acting_options, plan_argument


@click.command()
@plan_argument
@click.argument("operations", nargs=-1, metavar="[OPERATION]...")
@click.option("--phase", metavar="ID", help="All operations of a phase or sub-phase.")
@click.option("--all", "everything", is_flag=True, help="All operations that have a way back.")
@click.option(
    "--detach", is_flag=True, help="Return when the run has begun; follow it with `cutover attach`."
)
@acting_options
def run(
    plan: str,
    operations: tuple[str, ...],
    phase: str | None,
    everything: bool,
    detach: bool,
    options: ActOptions,
) -> int:
    """Carry operations of PLAN out, in the order of their dependencies.

    What is done already is left alone. An operation without a way back runs only when it is named.

    \b
    Example:  cutover run reference --phase 6.1 --sandbox --yes
    """
    from console.acts.acting import Actor
    from console.acts.selecting import to_run

    if detach and options.sandbox == PRIVATE_SANDBOX:
        raise CommandError(
            "--detach needs a sandbox that lives on: start `cutover sandbox` and give --sandbox=URL"
        )
    actor = Actor(plan, replace(options, detach=detach))
    wanted = to_run(actor.loaded.plan, operations, phase, everything)
    with actor:
        return actor.forward(wanted)
