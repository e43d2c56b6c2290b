"""Ends a sandbox's process when the one that it belongs to has ended: nobody would ever stop it."""

import os
import threading
import time

POLL_SECONDS = 0.25


def end_with(parent: int) -> None:
    """End this process, from a thread of its own, as soon as it has another parent than this one.

    Args:
        parent: process id, as the parent itself knows it: it may have ended before this process asks who it is.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL_SECONDS)
        os._exit(0)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
