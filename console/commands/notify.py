"""`cutover notify`: tells people elsewhere of what happens in a journal."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from console.options import journal_option, plan_argument

if TYPE_CHECKING:
    from console.notify.endpoints import Endpoint


@click.command()
@plan_argument
@click.option("--once", is_flag=True, help="Send what waits, then end; 1 when somebody did not take it.")
@click.option("--test", is_flag=True, help="Send one message to every address and say which of them took it.")
@journal_option
def notify(plan: str, once: bool, test: bool, journal: str | None) -> int:
    """Send notifications about PLAN's journal to the addresses of `notify_urls`, until Ctrl+C.

    A live run starts this by itself where addresses are set; it never waits for it. Needs the extra `notify`.

    \b
    Example:  cutover notify reference --test
    """
    from console.exit_codes import CommandError, ExitCode
    from console.journal.journals import journal_path
    from console.notify.endpoints import endpoints
    from console.notify.process import make_follower
    from console.notify.progress import alone
    from console.openers import open_plan
    from console.output import say
    from console.settings import load_settings

    settings = load_settings(os.environ).values
    name = open_plan(plan).plan.plan
    if test:
        taken = [_test(endpoint, name) for endpoint in endpoints(settings)]
        return 0 if all(taken) else 1
    path = journal_path(journal, name, os.environ)
    follower = make_follower(settings, path, name, None, say)
    with alone(path) as mine:
        if not mine:
            raise CommandError(f"{path}: another process sends its notifications already", ExitCode.REFUSED)
        if once:
            return 0 if asyncio.run(follower.once()) else 1
        follower.stays = True
        with suppress(KeyboardInterrupt):
            asyncio.run(follower.follow())
    return 0


def _test(endpoint: Endpoint, plan: str) -> bool:
    from console.output import show

    taken = endpoint.send(f"cutover {plan}: a test", "Somebody tests the notifications.", "info")
    show(f"address {endpoint.name}: {'taken' if taken else 'NOT taken'}")
    return taken
