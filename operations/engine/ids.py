"""Ids of runs that nobody asked for: ULIDs, which sort by the time they were made."""

from __future__ import annotations

import random
from datetime import datetime


def new_run_id(now: datetime, chance: random.Random) -> str:
    """A new ULID: 48 bits of Unix milliseconds, 80 of chance (github.com/ulid/spec)."""
    from ulid import ULID

    milliseconds = int(now.timestamp() * 1000)
    return str(ULID.from_bytes(milliseconds.to_bytes(6, "big") + chance.randbytes(10)))
