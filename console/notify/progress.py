"""How far each endpoint has been told of a journal: a small file beside it, so that nothing is told twice or lost."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def progress_path(journal: Path) -> Path:
    """The file that holds it."""
    return journal.with_name(journal.name + ".notified")


class Progress:
    """The last row that each endpoint was told of, kept on disk before the next one is sent."""

    def __init__(self, journal: Path, journal_id: str, start: int) -> None:
        """Read the progress; an endpoint that is not in it begins behind row `start`."""
        self._path = progress_path(journal)
        self._journal_id = journal_id
        self._start = start
        self._told = dict(self._read())

    def told(self, key: str) -> int:
        """The last row that an endpoint was told of."""
        return self._told.get(key, self._start)

    def note(self, key: str, seq: int) -> None:
        """An endpoint was told of everything up to a row."""
        self._told[key] = seq
        self._write()

    def begin(self, keys: Iterator[str]) -> None:
        """Write down where every endpoint begins, so that a crash before the first message forgets none."""
        for key in keys:
            self._told.setdefault(key, self._start)
        self._write()

    def _read(self) -> Mapping[str, int]:
        """A file that cannot be read, or of another journal, counts as none."""
        try:
            kept: Any = json.loads(self._path.read_text(encoding="utf-8"))
            if kept["journal_id"] != self._journal_id:
                return {}
            return {str(key): int(seq) for key, seq in kept["told"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _write(self) -> None:
        fresh = self._path.with_name(self._path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"journal_id": self._journal_id, "told": self._told}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


@contextmanager
def alone(journal: Path) -> Iterator[bool]:
    """Whether this process is the only one that tells of a journal; the lock dies with it."""
    lock = journal.with_name(journal.name + ".notifying")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
