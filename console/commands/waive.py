"""`cutover waive`: answer for a constraint until a time."""

from __future__ import annotations

import os

import click

from console.options import journal_option, plan_argument


@click.command()
@plan_argument
@click.argument("constraint")
@click.option(
    "--until", required=True, metavar="TIME", help="When it ends: 2026-12-01T06:00Z, a day, or 90m, 4h, 7d."
)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stands in the journal.")
@click.option("--owner", metavar="NAME", help="Who sees to the constraint meanwhile; default: its owner.")
@click.option("--role", metavar="ID", help="In which role of the plan you sign.")
@journal_option
def waive(
    plan: str,
    constraint: str,
    until: str,
    reason: str,
    owner: str | None,
    role: str | None,
    journal: str | None,
) -> int:
    """Waive CONSTRAINT of PLAN until TIME: what it blocks may start once two people have signed.

    \b
    Example:  cutover waive reference C-04 --until 4h --reason "listener is behind the allow list until T+4"
    """
    from console import openers
    from console.acts.waivers import WaiverDesk, moment
    from console.journal.journals import journal_path
    from console.output import show

    loaded = openers.open_plan(plan)
    path = journal_path(journal, loaded.plan.plan, os.environ)
    named = {each.id: each for each in loaded.plan.constraints}.get(constraint)
    sees_to_it = owner or (named.owner if named else None) or openers.actor()
    event, waiving = WaiverDesk(loaded, path).waive(
        constraint, role, sees_to_it, moment(until, openers.now()), reason
    )
    rest = "it no longer blocks" if waiving.valid else f"{waiving.missing} more must sign before it counts"
    show(f"waived {constraint} in event {event.seq} until {event.data['until']}; {rest}")
    return 0
