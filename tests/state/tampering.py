"""What somebody with the file and a SQLite shell can do to a journal."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3
import rfc8785

COLUMNS = ("seq", "at", "run", "kind", "operation", "actor", "identity", "data", "prev", "hash")
Cells = list[Any]


def rows(path: Path) -> list[Cells]:
    connection = sqlite3.connect(str(path))
    found = [list(row) for row in connection.execute(f"SELECT {', '.join(COLUMNS)} FROM events ORDER BY seq")]
    connection.close()
    return found


def replace_rows(path: Path, new: Sequence[Cells]) -> None:
    """Put these rows in place of all, the triggers out of the way."""
    connection = _without_triggers(path)
    connection.execute("DELETE FROM events")
    connection.executemany("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?)", new)
    connection.commit()
    connection.close()


def set_cell(path: Path, seq: int, column: str, value: str | bytes | None) -> None:
    """Change one cell; bytes are stored as text, whatever they hold."""
    value_sql = "CAST(? AS TEXT)" if isinstance(value, bytes) else "?"
    connection = _without_triggers(path)
    connection.execute(f"UPDATE events SET {column} = {value_sql} WHERE seq = ?", (value, seq))
    connection.commit()
    connection.close()


def rehash(new: Sequence[Cells], start: int = 0) -> list[Cells]:
    """The rows with sound numbers and hashes from an index on, as somebody would forge a tail."""
    forged = [list(row) for row in new]
    for index in range(start, len(forged)):
        row = forged[index]
        row[0] = index + 1
        row[8] = forged[index - 1][9] if index else "0" * 64
        content = [*row[:7], json.loads(row[7]), row[8]]
        row[9] = hashlib.sha256(rfc8785.dumps(content)).hexdigest()
    return forged


def _without_triggers(path: Path) -> Any:
    connection = sqlite3.connect(str(path))
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection
