"""What stands behind a console that may act: live, or on a sandbox."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from console.parts import ConsoleParts, Frame
from console.settings import LoadedSettings, Settings, cache_folder, state_folder

if TYPE_CHECKING:
    from console.acts.desk import JournalDesk
    from console.acts.drilling import SandboxDrill
    from console.compose import Setting
    from console.ground import Ground
    from console.journal.feed import JournalFeed
    from console.journal.journal_book import JournalBook
    from console.metrics_feed import GatewayMetrics
    from console.opening import ConsoleOptions
    from console.ports import Ports
    from console.terminal.login import Login
    from operations.plan.loader import LoadedPlan


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
    outlives: bool = True


def put_behind(plan: str, options: ConsoleOptions, user: LoadedSettings, stack: ExitStack) -> Behind:
    """The adapters of a console on its ground; what they need in the background ends with the stack."""
    from console import openers
    from console.acts.desk import JournalDesk
    from console.acts.previews import Previewer
    from console.ground import find_ground
    from console.journal.feed import JournalFeed
    from console.journal.first_picture import FirstPicture
    from console.journal.snapshot import Snapshots
    from console.metrics_feed import GatewayMetrics
    from console.pace import MetricsPace

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
    pace = MetricsPace(settings.metrics_seconds) if ground.sandbox is None else MetricsPace(5, 5)
    metrics = GatewayMetrics(
        loaded.plan, setting, lambda: previewer.lookup(feed.status), pace, ground.ready, desk.trouble
    )
    desk.life = metrics.life
    stack.callback(metrics.stop)
    drill = _drill(ground, path, loaded, options)
    return Behind(loaded, path, feed, desk, metrics, _login(setting, metrics), drill, ground.outlives)


def _drill(ground: Ground, path: Path, loaded: LoadedPlan, options: ConsoleOptions) -> SandboxDrill | None:
    """A hand on the sandbox's faults; none where there is no sandbox."""
    if ground.sandbox is None:
        return None
    from console.acts.drilling import SandboxDrill

    drill = SandboxDrill(ground.sandbox, path, loaded, options.scenario or "calm", options.seed)
    if options.scenario is not None:
        drill.begin(ground.wait)
    return drill


def live_parts(plan: str, options: ConsoleOptions, user: LoadedSettings, stack: ExitStack) -> ConsoleParts:
    """The parts of a console that may act, and that can go back in time."""
    from console.journal.past import JournalPast
    from console.journal.review import ReviewDesk, ReviewFeed, ReviewMetrics

    behind = put_behind(plan, options, user, stack)
    past = JournalPast(behind.journal, behind.desk.previewer)
    stack.callback(past.close)
    ports = replace(
        _ports(behind, user.values, options),
        past=past,
        journal=open_book(behind.journal, stack),
        metrics=behind.metrics.pace,
        drill=behind.drill,
    )
    return ConsoleParts(
        behind.loaded.plan,
        ReviewFeed(behind.feed, past),
        ReviewDesk(behind.desk, past, behind.desk.previewer),
        ReviewMetrics(behind.metrics, past),
        behind.login,
        ports,
        behind.loaded.digest,
        Frame.LIVE if behind.desk.sandbox is None else Frame.CALM,
        behind.outlives,
    )


def open_book(journal: Path, stack: ExitStack) -> JournalBook:
    """The journal for its room; what goes on behind the scenes ends with the stack."""
    from console.journal.journal_book import JournalBook

    book = JournalBook(journal, cache_folder(os.environ))
    stack.callback(book.close)
    return book


def _ports(behind: Behind, settings: Settings, options: ConsoleOptions) -> Ports:
    """What the rooms need beyond feed, desk and metrics."""
    from console import openers
    from console.acts.by_hand import HandClerk
    from console.acts.check_maker import LibraryMaker
    from console.acts.gate_work import GateClerk
    from console.acts.waivers import WaiverDesk
    from console.acts.watch_desk import JournalWatch
    from console.doctor.examine import Doctoring
    from console.journal.journals import spoken_phrase
    from console.ports import Ports
    from console.terminal.outside_world import OutsideWorld

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
    from console.terminal.login import Login
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
    from console.journal.journals import World, claim, journal_path
    from console.openers import open_journal

    path = journal_path(options.journal, loaded.plan.plan, os.environ)
    if read_only and path.exists():
        return path
    world = World(setting.sessions.name, setting.sessions.endpoint)
    claim(path, world, chosen=bool(options.journal or os.environ.get("CUTOVER_JOURNAL")))
    open_journal(path, loaded).close()
    return path
