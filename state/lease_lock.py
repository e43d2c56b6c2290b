"""The lease's file and its lock: opened close-on-exec, locked without waiting, replaced as a whole."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TRIES = 20
PAUSE_SECONDS = 0.01
"""`is_locked` locks the file for an instant to find out; a runner that comes just then must not be turned away."""
TURN_TRIES = 1000


@contextmanager
def turn(folder: Path) -> Iterator[bool]:
    """Whether it is this process's turn to ask for a lease in a folder: two that take over at once would both win.

    Raises:
        OSError: the folder cannot be opened.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield lock(descriptor, tries=TURN_TRIES)
    finally:
        os.close(descriptor)


def open_lease(path: Path) -> int:
    """Open the lease's file, made for its owner alone when it is new."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def replace_lease(path: Path, content: bytes) -> int:
    """Put a new, locked file with a content in the place of one whose lock somebody else keeps."""
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.pwrite(descriptor, content, 0)
    new.rename(path)
    return descriptor


def lock(descriptor: int, tries: int = TRIES) -> bool:
    """Lock a file for this process; False when another keeps it."""
    for attempt in range(tries):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if attempt + 1 < tries:
                time.sleep(PAUSE_SECONDS)
        else:
            return True
    return False


def is_locked(descriptor: int) -> bool:
    """Whether another process has locked the file."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False
