"""What can be wrong with a plan, said in one line with its place and the way to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A file and, where known, a line in it (counted from 1)."""

    file: Path
    line: int | None = None

    def __str__(self) -> str:
        return str(self.file) if self.line is None else f"{self.file}:{self.line}"


class PlanError(Exception):
    """A plan that cannot be read or does not hold together.

    Attributes:
        message: what is wrong.
        place: where it stands, if it stands somewhere.
        fix: what to do about it.
    """

    def __init__(self, message: str, place: Place | None = None, fix: str | None = None) -> None:
        self.message = message
        self.place = place
        self.fix = fix
        super().__init__(self._line())

    def _line(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text}; {self.fix}" if self.fix else text


class UnknownOperationError(PlanError):
    """An operation, phase or sub-phase that the plan does not have."""


class ReferenceProblem(PlanError):  # noqa: N818 - a problem with a reference, reported beside others
    """A `${…}` that refers to nothing, or to something that is not known yet."""
