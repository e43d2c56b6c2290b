"""`cutover resume`: reconcile what is in doubt and go on."""

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
@journal_option
@yes_option
@sandbox_option
@speed_option
@parallel_option
@format_option("text", "json")
def resume(
    plan: str,
    journal: str | None,
    yes: bool,
    sandbox: str | None,
    speed: float | None,
    max_parallel: int | None,
    form: str,
) -> int:
    r"""Take the last run of PLAN up again where it stands; nothing runs twice.

    \b
    Example:  cutover resume reference --sandbox=http://127.0.0.1:5000
    """
    from console.acting import ActOptions, Actor

    with Actor(plan, ActOptions(journal, sandbox, speed, max_parallel, yes, form)) as actor:
        return actor.resume()
