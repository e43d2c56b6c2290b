"""Journals of earlier formats: copied first, then brought up in one transaction; or refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3

from state.errors import JournalDamagedError

Step = Callable[[Any], None]
"""Brings a journal from one format to the next, inside a transaction that is not its own."""
STEPS: Mapping[int, Step] = {}
"""By the format that a step starts from. Format 1 is the first there was. Rows of `events` are never touched."""


def migrate(path: Path, connection: Any, target: int, steps: Mapping[int, Step] = STEPS) -> Path | None:
    """Bring a journal to the target format; returns where the copy of the old one lies, None if it was new enough.

    Raises:
        JournalDamagedError: its format is older than any this program knows a way from.
        OSError: the copy cannot be written; the journal is as it was.
    """
    found = _version(connection)
    if found >= target:
        return None
    for version in range(found, target):
        if version not in steps:
            raise JournalDamagedError(
                f"{path}: a journal of format {found}, this program writes {target} and knows no way from there;"
                " use the `cutover` that wrote it"
            )
    copy = _back_up(path, connection, found)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for version in range(_version(connection), target):
            steps[version](connection)
            connection.execute(f"PRAGMA user_version={version + 1}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return copy


def _version(connection: Any) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _back_up(path: Path, connection: Any, version: int) -> Path:
    """A copy through SQLite's backup API, which includes what is still in the write-ahead log."""
    number = 1
    while True:
        copy = path.with_name(f"{path.name}.format{version}-{number}")
        try:
            os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            number += 1
        else:
            break
    target = sqlite3.connect(str(copy), isolation_level=None)
    try:
        connection.backup(target)
    finally:
        target.close()
    return copy
