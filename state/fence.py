"""Keeps a runner that was taken over out of its journal: asked inside the transaction of every event it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from state.errors import LeaseLostError
from state.kinds import Kind

AFTERWARDS = frozenset({Kind.STEP_OUTCOME, Kind.LEASE_LOST, Kind.LEASE_TAKEN, Kind.JOURNAL_HEAD})
"""What a runner may still tell when another has taken its lease over: what became of calls that had left, that it has
lost it, and that it has taken it anew."""
_TAKEN_SINCE = (
    f"SELECT data FROM events WHERE seq > ? AND kind = '{Kind.LEASE_TAKEN}' ORDER BY seq DESC LIMIT 1"  # noqa: S608
)


class Fence:
    """Stands behind a runner's own `lease.taken`. A later one is another runner's: what follows is no more ours to tell.

    The lease's file is looked at right before each call, but between that look and the writing of a row a process can be
    stopped for hours. Inside a transaction nothing comes between.
    """

    def __init__(self, path: Path, taken: int) -> None:
        """Stand behind the row of the own `lease.taken`."""
        self._path = path
        self._seen = taken

    def require(self, kind: Kind, connection: Any) -> None:
        """Refuse an event of a runner that was taken over.

        Raises:
            LeaseLostError: another runner has taken the lease since.
        """
        if kind in AFTERWARDS:
            return
        found = connection.execute(_TAKEN_SINCE, (self._seen,)).fetchone()
        if found is not None:
            other = json.loads(found[0])
            who = f"runner {other.get('pid')} on {other.get('host')}"
            raise LeaseLostError(
                f"{self._path}: the lease was lost: {who} took it over as number {other.get('number')}"
            )

    def written(self, kind: Kind, seq: int) -> None:
        """Rows up to an own one that was let through need not be looked at again."""
        if kind not in AFTERWARDS:
            self._seen = seq
