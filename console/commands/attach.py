"""`cutover attach`: follow what runs."""

from __future__ import annotations

import os

import click

from console.options import format_option, journal_option, plan_argument


@click.command()
@plan_argument
@journal_option
@format_option("text", "json")
def attach(plan: str, journal: str | None, form: str) -> int:
    """Follow the run of PLAN that is going on; leaving does not touch it.

    \b
    Example:  cutover attach reference
    """
    from console import openers
    from console.journal.follow import Interruption, follow
    from console.journal.journals import journal_path, read_status
    from console.journal.told import read_told
    from console.output import say, show, show_json
    from console.status_json import status_object
    from console.status_text import status_text
    from state.lease import is_held

    loaded = openers.open_plan(plan)
    path = journal_path(journal, loaded.plan.plan, os.environ)
    current = read_status(path)
    code = 0
    if is_held(path):
        interruption = Interruption(lambda: say("left the run to itself"))
        interruption.install()
        code = follow(path, current.seq, say, interruption, None, leave_at_once=True).code
    else:
        say("nothing runs")
    told, now = read_told(path), openers.now()
    if form == "json":
        show_json(status_object(loaded.plan, told, now, read_only=False))
    else:
        show(status_text(loaded.plan, told, now))
    return code
