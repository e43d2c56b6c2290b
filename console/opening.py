"""Opens the console: checks the terminal, sets what Textual reads at import, puts the adapters together."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from console.crash import ConsoleBugError
from console.exit_codes import CommandError
from console.hangup import Leaving
from console.options import PRIVATE_SANDBOX
from console.settings import LoadedSettings, Settings, is_slow_link, load_settings, state_folder

if TYPE_CHECKING:
    from console.app import CutoverApp
    from console.compose import Setting
    from console.login import Login
    from console.metrics_feed import GatewayMetrics
    from operations.plan.loader import LoadedPlan

SCENARIOS = {"calm": "the estate before the migration, with its usual traffic and no faults"}
"""The drill's scenarios by name."""


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """The options of the commands that open a console."""

    journal: str | None
    sandbox: str | None
    speed: float | None
    max_parallel: int | None


def open_drill(plan: str, options: ConsoleOptions) -> int:
    """Open the console on a private sandbox, with a new journal unless one is given."""
    if options.journal is None and not os.environ.get("CUTOVER_JOURNAL"):
        from console.openers import new_id

        journal = state_folder(os.environ) / "drills" / f"{Path(plan).stem}-{new_id()}.journal"
        options = replace(options, journal=str(journal))
    return open_on(plan, replace(options, sandbox=PRIVATE_SANDBOX))


def open_on(plan: str, options: ConsoleOptions) -> int:
    """Open the console on a plan and stay in it until the operator leaves."""
    refuse_without_terminal()
    loaded = load_settings(os.environ)
    prepare_textual(loaded.values)
    with Leaving() as leaving, ExitStack() as stack:
        app = make_app(plan, options, loaded, stack)
        code = asyncio.run(_run(app, leaving, mouse=not is_slow_link(loaded.values)))
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
    hint = "use `cutover status`, `cutover run` and the other commands"
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise CommandError(f"the console needs a terminal, and this is none; {hint}")
    if os.environ.get("TERM", "dumb") == "dumb":
        raise CommandError(f"the console needs more than TERM=dumb; {hint}")


def prepare_textual(settings: Settings) -> None:
    """Set what Textual reads once, when it is imported: a slow link gets few frames and no motion.

    `COLUMNS` and `LINES` go: Textual believes them before the terminal, which alone knows its size after it was resized.
    """
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    if settings.ascii:
        os.environ["CUTOVER_ASCII"] = "1"
    if is_slow_link(settings):
        for name, value in _SLOW.items():
            os.environ.setdefault(name, value)


_SLOW = {
    "TEXTUAL_FPS": "10",
    "TEXTUAL_SMOOTH_SCROLL": "0",
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
    "ESCDELAY": "200",
}


def make_app(plan: str, options: ConsoleOptions, user: LoadedSettings, stack: ExitStack) -> CutoverApp:
    """The console on its ground, not yet running; what it needs in the background ends with the stack."""
    from console import openers
    from console.app import CutoverApp, Link
    from console.desk import JournalDesk
    from console.feed import JournalFeed
    from console.ground import find_ground
    from console.metrics_feed import GatewayMetrics
    from console.previews import Previewer

    settings = user.values
    loaded = openers.open_plan(plan)
    ground = find_ground(
        loaded, options.sandbox, options.speed or settings.drill_speed, stack, settings.login_command
    )
    setting = ground.setting
    path = _own_journal(loaded, setting, options)
    previewer = Previewer.of(loaded.plan, setting)
    feed = JournalFeed(path, previewer)
    desk = JournalDesk(
        loaded=loaded,
        plan_argument=plan,
        path=path,
        setting=setting,
        previewer=previewer,
        feed=feed,
        max_parallel=options.max_parallel or settings.max_parallel or loaded.plan.limits.max_parallel,
        sandbox=ground.sandbox,
        read_only=settings.read_only,
    )
    every = settings.metrics_seconds if ground.sandbox is None else min(settings.metrics_seconds, 5)
    metrics = GatewayMetrics(
        loaded.plan, setting, lambda: previewer.lookup(feed.status), every, ground.ready, desk.trouble
    )
    desk.life = metrics.life
    metrics.start()
    stack.callback(metrics.stop)
    return CutoverApp(
        loaded.plan,
        feed,
        desk,
        metrics,
        clock=openers.now,
        theme=settings.theme,
        link=Link.SLOW if is_slow_link(settings) else Link.FAST,
        utc=settings.utc,
        themes_folder=user.file.parent / "themes",
        idle_minutes=settings.idle_minutes,
        login=_login(setting, metrics),
    )


def _login(setting: Setting, metrics: GatewayMetrics) -> Login:
    from console.login import Login
    from operations.aws.sessions import Expiring

    if isinstance(setting.sessions, Expiring):
        return Login(setting.sessions.login, None, metrics.again)
    return Login(
        refused=f"{setting.sessions.name}: the credentials are made up, there is nothing to log in to"
    )


def _own_journal(loaded: LoadedPlan, setting: Setting, options: ConsoleOptions) -> Path:
    """The journal of this plan on this ground, opened once so that it is there to be followed."""
    from console.journals import World, claim, journal_path
    from console.openers import open_journal

    path = journal_path(options.journal, loaded.plan.plan, os.environ)
    world = World(setting.sessions.name, setting.sessions.endpoint)
    claim(path, world, chosen=bool(options.journal or os.environ.get("CUTOVER_JOURNAL")))
    open_journal(path, loaded).close()
    return path
