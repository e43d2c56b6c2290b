"""`cutover approve`: a second person's word, or the attestation of a step done by hand."""

from __future__ import annotations

import os

import click

from console.options import journal_option, plan_argument


@click.command()
@plan_argument
@click.argument("operation")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stands in the journal.")
@click.option(
    "--role", metavar="ID", help="In which role you approve; default: the first that the plan asks for."
)
@journal_option
def approve(plan: str, operation: str, reason: str, role: str | None, journal: str | None) -> int:
    """Approve OPERATION of PLAN, or attest what it waits for; then `cutover resume`.

    \b
    Example:  cutover approve reference go-no-go --reason "all criteria met"
    """
    from console import openers
    from console.exit_codes import CommandError, ExitCode
    from console.journal.journals import journal_path, read_status
    from console.output import show
    from operations.plan.selection import named
    from state.request_events import ApprovalGranted

    loaded = openers.open_plan(plan)
    named(loaded.plan, [operation])
    wanted = loaded.plan.operations[operation].approval
    if wanted and role is not None and role not in wanted.roles:
        raise CommandError(
            f"`{operation}` needs one of {', '.join(wanted.roles)}, not {role}", ExitCode.REFUSED
        )
    path = journal_path(journal, loaded.plan.plan, os.environ)
    if wanted and openers.actor() == read_status(path).asked_by:
        raise CommandError(
            f"`{operation}` needs a second person: you asked for this run yourself", ExitCode.REFUSED
        )
    with openers.open_journal(path, loaded) as opened:
        granted = ApprovalGranted(
            role=role or (wanted.roles[0] if wanted else None), digest=loaded.digest, reason=reason
        )
        event = opened.append(granted, operation=operation)
    show(f"approved {operation} in event {event.seq}; go on with `cutover resume`")
    return 0
