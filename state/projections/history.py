"""A fold of a journal at any of its rows: checkpoints of it are kept, so that no moment is far from one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from state.events import Event

Folded = TypeVar("Folded")
EVERY = 500
"""Rows between two checkpoints at first; in a long journal it doubles until there are few enough."""
FINE = 200
"""Fine checkpoints kept at once: each step leaves one."""


class History(Generic[Folded]):
    """One fold at every row. Not for several threads at once.

    Between the checkpoints of the whole journal there are finer ones around the row that was asked for last,
    so that steps from there are short.
    """

    def __init__(
        self,
        start: Folded,
        fold: Callable[[Sequence[Event], Folded], Folded],
        read: Callable[[int, int], list[Event]],
        most: int = 2000,
    ) -> None:
        """Begin with nothing folded.

        Args:
            start: the fold of no events.
            fold: the fold of more events on top of one.
            read: reads the events after a row, so many at most.
            most: how many checkpoints are kept.
        """
        self._fold = fold
        self._read = read
        self._most = most
        self._every = EVERY
        self._coarse: dict[int, Folded] = {0: start}
        self._built = 0
        self._fine: dict[int, Folded] = {}
        self._around = -1

    @property
    def built(self) -> int:
        """The last row up to which there are checkpoints."""
        return self._built

    @property
    def checkpoints(self) -> int:
        """How many are kept of the whole journal."""
        return len(self._coarse)

    def build(self, through: int, seen: Callable[[int], None] = lambda _seq: None) -> None:
        """Make checkpoints up to a row; `seen` hears how far it has come and may end it by an exception."""
        folded = self._coarse[self._built]
        while (target := (self._built // self._every + 1) * self._every) <= through:
            events = self._read(self._built, target - self._built)
            if not events or events[-1].seq < target:
                return
            folded = self._fold(events, folded)
            self._built = events[-1].seq
            self._coarse[self._built] = folded
            self._thin()
            seen(self._built)

    def _thin(self) -> None:
        if len(self._coarse) <= self._most:
            return
        self._every *= 2
        last = max(self._coarse)
        self._coarse = {
            seq: kept for seq, kept in self._coarse.items() if seq % self._every == 0 or seq == last
        }

    def at(self, seq: int) -> Folded:
        """The fold of the rows up to one."""
        self.build(seq)
        base = max(each for each in self._coarse if each <= seq)
        if base != self._around:
            self._around, self._fine = base, {base: self._coarse[base]}
        start = max(each for each in self._fine if each <= seq)
        folded = self._fine[start]
        while start < seq:
            events = self._read(start, min(EVERY, seq - start))
            if not events:
                break
            folded = self._fold(events, folded)
            start = events[-1].seq
            self._fine[start] = folded
            if len(self._fine) > FINE:
                self._fine = {base: self._coarse[base], start: folded}
        return folded
