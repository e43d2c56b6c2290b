"""Where a step stands, and how one attempt at it ended well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from operations.engine.batches import PartlyDone
from state.events import Direction


@dataclass(frozen=True, slots=True)
class Site:
    """Where a step stands: `step` counts from 1 within the direction, `attempt` goes on from earlier runners.

    `turn` is the attempt at the whole operation, as `operation.started` or `operation.rolling_back` has it.
    `precondition` is what a probe showed before its first attempt, None when nobody has looked.
    """

    operation: str
    direction: Direction
    step: int
    attempt: int = 1
    repeats: bool = False
    attested: bool = False
    token: str | None = None
    precondition: str | None = None
    turn: int = 1


@dataclass(frozen=True, slots=True)
class Act:
    """How one attempt ended well: the answer for `save`, how it went on the wire."""

    answer: Any
    seconds: float
    request_id: str | None = None
    polls: int | None = None
    code: str | None = None
    partly: PartlyDone | None = None
