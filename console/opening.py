"""Opens the console: checks the terminal, sets what Textual reads at import, puts the adapters together."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from console.crash import ConsoleBugError
from console.exit_codes import CommandError
from console.hangup import Leaving
from console.looks import mouse_works, prepare_textual, theme_name
from console.options import PRIVATE_SANDBOX
from console.settings import (
    LoadedSettings,
    Settings,
    cache_folder,
    is_slow_link,
    load_settings,
    state_folder,
    with_options,
)

if TYPE_CHECKING:
    from console.app import CutoverApp
    from console.compose import Setting
    from console.desk import JournalDesk
    from console.drilling import SandboxDrill
    from console.feed import JournalFeed
    from console.ground import Ground
    from console.journal_book import JournalBook
    from console.login import Login
    from console.metrics_feed import GatewayMetrics
    from console.ports import Ports
    from operations.plan.loader import LoadedPlan

DRILL_GREETING = "a sandbox: nothing here can hurt; :tour shows you round"


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """The options of the commands that open a console.

    `greeting` is said when it opens; `pictures`: may it keep any; `review`: show a journal and nothing else;
    `scenario` and `seed`: what goes wrong in a sandbox.
    `looks` are settings that an option gives for this once: link, color, mouse, ascii, plain.
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
        app = _make(plan, options, loaded, stack)
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


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a console, on screens and in lines alike."""

    loaded: LoadedPlan
    journal: Path
    feed: JournalFeed
    desk: JournalDesk
    metrics: GatewayMetrics
    login: Login
    drill: SandboxDrill | None = None


def put_behind(plan: str, options: ConsoleOptions, user: LoadedSettings, stack: ExitStack) -> Behind:
    """The adapters of a console on its ground; what they need in the background ends with the stack."""
    from console import openers
    from console.desk import JournalDesk
    from console.feed import JournalFeed
    from console.first_picture import FirstPicture
    from console.ground import find_ground
    from console.metrics_feed import GatewayMetrics
    from console.previews import Previewer
    from console.snapshot import Snapshots

    settings = user.values
    loaded = openers.open_plan(plan)
    ground = find_ground(
        loaded, options.sandbox, options.speed or settings.drill_speed, stack, settings.login_command
    )
    setting = ground.setting
    path = _own_journal(loaded, setting, options, read_only=settings.read_only)
    previewer = Previewer.of(loaded.plan, setting)
    cache = cache_folder(os.environ)
    picture = FirstPicture(cache / "first", loaded, path)
    feed = JournalFeed(path, previewer, Snapshots(cache / "folds"), told=picture.keep)
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
    stack.callback(metrics.stop)
    drill = _drill(ground, path, loaded, options)
    return Behind(loaded, path, feed, desk, metrics, _login(setting, metrics), drill)


def _drill(ground: Ground, path: Path, loaded: LoadedPlan, options: ConsoleOptions) -> SandboxDrill | None:
    """A hand on the sandbox's faults; none where there is no sandbox."""
    if ground.sandbox is None:
        return None
    from console.drilling import SandboxDrill

    drill = SandboxDrill(ground.sandbox, path, loaded, options.scenario or "calm", options.seed)
    if options.scenario is not None:
        drill.begin(ground.wait)
    return drill


def _make(plan: str, options: ConsoleOptions, user: LoadedSettings, stack: ExitStack) -> CutoverApp:
    """Live, in a sandbox, or over a journal alone."""
    if not options.review:
        return make_app(plan, options, user, stack)
    from console.journals import newest_journal
    from console.review_opening import make_review

    journal = newest_journal(options.journal, os.environ)
    return make_review(journal, plan or None, user, stack, pictures=options.pictures)


