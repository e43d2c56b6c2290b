"""The end of a journal's chain, walked before anybody writes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from state.errors import JournalDamagedError
from state.rows import GENESIS, Row, row_hash

TAIL_ROWS = 1000
"""Some 30 ms; signed heads stand closer together, and `cutover journal verify` walks the whole."""
COLUMNS = "seq, at, run, kind, operation, actor, identity, data, prev, hash"


def require_sound_tail(path: Path, connection: Any, rows: int = TAIL_ROWS) -> None:
    """Refuse to write on behind rows that do not fit together, or do not fit their hashes.

    Raises:
        JournalDamagedError: a row among the newest does not fit.
    """
    newest = connection.execute(
        f"SELECT {COLUMNS} FROM events ORDER BY seq DESC LIMIT ?",  # noqa: S608
        (rows,),
    ).fetchall()
    after: Row | None = None
    for row in newest:
        fits = after is None or (after[0] == row[0] + 1 and after[8] == row[9])
        if not fits or not _is_itself(row):
            bad = row[0] if fits or after is None else after[0]
            raise _does_not_fit(path, bad)
        after = row
    if after is not None and len(newest) < rows and (after[0], after[8]) != (1, GENESIS):
        raise _does_not_fit(path, after[0])


def _is_itself(row: Row) -> bool:
    try:
        return row_hash(row) == row[9]
    except ValueError:
        return False


def _does_not_fit(path: Path, seq: int) -> JournalDamagedError:
    return JournalDamagedError(
        f"{path}: row {seq} of the journal does not fit its chain, so nothing is written behind it;"
        " see `cutover journal verify`"
    )
