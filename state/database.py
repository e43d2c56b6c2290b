"""SQLite as the journal needs it: a build that is safe for two writers, WAL, full sync, strict table."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3

from state.errors import JournalDamagedError, JournalError, JournalMissingError, JournalUnwritableError
from state.filesystem import FilesystemOf, filesystem_of, require_local, require_private
from state.migration import STEPS, Step, migrate

Connection = Any
"""A connection of pysqlite3, which has no types."""
SCHEMA_VERSION = 1
APPLICATION_ID = 0x43555456
"""`CUTV`, so that `file` and others know what this is."""
SAFE_SQLITE = (3, 51, 3)
"""The first release in which a WAL shared by two writers cannot be corrupted by a reset."""
BUSY_SECONDS = 10.0
WAL_TRIES = 100

SCHEMA = """
CREATE TABLE events (
  seq       INTEGER PRIMARY KEY,
  at        TEXT NOT NULL,
  run       TEXT,
  kind      TEXT NOT NULL,
  operation TEXT,
  actor     TEXT NOT NULL,
  identity  TEXT,
  data      TEXT NOT NULL,
  prev      TEXT NOT NULL,
  hash      TEXT NOT NULL
) STRICT;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
"""

SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged file raises; its messages may quote bytes of the file that are no text."""


def require_safe_sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
    """Refuse a SQLite that two writers could damage a journal with.

    Raises:
        JournalError: the SQLite in use is too old.
    """
    if version < SAFE_SQLITE:
        raise JournalError(
            f"SQLite {'.'.join(map(str, version))} can damage a journal that two programs write;"
            " install pysqlite3, which brings a newer one"
        )


def connect_writer(
    path: Path, *, kind_of: FilesystemOf = filesystem_of, steps: Mapping[int, Step] = STEPS
) -> Connection:
    """Open or create a journal file for writing; a new one is readable by its owner alone.

    Raises:
        JournalUnwritableError: the folder or file cannot be written, or is open to others, or on a network.
        JournalDamagedError: the file is not a SQLite database, or a journal of a format that is not known.
    """
    require_safe_sqlite()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        require_local(path, kind_of)
        require_private(path)
        _create_file(path)
    except OSError as error:
        raise _unwritable(path, error.strerror) from error
    connection = None
    try:
        connection = sqlite3.connect(
            str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        prepare_writer(path, connection, steps)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, SQLITE_ERRORS):
            raise opening_error(path, error) from error
        if isinstance(error, OSError):
            raise _unwritable(path, error.strerror) from error
        raise
    return connection


def prepare_writer(path: Path, connection: Connection, steps: Mapping[int, Step] = STEPS) -> None:
    """Make a connection one that may append: write-ahead log, every commit synced, checkpoints made by hand.

    SQLite's own checkpoints keep their errors to themselves; an error of the disk must never pass unseen.
    """
    if refuse_foreign(path, connection):
        migrate(path, connection, SCHEMA_VERSION, steps)
    use_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("PRAGMA trusted_schema=OFF")


def opening_error(path: Path, error: Exception) -> JournalError:
    """What an error of SQLite at opening means: the place cannot be written, or the file is no journal."""
    if isinstance(error, sqlite3.OperationalError):
        return _unwritable(path, error)
    return not_a_journal(path, error)


def _create_file(path: Path) -> None:
    """Make the file when it is new, and leave an existing one alone.

    Closing any descriptor of a file drops all POSIX locks that the process has on it; SQLite's other connections
    to a journal would go on without theirs, and another process could take the write-ahead log from under them.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def use_wal(connection: Any) -> None:
    """Switch to WAL; for that SQLite does not wait by itself while another process does the same."""
    for attempt in range(WAL_TRIES):
        try:
            (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt + 1 == WAL_TRIES:
                raise
            time.sleep(BUSY_SECONDS / WAL_TRIES)
        else:
            break
    if mode != "wal":
        raise sqlite3.OperationalError("this file system cannot hold a write-ahead log")


def _unwritable(path: Path, why: object) -> JournalUnwritableError:
    return JournalUnwritableError(
        f"{path}: the journal cannot be written: {why}; give another with --journal FILE"
    )


def refuse_foreign(path: Path, connection: Any) -> bool:
    """Refuse to write into a database that is somebody else's, or a journal of a format yet unknown.

    Returns:
        Whether there is a journal already.

    Raises:
        JournalDamagedError: it is not a journal of this format.
    """
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if tables and mark != APPLICATION_ID:
        raise JournalDamagedError(
            f"{path}: not a journal but another program's database; give another with --journal FILE"
        )
    if version > SCHEMA_VERSION:
        raise JournalDamagedError(
            f"{path}: a journal of format {version}, this program knows {SCHEMA_VERSION}; use a newer `cutover`"
        )
    return bool(tables)


def connect_reader(path: Path) -> Connection:
    """Open a journal for reading only.

    Raises:
        JournalMissingError: there is no such file.
        JournalDamagedError: the file is not a SQLite database.
    """
    require_safe_sqlite()
    if not path.is_file():
        raise JournalMissingError(
            f"{path}: no journal here; run something first, or give one with --journal FILE"
        )
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, check_same_thread=False
        )
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        raise JournalMissingError(f"{path}: the journal cannot be read: {error}") from error
    except SQLITE_ERRORS as error:
        raise not_a_journal(path, error) from error
    return connection


def not_a_journal(path: Path, error: Exception) -> JournalDamagedError:
    """The error for a file that is not a journal or no longer one."""
    return JournalDamagedError(f"{path}: not a journal, or damaged: {error}")


def has_tables(connection: Connection) -> bool:
    """Whether there is any table at all."""
    return connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone() is not None


def has_schema(connection: Connection) -> bool:
    """Whether the journal's tables are there."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {"events", "meta"} <= {name for (name,) in found}


def meta(connection: Connection) -> dict[str, str]:
    """The journal's meta values by key."""
    return dict(connection.execute("SELECT key, value FROM meta").fetchall())
