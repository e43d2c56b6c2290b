"""The question before the console closes while a run is going: what becomes of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from screens.ask import AskScreen
from screens.parting import becomes_of


class QuitScreen(AskScreen):
    """Says whether the run goes on without the console."""

    def __init__(self, run: str, now: Callable[[], float] = time.monotonic, *, outlives: bool = True) -> None:
        """Ask; `run` names what is going, such as `A rollback`."""
        later = (
            "Open the console again to see where it stands; to stop it, cancel here and type :pause or :cancel."
            if outlives
            else "Cancel here to wait for its end. A sandbox that stays: `cutover sandbox`, then `cutover open --sandbox URL`."
        )
        verb = "quit, and let it go on" if outlives else "quit, and end run and sandbox"
        super().__init__("Quit", [becomes_of(run, outlives=outlives), later], verb, now)
