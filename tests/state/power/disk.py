"""A disk as SQLite sees it: it counts and remembers what it is given, and fails or fills up when it is told to."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import apsw

SECTOR = 512
"""Bytes that a disk writes whole or not at all."""


class Act(Enum):
    """What a disk is told."""

    WRITE = "write"
    TRUNCATE = "truncate"
    SYNC = "sync"
    DELETE = "delete"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a disk was told; for ACKNOWLEDGED `at` is the seq that somebody now relies on."""

    act: Act
    file: str = ""
    at: int = 0
    data: bytes = b""


@dataclass(slots=True)
class Disk:
    """The log of what happened, and the faults to come.

    Args:
        fails: the act and the number, counted from 1, of the one that fails with EIO; all others succeed.
        room: bytes by which files may still grow, None for no limit.
        on_fault: told once, when the first fault is met.
    """

    fails: tuple[Act, int] | None = None
    room: int | None = None
    on_fault: Callable[[], None] = lambda: None
    log: list[Told] = field(default_factory=list)
    counts: dict[Act, int] = field(default_factory=lambda: {Act.WRITE: 0, Act.SYNC: 0})
    faults: int = 0

    def write(self, file: str, at: int, data: bytes, grows_by: int) -> bytes:
        """Take a write; returns what of it gets onto the file before it fails, or all."""
        if self.room is not None and grows_by > self.room:
            self._fault()
            raise full()
        if self._is_failing(Act.WRITE):
            return data[: len(data) // 2]
        if self.room is not None:
            self.room -= grows_by
        self.log.append(Told(Act.WRITE, file, at, data))
        return data

    def sync(self, file: str) -> None:
        """Take a sync."""
        if self._is_failing(Act.SYNC):
            raise broken(apsw.SQLITE_IOERR_FSYNC)
        self.log.append(Told(Act.SYNC, file))

    def truncate(self, file: str, size: int, freed: int) -> None:
        """Cut a file."""
        if self.room is not None:
            self.room += freed
        self.log.append(Told(Act.TRUNCATE, file, size))

    def delete(self, file: str) -> None:
        """Take a file away."""
        self.log.append(Told(Act.DELETE, file))

    def acknowledge(self, seq: int) -> None:
        """Note that a writer was told that this row is written."""
        self.log.append(Told(Act.ACKNOWLEDGED, at=seq))

    def _is_failing(self, act: Act) -> bool:
        self.counts[act] += 1
        failing = self.fails == (act, self.counts[act])
        if failing:
            self._fault()
        return failing

    def _fault(self) -> None:
        self.faults += 1
        if self.faults == 1:
            self.on_fault()


def broken(code: int) -> Exception:
    """An I/O error with SQLite's extended code."""
    error: Exception = apsw.IOError("disk I/O error")
    error.extendedresult = code  # type: ignore[attr-defined]
    return error


def full() -> Exception:
    """No room is left."""
    return apsw.FullError("database or disk is full")


class DiskReserve:
    """A reserve of room on such a disk; adapter of `state.reserve.Reserve`."""

    def __init__(self, disk: Disk, size: int) -> None:
        self._disk = disk
        self._size = size

    def take(self) -> None:
        """It was kept back before the disk filled up."""

    def give_up(self) -> None:
        """Let files grow by it."""
        if self._disk.room is not None:
            self._disk.room += self._size
        self._size = 0


@dataclass(slots=True)
class _File:
    synced: bytearray = field(default_factory=bytearray)
    pending: list[Told] = field(default_factory=list)


def image(log: Sequence[Told], chance: random.Random) -> dict[str, bytes]:
    """What is on the disk after the power went: all that was synced, and a random, torn half of the rest."""
    files: dict[str, _File] = {}
    for told in log:
        match told.act:
            case Act.WRITE | Act.TRUNCATE:
                files.setdefault(told.file, _File()).pending.append(told)
            case Act.SYNC:
                file = files.setdefault(told.file, _File())
                for each in file.pending:
                    _apply(file.synced, each)
                file.pending.clear()
            case Act.DELETE if chance.random() < 0.5 or told is not log[-1]:
                files.pop(told.file, None)
            case _:
                pass
    found = {}
    for name, file in files.items():
        content = bytearray(file.synced)
        for each in file.pending:
            if chance.random() < 0.5:
                _apply(content, _torn(each, chance))
        found[name] = bytes(content)
    return found


def _apply(content: bytearray, told: Told) -> None:
    if told.act is Act.TRUNCATE:
        del content[told.at :]
        content.extend(b"\0" * (told.at - len(content)))
        return
    content.extend(b"\0" * (told.at - len(content)))
    content[told.at : told.at + len(told.data)] = told.data


def _torn(told: Told, chance: random.Random) -> Told:
    if told.act is Act.TRUNCATE or chance.random() < 0.5:
        return told
    cut = chance.randrange(0, len(told.data) + 1, SECTOR)
    return Told(told.act, told.file, told.at, told.data[:cut])


def put(files: dict[str, bytes], folder: Path) -> None:
    """Put an image into a folder, in place of what is there."""
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
