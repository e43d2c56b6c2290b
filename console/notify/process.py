"""The follower as a process of its own session, started beside a run: `python -m console.notify.process JOURNAL PLAN AFTER`.

Addresses come from its settings, never from its arguments.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from console.exit_codes import CommandError
from console.notify.endpoints import EXTRA_MISSING, addresses, endpoints, installed
from console.notify.follower import Follower
from console.notify.progress import Progress, alone
from console.settings import Settings, load_settings
from state.own_process import own_process
from state.reader import JournalReader

TURNS, TURN_SECONDS = 20, 0.25
"""How long a follower waits for the one before it, which may be about to end."""


def start_beside(
    settings: Settings, journal: Path, plan: str, after: int, log: Callable[[str], None]
) -> subprocess.Popen[bytes] | None:
    """Start a follower where addresses are set; whatever goes wrong is only said in the log."""
    if not addresses(settings):
        return None
    if not installed():
        log(EXTRA_MISSING)
        return None
    try:
        return subprocess.Popen(
            own_process("console.notify.process", str(journal), plan, str(after)),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        log(f"notify: no follower: {error.strerror}")
        return None


def make_follower(
    settings: Settings, journal: Path, plan: str, after: int | None, say: Callable[[str], None]
) -> Follower:
    """A follower of a journal; `after` None: of what comes from now on.

    Raises:
        CommandError: no addresses, or none that can be used.
        JournalError: the journal cannot be read.
    """
    made = endpoints(settings)
    with JournalReader(journal) as reader:
        journal_id, head = reader.meta["journal_id"], reader.head().seq
    progress = Progress(journal, journal_id, head if after is None else after)
    return Follower(journal, plan, made, progress, say)


def main(words: list[str]) -> int:
    """Entry of the process."""
    from console.output import say

    journal, plan, after = Path(words[0]), words[1], int(words[2])
    for _ in range(TURNS):
        with alone(journal) as mine:
            if mine:
                with suppress(KeyboardInterrupt):
                    return _follow(journal, plan, after, lambda text: say(f"note: {text}"))
                return 0
        time.sleep(TURN_SECONDS)
    return 0  # another follower is at work and tells of this run too


def _follow(journal: Path, plan: str, after: int, say: Callable[[str], None]) -> int:
    try:
        follower = make_follower(load_settings(os.environ).values, journal, plan, after, say)
    except CommandError as error:
        say(str(error))
        return int(error.code)
    return 0 if asyncio.run(follower.follow()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
