"""A served console: `python -m console.serve.child PLAN JOURNAL SANDBOX SIZE`, started by the bridge alone.

It is the same console as ever, read-only by its environment, that draws through Textual's `WebDriver`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from console.exit_codes import CommandError, ExitCode, code_for

if TYPE_CHECKING:
    from console.app import CutoverApp
    from console.ports import Ports
    from console.terminal.hangup import Leaving


def open_served(plan: str, journal: str | None, sandbox: str | None, size: tuple[int, int]) -> int:
    """Open the console for the bridge, `size` in columns and rows, and stay in it until the bridge goes.

    Raises:
        CommandError: the settings are not read-only; then nothing is served.
    """
    from console import openers
    from console.opening import ConsoleOptions, make_app
    from console.settings import load_settings
    from console.terminal.hangup import Leaving
    from console.terminal.looks import prepare_textual

    loaded = load_settings(os.environ)
    if not loaded.values.read_only:
        raise CommandError(
            "a served console must be read-only; start it with `cutover serve`", ExitCode.REFUSED
        )
    openers.only_look("a served console is read-only")
    prepare_textual(loaded.values)
    with Leaving() as leaving, ExitStack() as stack:
        options = ConsoleOptions(journal, sandbox, None, None, pictures=False)
        app = make_app(plan, options, loaded, stack)
        from textual.drivers.web_driver import WebDriver

        app.driver_class = WebDriver
        app.ports = for_visitors(app.ports)
        return asyncio.run(_run(app, leaving, size))


def for_visitors(ports: Ports) -> Ports:
    """The ports without those that do something: checks and gates may run commands of the plan, which is not looking."""
    return replace(ports, checks=None, gate=None, hands=None, signatory=None, watch=None)


async def _run(app: CutoverApp, leaving: Leaving, size: tuple[int, int]) -> int:
    leaving.asks(asyncio.get_running_loop(), app.exit)
    code = await app.run_async(mouse=True, size=size)
    if app.bug is not None and leaving.code is None:
        raise app.bug
    return code or 0


def main(words: list[str]) -> int:
    """Entry of the process: a plan, a journal and a sandbox, each empty for none, and a size such as 80x24."""
    from console.crash import crashed
    from console.output import say_error

    plan, journal, sandbox, size = words
    width, _, height = size.partition("x")
    try:
        return open_served(plan, journal or None, sandbox or None, (int(width), int(height)))
    except Exception as error:  # noqa: BLE001 - a bug is told of, and ends the console
        code = code_for(error)
        if code is None:
            return crashed(error, "the served console")
        say_error(str(error))
        return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
