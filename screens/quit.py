"""The question before the console closes while a run goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

from screens.ask import AskScreen


class QuitScreen(AskScreen):
    """Says that the run goes on without the console."""

    def __init__(self, run: str, now: Callable[[], float] = time.monotonic) -> None:
        """Ask; `run` names what is going, such as `a rollback`."""
        super().__init__(
            "Quit",
            [
                f"{run} is going. It goes on without this console, in a process of its own.",
                "Open the console again to see where it stands; to stop it, cancel here and type :pause or :cancel.",
            ],
            "quit, and let it go on",
            now,
        )
