"""`cutover resume`: reconcile what is in doubt and go on."""

from __future__ import annotations

from dataclasses import replace

import click

from console.options import ActOptions, acting_options, plan_argument


@click.command()
@plan_argument
@click.option(
    "--take-over",
    type=click.IntRange(min=1),
    metavar="N",
    help="Take lease N from a runner of which you made sure that it acts no more.",
)
@acting_options
def resume(
    plan: str,
    take_over: int | None,
    options: ActOptions,
) -> int:
    """Take the last run of PLAN up again where it stands; nothing runs twice.

    \b
    Example:  cutover resume reference --sandbox=http://127.0.0.1:5000
    """
    from console.acts.acting import Actor

    with Actor(plan, replace(options, take_over=take_over)) as actor:
        return actor.resume()
