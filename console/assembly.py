"""Puts a console together: finds its parts, live or over a journal alone, and draws them on screens."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from console.parts import ConsoleParts, Manner
from console.settings import LoadedSettings, is_slow_link

if TYPE_CHECKING:
    from console.app import CutoverApp
    from console.opening import ConsoleOptions


def find_parts(plan: str, options: ConsoleOptions, user: LoadedSettings, stack: ExitStack) -> ConsoleParts:
    """What stands behind the console that is asked for; what it needs in the background ends with the stack."""
    if not options.review:
        from console.behind import live_parts

        return live_parts(plan, options, user, stack)
    from console.journal.journals import newest_journal
    from console.journal.review_opening import review_parts

    journal = newest_journal(options.journal, os.environ)
    return review_parts(journal, plan or None, user, stack, pictures=options.pictures)


def assemble(user: LoadedSettings, make: Callable[[], ConsoleParts]) -> CutoverApp:
    """The console on screens, not yet running. The settings are read first: a wrong one stops it before anything is opened."""
    from console import openers
    from console.actions import ACTIONS
    from console.app import CutoverApp
    from console.keymap import read_keys
    from console.terminal.looks import theme_name
    from screens.kit import Link

    settings = user.values
    manner = Manner(
        theme=theme_name(user, os.environ),
        link=Link.SLOW if is_slow_link(settings) else Link.FAST,
        utc=settings.utc,
        themes_folder=user.file.parent / "themes",
        idle_minutes=settings.idle_minutes,
        keys=read_keys(user.keys, user.file, ACTIONS),
    )
    return CutoverApp(make(), manner, clock=openers.now)
