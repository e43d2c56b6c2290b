"""Room on the disk that is kept back, so that what is in flight can still be written down when the disk is full."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

RESERVE_BYTES = 1 << 20
"""Ten calls in flight, an outcome and an end each, and the stop records: some 60 commits of up to four 4 KiB pages."""


class Reserve(Protocol):
    """Room that can be given up once."""

    def take(self) -> None:
        """Keep the room back.

        Raises:
            OSError: there is no such room.
        """

    def give_up(self) -> None:
        """Let go of the room, for good; once it is gone, this does nothing."""


class FileReserve:
    """Blocks allocated beside a journal, in a file without a name.

    The file is unlinked at once: whenever the process ends, however it ends, the room is free again, and no process
    can give up another's.
    """

    def __init__(self, journal: Path, size: int = RESERVE_BYTES) -> None:
        self._journal = journal
        self._size = size
        self._descriptor: int | None = None

    @property
    def held_bytes(self) -> int:
        """What is allocated now, as the file system counts it."""
        return 0 if self._descriptor is None else os.fstat(self._descriptor).st_blocks * 512

    def take(self) -> None:
        """Allocate the blocks.

        Raises:
            OSError: the disk has no room for them.
        """
        path = self._journal.with_name(f"{self._journal.name}.reserve-{os.getpid()}-{id(self):x}")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            path.unlink()
            self._allocate(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def _allocate(self, descriptor: int) -> None:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, self._size)
            return
        os.pwrite(descriptor, b"\xa5" * self._size, 0)

    def give_up(self) -> None:
        """Free the blocks."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
