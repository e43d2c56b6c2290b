"""`cutover skip`, `mark-done` and `orphan`: what a person settles by hand, so that the rest goes on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from console.options import journal_option, plan_argument, sandbox_option

if TYPE_CHECKING:
    from console.compose import Setting
    from screens.by_hand_port import HandAct, HandPreview

reason_option = click.option("--reason", required=True, metavar="TEXT", help="Why; it stands in the journal.")


@click.command()
@plan_argument
@click.argument("operation")
@reason_option
@journal_option
def skip(plan: str, operation: str, reason: str, journal: str | None) -> int:
    """Leave OPERATION of PLAN out, so that what depends on it may go on; then `cutover resume`.

    \b
    Example:  cutover skip reference canaries --reason "their runtime is not offered here"
    """
    from screens.by_hand_port import HandAct

    return _ask(HandAct.SKIP, plan, operation, reason, journal, None)


@click.command("mark-done")
@plan_argument
@click.argument("operation")
@click.option(
    "--reason", metavar="TEXT", help="How it was done; it stands in the journal. Without it nothing is asked."
)
@click.option(
    "--save",
    "saves",
    multiple=True,
    metavar="NAME=VALUE",
    help="A value that the operation would have saved for others; may be repeated.",
)
@journal_option
@sandbox_option
def mark_done(
    plan: str,
    operation: str,
    reason: str | None,
    saves: tuple[str, ...],
    journal: str | None,
    sandbox: str | None,
) -> int:
    """Verify OPERATION of PLAN and show the verdict; with --reason, count it as done by hand, or as undone in a rollback.

    A verification that says otherwise is believed, not you. Then `cutover resume`.

    \b
    Example:  cutover mark-done reference vpc --reason "made by the network team, ticket 4711"
    """
    from screens.by_hand_port import HandAct

    given = dict(each.partition("=")[::2] for each in saves)
    return _ask(HandAct.MARK_DONE, plan, operation, reason, journal, sandbox, given)


@click.command()
@plan_argument
@click.argument("operation")
@reason_option
@journal_option
def orphan(plan: str, operation: str, reason: str, journal: str | None) -> int:
    """Give up the way back of OPERATION of PLAN: what it made stays, and the rest of the rollback goes on with `cutover resume`.

    \b
    Example:  cutover orphan reference s3-buckets --reason "the auditors want to see them; ticket 4712"
    """
    from screens.by_hand_port import HandAct

    return _ask(HandAct.ORPHAN, plan, operation, reason, journal, None)


def _ask(
    act: HandAct,
    plan: str,
    operation: str,
    reason: str | None,
    journal: str | None,
    sandbox: str | None,
    saved: Mapping[str, str] | None = None,
) -> int:
    from console import openers
    from console.acts.by_hand import HandClerk
    from console.exit_codes import CommandError, ExitCode
    from console.ground import find_ground
    from console.journal.journals import journal_path
    from console.output import show
    from console.settings import load_settings
    from operations.plan.selection import named
    from screens.ports import DeskError

    settings = load_settings(os.environ).values
    loaded = openers.open_plan(plan)
    named(loaded.plan, [operation])
    path = journal_path(journal, loaded.plan.plan, os.environ)
    with ExitStack() as stack:

        def setting() -> Setting:
            ground = find_ground(loaded, sandbox, settings.sandbox_speed, stack, settings.login_command)
            ground.wait()
            return ground.setting

        clerk = HandClerk(
            loaded, path, setting, read_only=settings.read_only, plan_argument=plan, saved=saved or {}
        )
        try:
            preview = clerk.look(act, operation)
            _show(preview)
            _refuse(preview)
            if reason is None:
                return ExitCode.DONE
            show(clerk.answer(preview, reason))
        except DeskError as error:
            raise CommandError(str(error), ExitCode.REFUSED) from error
    return ExitCode.DONE


def _show(preview: HandPreview) -> None:
    from console.output import show

    for line in preview.seen:
        show(line)


def _refuse(preview: HandPreview) -> None:
    """End with the exit code that says why.

    Raises:
        CommandError: the answer is refused.
    """
    from console.exit_codes import CommandError, ExitCode
    from screens.by_hand_port import Bar

    if preview.refused is not None:
        codes = {Bar.STATE: ExitCode.REFUSED, Bar.DOUBT: ExitCode.IN_DOUBT, Bar.EVIDENCE: ExitCode.NO}
        raise CommandError(f"not asked: {preview.refused.why}", codes[preview.refused.bar])
