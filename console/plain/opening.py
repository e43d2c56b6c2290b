"""Opens the line mode on a plan: the same ground, journal and desk as the screens have."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from console.settings import LoadedSettings

if TYPE_CHECKING:
    from console.opening import ConsoleOptions


def open_plain(plan: str, options: ConsoleOptions, user: LoadedSettings) -> int:
    """Talk in lines until somebody leaves; any terminal will do, and none as well."""
    from console import openers
    from console.assembly import find_parts
    from console.plain.session import PlainConsole, Speech
    from console.plain.source import LineSource
    from screens.glyphs import choose_glyphs

    with ExitStack() as stack:
        source = LineSource(sys.stdin.fileno())
        stack.callback(source.close)
        stack.enter_context(source.signals())
        speech = Speech(
            source=source,
            out=sys.stdout,
            clock=openers.now,
            idle_minutes=user.values.idle_minutes,
            utc=user.values.utc,
            ascii_words=user.values.ascii or choose_glyphs(os.environ).ascii,
        )
        return PlainConsole(find_parts(plan, options, user, stack), speech).run()
