"""`cutover rollback`: the way back, in reverse order."""

from __future__ import annotations

import click

from console.options import ActOptions, acting_options, plan_argument


@click.command()
@plan_argument
@click.argument("operations", nargs=-1, metavar="[OPERATION]...")
@click.option(
    "--to", "point", metavar="OPERATION", help="Everything carried out after OPERATION, which itself stays."
)
@click.option("--phase", metavar="ID", help="All operations of a phase or sub-phase.")
@click.option("--all", "everything", is_flag=True, help="Everything that stands.")
@acting_options
def rollback(
    plan: str,
    operations: tuple[str, ...],
    point: str | None,
    phase: str | None,
    everything: bool,
    options: ActOptions,
) -> int:
    """Undo operations of PLAN, what depends on others first.

    \b
    Example:  cutover rollback reference --to cutover-checkpoint --yes
    """
    from console.acts.acting import Actor
    from console.acts.selecting import to_roll_back

    with Actor(plan, options) as actor:
        wanted = to_roll_back(actor.loaded.plan, actor.status(), operations, point, phase, everything)
        return actor.back(wanted)
