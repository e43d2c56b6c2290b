"""What the drill's room needs: the faults on the sandbox's wire, and a hand on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from state.projections.timeline import TimelineEntry


class DrillError(Exception):
    """What the sandbox did not do, in one line."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be put on the wire: a scenario, or one kind of fault.

    Attributes:
        id: `scenario throttled`, `fault reply-lost`.
        name: what the list calls it.
        title: what happens, in a line.
        learn: what it is good for; empty for a fault.
        lines: its faults, a line each.
    """

    id: str
    name: str
    title: str
    learn: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrillState:
    """What is on the wire, and what was.

    Attributes:
        scenario: the scenario that the drill began with.
        seed: its seed.
        faults: the faults in force, a line each, with how many calls each has seen.
        log: what was injected, as the journal tells it.
        problem: why the sandbox could not be asked, empty when it could.
    """

    scenario: str = ""
    seed: int = 0
    faults: tuple[str, ...] = ()
    log: tuple[TimelineEntry, ...] = ()
    problem: str = ""


class DrillDesk(Protocol):
    """A sandbox's wire. All but `choices` ask it or the journal: call them from a worker thread.

    Raises (from every method that does something):
        DrillError: it was not done.
    """

    def choices(self) -> Sequence[Choice]:
        """What can be put on the wire."""
        ...

    def state(self) -> DrillState:
        """What is on the wire now."""
        ...

    def inject(self, choice: str) -> str:
        """Put something on the wire in place of what is there; answers what, in a line."""
        ...

    def clear(self) -> None:
        """Take everything off the wire."""
        ...
