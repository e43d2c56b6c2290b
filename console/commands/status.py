"""`cutover status`: where a plan stands."""

from __future__ import annotations

import os

import click

from console.options import format_option, journal_option, plan_argument


@click.command()
@plan_argument
@journal_option
@format_option("text", "json")
def status(plan: str, journal: str | None, form: str) -> int:
    """Say where PLAN stands, from its journal alone.

    \b
    Example:  cutover status reference --format json
    """
    from console import openers
    from console.journal.journals import journal_path
    from console.journal.told import read_told
    from console.output import show, show_json
    from console.settings import load_settings
    from console.status_json import status_object
    from console.status_text import status_text

    loaded = openers.open_plan(plan)
    told, now = read_told(journal_path(journal, loaded.plan.plan, os.environ)), openers.now()
    if form == "json":
        read_only = load_settings(os.environ).values.read_only
        show_json(status_object(loaded.plan, told, now, read_only=read_only))
    else:
        show(status_text(loaded.plan, told, now))
    return 0
