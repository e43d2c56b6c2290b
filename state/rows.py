"""A row of the journal as it is stored, and the hash that belongs to it."""

from __future__ import annotations

import hashlib

from state.canonical import is_canonical, quoted
from state.storable import EXACT

GENESIS = "0" * 64
"""What row 1 has for the hash of the row before."""

Row = tuple[int, str, str | None, str, str | None, str, str | None, str, str, str]
"""A row as stored: `data` is still text."""


def row_hash(row: Row) -> str:
    """The hash that belongs to a stored row, whatever it says itself.

    The row's data must be in canonical form already: then its text stands in the whole's canonical form as it is.

    Raises:
        ValueError: a cell is not text that can be encoded.
    """
    seq, at, run, kind, operation, actor, identity, data, prev, _ = row
    if type(seq) is not int or not -EXACT < seq < EXACT:
        raise ValueError("a row's number is not a whole number below 2**53")
    try:
        content = (
            f"[{seq},{quoted(at)},{'null' if run is None else quoted(run)},{quoted(kind)},"
            f"{'null' if operation is None else quoted(operation)},{quoted(actor)},"
            f"{'null' if identity is None else quoted(identity)},{data},{quoted(prev)}]"
        )
    except TypeError as error:
        raise ValueError("a cell is not text") from error
    return hashlib.sha256(content.encode()).hexdigest()


def is_sound(row: Row) -> bool:
    """Whether a row's own content leaves nothing to be looked into: its data is canonical, its hash its own."""
    try:
        return type(row[7]) is str and is_canonical(row[7]) and row_hash(row) == row[9]
    except (ValueError, RecursionError):
        return False
