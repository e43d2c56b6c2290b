"""`cutover rollback`: the way back, in reverse order."""

from __future__ import annotations

import click

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
@click.option(
    "--to", "point", metavar="OPERATION", help="Everything carried out after OPERATION, which itself stays."
)
@click.option("--phase", metavar="ID", help="All operations of a phase or sub-phase.")
@click.option("--all", "everything", is_flag=True, help="Everything that stands.")
@journal_option
@yes_option
@sandbox_option
@speed_option
@parallel_option
@format_option("text", "json")
def rollback(
    plan: str,
    operations: tuple[str, ...],
    point: str | None,
    phase: str | None,
    everything: bool,
    journal: str | None,
    yes: bool,
    sandbox: str | None,
    speed: float | None,
    max_parallel: int | None,
    form: str,
) -> int:
    r"""Undo operations of PLAN, what depends on others first.

    \b
    Example:  cutover rollback reference --to cutover-checkpoint --yes
    """
    from console.acting import ActOptions, Actor
    from console.selecting import to_roll_back

    options = ActOptions(journal, sandbox, speed, max_parallel, yes, form)
    with Actor(plan, options) as actor:
        wanted = to_roll_back(actor.loaded.plan, actor.status(), operations, point, phase, everything)
        return actor.back(wanted)
