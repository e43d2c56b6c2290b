"""One runner for a journal: a lock that the system frees when its holder dies, with the holder's name in it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from state.errors import JournalUnwritableError, LeaseHeldError

TRIES = 20
PAUSE_SECONDS = 0.01
"""`is_held` locks the file for an instant to find out; a runner that comes just then must not be turned away."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the lease: process id, host, and since when (as events tell time)."""

    pid: int
    host: str
    since: str


class Lease:
    """Holds a journal for one runner process until it is released or the process ends.

    The lock is `flock` on `<journal>.lease`; the file is opened close-on-exec, or a child would keep the lock.
    """

    def __init__(self, descriptor: int, path: Path, holder: Holder) -> None:
        self._descriptor = descriptor
        self.path = path
        self.holder = holder

    @classmethod
    def take(cls, journal: Path, holder: Holder) -> Self:
        """Take the lease.

        Raises:
            LeaseHeldError: another process has it.
            JournalUnwritableError: the lease file cannot be written.
        """
        path = lease_path(journal)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise JournalUnwritableError(f"{path}: the lease cannot be written: {error.strerror}") from error
        if not _locked(descriptor):
            os.close(descriptor)
            raise LeaseHeldError(held_by(journal))
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(holder)).encode(), 0)
        return cls(descriptor, path, holder)

    def release(self) -> None:
        """Let the next runner in."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def _locked(descriptor: int) -> bool:
    for attempt in range(TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if attempt + 1 < TRIES:
                time.sleep(PAUSE_SECONDS)
        else:
            return True
    return False


def lease_path(journal: Path) -> Path:
    """The lock file beside a journal."""
    return journal.with_name(journal.name + ".lease")


def is_held(journal: Path) -> bool:
    """Whether a runner is at work on this journal."""
    try:
        descriptor = os.open(lease_path(journal), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def held_by(journal: Path) -> str:
    """One line about who has the lease and what to do."""
    try:
        holder = Holder(**json.loads(lease_path(journal).read_text()))
    except (OSError, ValueError, TypeError):
        holder = None
    who = f"runner {holder.pid} on {holder.host} since {holder.since}" if holder else "another runner"
    return f"{journal}: {who} has this journal; follow it with `cutover attach`"
