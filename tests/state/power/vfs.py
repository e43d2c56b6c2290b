"""A SQLite of the tests' own (apsw) on such a disk, behind connections that look like pysqlite3's.

Two copies of SQLite must never have one file open at the same time: they drop each other's locks. So whoever reads a
journal while it is written here reads through here too, and pysqlite3 comes when all is closed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import apsw
import apsw.ext
import pysqlite3.dbapi2 as sqlite3

from state.database import opening_error, prepare_writer
from tests.state.power.disk import Act, Disk, broken

_names = itertools.count()


class _File(apsw.VFSFile):  # type: ignore[misc]
    def __init__(self, name: Any, flags: list[int], disk: Disk) -> None:
        self._file = Path(name.filename() if isinstance(name, apsw.URIFilename) else str(name)).name
        self._disk = disk
        super().__init__("", name, flags)

    def excepthook(self, *_: object) -> None:
        """A fault that SQLite itself passes over, as at closing, is no bug of the test's."""

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        grows_by = max(0, offset + len(data) - self.xFileSize())
        taken = self._disk.write(self._file, offset, bytes(data), grows_by)
        super().xWrite(taken, offset)
        if len(taken) < len(data):
            raise broken(apsw.SQLITE_IOERR_WRITE)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.sync(self._file)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._disk.truncate(self._file, size, self.xFileSize() - size)
        super().xTruncate(size)


class DiskVfs(apsw.VFS):  # type: ignore[misc]
    """SQLite's door to a disk; keep it as long as a connection is open."""

    def __init__(self, disk: Disk) -> None:
        self.name = f"disk-{next(_names)}"
        self.disk = disk
        super().__init__(self.name, "")

    def excepthook(self, *_: object) -> None:
        """As for files."""

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802
        return _File(name, flags, self.disk)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        super().xDelete(name, sync)
        self.disk.delete(Path(name).name)

    def connect_writer(self, path: Path) -> Connection:
        """As `state.database.connect_writer`, without what concerns the folder."""
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = None
        try:
            connection = Connection(path, self.name, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
            prepare_writer(path, connection)
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise opening_error(path, error) from error
        return connection

    def connect_careless(self, path: Path) -> Connection:
        """A writer that does not wait for the disk at a commit: the control."""
        connection = self.connect_writer(path)
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    def connect_reader(self, path: Path) -> Connection:
        """As `state.database.connect_reader`."""
        return Connection(path, self.name, apsw.SQLITE_OPEN_READONLY)


class Connection:
    """An apsw connection with as much of pysqlite3's manner as journals use."""

    def __init__(self, path: Path, vfs: str, flags: int) -> None:
        self.text_factory: Any = str
        with _translated():
            self._connection = apsw.Connection(str(path), flags=flags, vfs=vfs)
            self._connection.setbusytimeout(1000)

    @property
    def in_transaction(self) -> bool:
        return bool(self._connection.in_transaction)

    def execute(self, sql: str, parameters: Any = ()) -> Answer:
        with _translated():
            cursor = self._connection.cursor()
            cursor.execute(sql, parameters or None)
            return Answer(cursor.fetchall(), self._described(sql))

    def _described(self, sql: str) -> Any:
        """Column names as sqlite-utils asks for them; apsw forgets them when there are no rows."""
        if not sql.startswith("select"):
            return None
        return apsw.ext.query_info(self._connection, sql).description

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            self.execute(sql, row)

    def close(self) -> None:
        """Errors of the checkpoint at closing go unseen, as with pysqlite3."""
        for force in (False, True):
            with suppress(apsw.Error):
                self._connection.close(force)


class Answer:
    """A cursor whose rows are all there."""

    def __init__(self, rows: list[tuple[Any, ...]], description: Any) -> None:
        self._rows = iter(rows)
        self.description = description

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._rows


class _translated:  # noqa: N801 - reads as what it is in `with`
    """Turns apsw's errors into pysqlite3's, with their codes."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: object) -> None:
        if isinstance(error, apsw.Error):
            raise _as_pysqlite(error) from error


def _as_pysqlite(error: Any) -> sqlite3.Error:
    code = getattr(error, "extendedresult", 0) or getattr(error, "result", 0) or _CODES.get(type(error), 1)
    damaged = code & 0xFF in (apsw.SQLITE_CORRUPT, apsw.SQLITE_NOTADB)
    translated = (sqlite3.DatabaseError if damaged else sqlite3.OperationalError)(str(error))
    translated.sqlite_errorcode = code
    return translated


_CODES = {apsw.FullError: apsw.SQLITE_FULL, apsw.IOError: apsw.SQLITE_IOERR, apsw.BusyError: apsw.SQLITE_BUSY}
__all__ = ["Act", "Connection", "Disk", "DiskVfs"]
