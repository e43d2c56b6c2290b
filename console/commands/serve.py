"""`cutover serve`: the console in a browser, to look at and not to act."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.options import journal_option, sandbox_option

if TYPE_CHECKING:
    from operations.plan.loader import LoadedPlan


@click.command()
@click.argument("plan", metavar="[PLAN]", default="reference")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Where to listen on loopback; default: any free port.",
)
@journal_option
@sandbox_option
def serve(plan: str, port: int, journal: str | None, sandbox: str | None) -> int:
    """Show the console of PLAN in a browser on this machine, read-only; ends on SIGTERM or Ctrl+C.

    Prints an address with a secret token, once: whoever has it can look, nobody can act. It listens on loopback only;
    from afar, forward the port: `ssh -L 8000:127.0.0.1:8000 HOST`.

    \b
    Example:  cutover serve reference --port 8000
    """
    from console.ground import find_ground
    from console.journal.journals import journal_path
    from console.openers import open_plan
    from console.output import say, show
    from console.serve.server import serve as serve_site
    from console.settings import load_settings

    loaded = open_plan(plan)
    settings = load_settings(os.environ).values

    def announce(address: str) -> None:
        show(address)
        say("read-only; whoever has this address can look. Ctrl+C ends it.")

    _see_that_there_is_one(journal_path(journal, loaded.plan.plan, os.environ), loaded)
    with ExitStack() as stack:
        url = ""
        if sandbox is not None:
            url = find_ground(loaded, sandbox, settings.sandbox_speed, stack).sandbox or ""
        return serve_site(f"cutover {loaded.plan.plan}", (plan, journal or "", url), port, announce)


def _see_that_there_is_one(journal: Path, loaded: LoadedPlan) -> None:
    """A journal that there is is only read; where there is none yet, an empty one is made to be followed."""
    from console.openers import open_journal

    if not journal.exists():
        open_journal(journal, loaded).close()