def make_app(plan: str, options: ConsoleOptions, user: LoadedSettings, stack: ExitStack) -> CutoverApp:
    """The console on its ground, not yet running; what it needs in the background ends with the stack."""
    from console import openers
    from console.actions import ACTIONS
    from console.app import CutoverApp, Link
    from console.keymap import read_keys
    from console.past import JournalPast
    from console.review import ReviewDesk, ReviewFeed, ReviewMetrics

    settings = user.values
    keys = read_keys(user.keys, user.file, ACTIONS)
    behind = put_behind(plan, options, user, stack)
    past = JournalPast(behind.journal, behind.desk.previewer)
    stack.callback(past.close)
    return CutoverApp(
        behind.loaded.plan,
        ReviewFeed(behind.feed, past),
        ReviewDesk(behind.desk, past, behind.desk.previewer),
        ReviewMetrics(behind.metrics, past),
        clock=openers.now,
        theme=theme_name(user, os.environ),
        link=Link.SLOW if is_slow_link(settings) else Link.FAST,
        utc=settings.utc,
        themes_folder=user.file.parent / "themes",
        idle_minutes=settings.idle_minutes,
        login=behind.login,
        ports=replace(
            _ports(behind, settings, options),
            past=past,
            journal=_book(behind.journal, stack),
            metrics=behind.metrics.pace,
            drill=behind.drill,
        ),
        keys=keys,
    )


def _book(journal: Path, stack: ExitStack) -> JournalBook:
    """The journal for its room; what goes on behind the scenes ends with the stack."""
    from console.journal_book import JournalBook
    from console.settings import cache_folder

    book = JournalBook(journal, cache_folder(os.environ))
    stack.callback(book.close)
    return book


def _ports(behind: Behind, settings: Settings, options: ConsoleOptions) -> Ports:
    """What the rooms need beyond feed, desk and metrics."""
    from console import openers
    from console.by_hand import HandClerk
    from console.check_maker import LibraryMaker
    from console.doctor.examine import Doctoring
    from console.gate_work import GateClerk
    from console.journals import spoken_phrase
    from console.outside_world import OutsideWorld
    from console.ports import Ports
    from console.waivers import WaiverDesk
    from console.watch_desk import JournalWatch

    journal = behind.journal
    outside = OutsideWorld(
        environment=os.environ,
        copy_limit=settings.copy_limit,
        rings=settings.bell,
        notifies=settings.desktop_notify,
        pictures=state_folder(os.environ) / "screenshots" if options.pictures else None,
        phrase=lambda: spoken_phrase(journal),
    )
    doctor = Doctoring(os.environ, journal, openers.now)
    return Ports(
        outside=outside,
        doctor=doctor,
        checks=LibraryMaker(behind.loaded, journal, behind.desk.sandbox),
        watch=JournalWatch(behind.loaded, journal, settings.read_only),
        gate=GateClerk(behind.loaded, journal, behind.desk.sandbox, read_only=settings.read_only),
        signatory=None if settings.read_only else WaiverDesk(behind.loaded, journal),
        hands=HandClerk(
            behind.loaded, journal, lambda: behind.desk.setting, go_on=":resume", read_only=settings.read_only
        ),
        greeting=options.greeting,
    )


def _login(setting: Setting, metrics: GatewayMetrics) -> Login:
    from console.login import Login
    from operations.aws.sessions import Expiring

    if isinstance(setting.sessions, Expiring):
        return Login(setting.sessions.login, None, metrics.again)
    return Login(
        refused=f"{setting.sessions.name}: the credentials are made up, there is nothing to log in to"
    )


def _own_journal(loaded: LoadedPlan, setting: Setting, options: ConsoleOptions, *, read_only: bool) -> Path:
    """The journal of this plan on this ground, opened once so that it is there to be followed.

    Whoever may only look neither writes into one that there is nor puts one aside.
    """
    from console.journals import World, claim, journal_path
    from console.openers import open_journal

    path = journal_path(options.journal, loaded.plan.plan, os.environ)
    if read_only and path.exists():
        return path
    world = World(setting.sessions.name, setting.sessions.endpoint)
    claim(path, world, chosen=bool(options.journal or os.environ.get("CUTOVER_JOURNAL")))
    open_journal(path, loaded).close()
    return path
