"""`cutover resume`: reconcile what is in doubt and go on."""

from __future__ import annotations

import click

from console.options import ActOptions, acting_options, plan_argument


@click.command()
@plan_argument
@acting_options
def resume(
    plan: str,
    options: ActOptions,
) -> int:
    """Take the last run of PLAN up again where it stands; nothing runs twice.

    \b
    Example:  cutover resume reference --sandbox=http://127.0.0.1:5000
    """
    from console.acting import Actor

    with Actor(plan, options) as actor:
        return actor.resume()
