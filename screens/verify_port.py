"""What the verification room needs: somebody who makes checks while the room follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from operations.checks.library import CheckedItem, LibraryCheck


class CheckMaker(Protocol):
    """Makes checks of the verification library, with calls that only read. Blocks: call from a worker thread."""

    def make(
        self,
        checks: Sequence[LibraryCheck],
        told: Callable[[CheckedItem], None],
        stopped: Callable[[], bool],
    ) -> str:
        """Make these and keep the verdicts in the journal, also of a making that was stopped; one line about it.

        Args:
            checks: which.
            told: is told of each when it is made, in the thread that makes them.
            stopped: whether no more are to be begun.
        """
        ...
