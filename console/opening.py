"""Opens the console: checks the terminal, sets what Textual reads at import, runs it to its end."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from console.crash import ConsoleBugError
from console.exit_codes import CommandError
from console.options import PRIVATE_SANDBOX
from console.settings import (
    LoadedSettings,
    load_settings,
    state_folder,
    with_options,
)
from console.terminal.hangup import Leaving
from console.terminal.looks import mouse_works, prepare_textual

if TYPE_CHECKING:
    from console.app import CutoverApp

DRILL_GREETING = "a sandbox: nothing here can hurt; :tour shows you round"


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """The options of the commands that open a console.

    `greeting` is said when it opens; `pictures`: may it keep any; `review`: show a journal and nothing else;
    `scenario` and `seed`: what goes wrong in a sandbox.
    `looks` are settings that an option gives for this once: link, color, mouse, ascii, plain, read_only.
    """

    journal: str | None
    sandbox: str | None
    speed: float | None
    max_parallel: int | None
    greeting: str = ""
    pictures: bool = True
    review: bool = False
    scenario: str | None = None
    seed: int = 0
    looks: Mapping[str, str | bool | None] = field(default_factory=dict)


def open_drill(plan: str, options: ConsoleOptions) -> int:
    """Open the console on a private sandbox, with a new journal unless one is given."""
    if options.journal is None and not os.environ.get("CUTOVER_JOURNAL"):
        from console.openers import new_id

        journal = state_folder(os.environ) / "drills" / f"{Path(plan).stem}-{new_id()}.journal"
        options = replace(options, journal=str(journal))
    return open_on(plan, replace(options, sandbox=PRIVATE_SANDBOX, greeting=DRILL_GREETING))


def open_on(plan: str, options: ConsoleOptions) -> int:
    """Open the console on a plan and stay in it until the operator leaves."""
    loaded = with_options(load_settings(os.environ), options.looks)
    if loaded.values.plain:
        from console.plain.opening import open_plain

        return open_plain(plan, options, loaded)
    refuse_without_terminal()
    prepare_textual(loaded.values)
    with Leaving() as leaving, ExitStack() as stack:
        app = make_app(plan, options, loaded, stack)
        code = asyncio.run(_run(app, leaving, mouse=mouse_works(loaded.values)))
        return code if leaving.code is None else leaving.code


async def _run(app: CutoverApp, leaving: Leaving, *, mouse: bool) -> int:
    """Run the console to its end; a bug in it is raised here, when the terminal is in order again."""
    loop = asyncio.get_running_loop()
    leaving.asks(loop, app.exit)
    threading.excepthook = lambda died: loop.call_soon_threadsafe(_thread_died, app, died.exc_value)
    try:
        code = await app.run_async(mouse=mouse)
    finally:
        threading.excepthook = threading.__excepthook__
    if app.bug is not None and leaving.code is None:
        raise app.bug
    return code or 0


def _thread_died(app: CutoverApp, error: BaseException | None) -> None:
    """A thread that died of a bug ends the console: what it did would be missing, and nobody would know."""
    app.end_by(error if isinstance(error, Exception) else ConsoleBugError("a thread ended"))


def refuse_without_terminal() -> None:
    """Refuse to draw where nobody could see or type.

    Raises:
        CommandError: standard input, output or error is no terminal, or one that cannot position a cursor.
    """
    hint = "use --plain, or `cutover status`, `cutover run` and the other commands"
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise CommandError(f"the console needs a terminal, and this is none; {hint}")
    if os.environ.get("TERM", "dumb") == "dumb":
        raise CommandError(f"the console needs more than TERM=dumb; {hint}")


def make_app(plan: str, options: ConsoleOptions, user: LoadedSettings, stack: ExitStack) -> CutoverApp:
    """The console, live, in a sandbox, or over a journal alone; not yet running.

    What it needs in the background ends with the stack.
    """
    from console.assembly import assemble, find_parts

    with _uncollected():
        return assemble(user, lambda: find_parts(plan, options, user, stack))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Python looks for no circles while the console is made, and never again in what was made of modules and the plan.

    All of that lives as long as the console does; to look through a plan of ten thousand operations takes a fifth of the time
    that it takes to read it.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
