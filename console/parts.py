"""What a console is put together of, on screens and in lines alike: what stands behind it, and how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from console.acts.arming import IDLE_MINUTES
from console.keymap import KeyMap
from console.ports import Ports
from console.terminal.login import Login
from operations.plan.models import Plan
from screens.kit import Link
from screens.ports import Desk, Feed, MetricsFeed


class Frame(Enum):
    """What the lines around panes and dialogs say, in colour: nothing, or that all of this is live."""

    CALM = "calm"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class ConsoleParts:
    """What stands behind a console.

    Attributes:
        plan: the plan that it is about.
        feed: follows the journal.
        desk: takes requests.
        metrics: the poller's last readings, and where the console stands.
        login: how a person logs in from here.
        ports: what rooms need beyond those.
        digest: the plan's, which verdicts and sign-offs at gates are about; empty where they are not to be compared with it.
        frame: whether what is done here is done to a live system.
        outlives: whether what a run acts on is still there when the console has gone; a private sandbox is not.
    """

    plan: Plan
    feed: Feed
    desk: Desk
    metrics: MetricsFeed
    login: Login = field(default_factory=Login)
    ports: Ports = field(default_factory=Ports)
    digest: str = ""
    frame: Frame = Frame.CALM
    outlives: bool = True


@dataclass(frozen=True, slots=True)
class Manner:
    """How a console looks and behaves.

    Attributes:
        theme: name of a theme; an unknown one falls back to the default and is reported.
        link: how far away the terminal is.
        utc: whether times are shown in UTC at first.
        themes_folder: a folder with themes of the user's own.
        idle_minutes: minutes without a key before the console disarms itself.
        keys: the keys that the user has put elsewhere.
    """

    theme: str
    link: Link
    utc: bool = True
    themes_folder: Path | None = None
    idle_minutes: int = IDLE_MINUTES
    keys: KeyMap = field(default_factory=KeyMap)
