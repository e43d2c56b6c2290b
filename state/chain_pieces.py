"""A long chain looked at by several processes at once: each takes a piece, and every piece must go on where one ended.

A piece says only that all its rows are sound and follow each other. Whatever is not said so is walked again in one process,
which tells what is wrong: nothing is judged here, so what is called sound is what the whole walk calls sound.
"""

from __future__ import annotations

import gc
import json
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from state.database import SQLITE_ERRORS, connect_reader
from state.errors import JournalError
from state.own_process import own_process
from state.rows import GENESIS, is_sound
from state.tail import COLUMNS

PAGE = 2000
"""Rows read at once: one long read would keep the write-ahead log growing meanwhile."""
Ends = tuple[str, str]
"""What a piece's first row has for the hash of the row before it, and the hash of its last row."""


def ends_of(path: Path, first: int, last: int) -> Ends | None:
    """The ends of the piece from one row to another; None where not all of it is there, sound, and in order."""
    before = after = None
    seq = first - 1
    try:
        connection = connect_reader(path)
        try:
            while seq < last:
                page = connection.execute(
                    f"SELECT {COLUMNS} FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",  # noqa: S608
                    (seq, last, PAGE),
                ).fetchall()
                if before is None and page:
                    before = after = page[0][8]
                for row in page:
                    seq += 1
                    if row[0] != seq or row[8] != after or not is_sound(row):
                        return None
                    after = row[9]
                if not page:
                    return None
        finally:
            connection.close()
    except (*SQLITE_ERRORS, JournalError):
        return None
    return None if before is None or after is None else (before, after)


def joined(pieces: Iterable[Ends | None]) -> str | None:
    """The last row's hash, when all pieces are sound and each goes on where the one before ended, the first at row 1."""
    after: str = GENESIS
    for ends in pieces:
        if ends is None or ends[0] != after:
            return None
        after = ends[1]
    return after if after != GENESIS else None


class Pieces:
    """The processes, from their start to their end. Use with `with`: leaving it ends those that still work."""

    def __init__(self, path: Path, last: int, processes: int) -> None:
        """Have the rows from 1 to `last` looked at by so many processes."""
        bounds = [last * number // processes for number in range(processes + 1)]
        self._working: list[subprocess.Popen[str]] = []
        self._whole = True
        try:
            for before, end in pairwise(bounds):
                self._working.append(_start(path, before + 1, end))
        except OSError:
            self._whole = False

    def joined(self) -> str | None:
        """What `joined` says of them, when all have been looked at."""
        return joined(self._said()) if self._whole else None

    def _said(self) -> Iterator[Ends | None]:
        for process in self._working:
            said = process.communicate()[0]
            yield json.loads(said) if process.returncode == 0 and said else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        for process in self._working:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _start(path: Path, first: int, last: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        own_process("state.chain_pieces", str(path.absolute()), str(first), str(last)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def main(journal: str, first: str, last: str) -> None:
    """Look at one piece, for the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()
    sys.stdout.write(json.dumps(ends_of(Path(journal), int(first), int(last))))


if __name__ == "__main__":
    main(*sys.argv[1:])
