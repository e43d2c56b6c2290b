"""What the dialog for answers by hand needs: what an answer means, what was seen, and somebody who takes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Protocol

from state.operation_events import CheckResult


class HandAct(StrEnum):
    """What a person settles by hand; the value is the command's name."""

    SKIP = "skip"
    MARK_DONE = "mark-done"
    ORPHAN = "orphan"
    RESOLVE = "resolve"
    APPROVE = "approve"


class Bar(Enum):
    """What stands against an answer."""

    STATE = "the operation's state, or who asks"
    DOUBT = "a step in doubt"
    EVIDENCE = "what was seen in the account"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an answer is not taken, in one line."""

    bar: Bar
    why: str


@dataclass(frozen=True, slots=True)
class HandPreview:
    """Everything that decides an answer by hand.

    Attributes:
        act: what is to be settled.
        operation: its id.
        title: what would be done, such as `Mark vpc done`.
        means: what that means, a line each.
        depends: what else depends on it, one line.
        seen: what was seen just now, or what the journal holds, a line each.
        choices: the answers there are, of which one is typed; none where the act itself is the answer.
        checks: the verdicts of the operation's own verification, to be journaled with the answer.
        role: in which role it is approved.
        refused: why it cannot be answered now, None when it can.
    """

    act: HandAct
    operation: str
    title: str
    means: tuple[str, ...]
    depends: str
    seen: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    role: str | None = None
    refused: Refusal | None = None


class HandDesk(Protocol):
    """Takes answers by hand. Call from a worker thread."""

    def look(self, act: HandAct, operation: str) -> HandPreview:
        """What the answer would mean; reads the account where it is to be compared with. Raises DeskError."""
        ...

    def answer(self, preview: HandPreview, reason: str, choice: str | None = None) -> str:
        """Journal the answer, and say in one line how it goes on. Raises DeskError."""
        ...
