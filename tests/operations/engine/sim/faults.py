"""What may go wrong on a call, and the weather that decides when."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import Enum

from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    ReadTimeoutError,
)

from tests.operations.engine.sim.services import refusal

URL = "http://fake"


class Fault(Enum):
    """One thing that goes wrong with a call."""

    THROTTLED = "throttled"
    DENIED = "denied"
    EXPIRED = "expired credentials"
    UNREACHABLE = "no connection"
    ERROR_BEFORE = "500 without effect"
    ERROR_AFTER = "500 after the effect"
    BUSY_BEFORE = "503 without effect"
    BUSY_AFTER = "503 after the effect"
    RESET_BEFORE = "reset before the effect"
    RESET_AFTER = "reset after the effect"
    LOST = "time-out, request lost"
    REPLY_LOST = "time-out, reply lost"
    LATE = "time-out, the effect comes seconds later"
    CRASH_BEFORE = "the runner dies before the effect"
    CRASH_AFTER = "the runner dies after the effect"
    PARTIAL = "a batch done in part"

    @property
    def has_effect(self) -> bool:
        """Whether the call has its effect all the same."""
        return self in _WITH_EFFECT

    @property
    def crashes(self) -> bool:
        """Whether the runner dies of it."""
        return self in (Fault.CRASH_BEFORE, Fault.CRASH_AFTER)

    def error(self, action: str) -> Exception | None:
        """What the caller gets to see, None for an answer."""
        match self:
            case Fault.THROTTLED:
                return refusal(action, "ThrottlingException")
            case Fault.DENIED:
                return refusal(action, "AccessDeniedException", 403)
            case Fault.EXPIRED:
                return refusal(action, "ExpiredToken", 403)
            case Fault.UNREACHABLE:
                return ConnectTimeoutError(endpoint_url=URL)
            case Fault.ERROR_BEFORE | Fault.ERROR_AFTER:
                return refusal(action, "InternalError", 500)
            case Fault.BUSY_BEFORE | Fault.BUSY_AFTER:
                return refusal(action, "ServiceUnavailable", 503)
            case Fault.RESET_BEFORE | Fault.RESET_AFTER:
                return ConnectionClosedError(endpoint_url=URL)
            case Fault.LOST | Fault.REPLY_LOST | Fault.LATE:
                return ReadTimeoutError(endpoint_url=URL)
        return None


_WITH_EFFECT = {
    Fault.ERROR_AFTER,
    Fault.BUSY_AFTER,
    Fault.RESET_AFTER,
    Fault.REPLY_LOST,
    Fault.CRASH_AFTER,
    Fault.PARTIAL,
}
ON_READS = (
    Fault.THROTTLED,
    Fault.DENIED,
    Fault.EXPIRED,
    Fault.UNREACHABLE,
    Fault.ERROR_BEFORE,
    Fault.RESET_BEFORE,
    Fault.LOST,
)
ON_CHANGES = tuple(fault for fault in Fault if fault is not Fault.PARTIAL)
LATEST = 12.0
"""Seconds after its time-out by which a late request has its effect."""


@dataclass(slots=True)
class Weather:
    """How often calls go wrong, and how old reads may be; `planned` faults come first, by action."""

    chance: random.Random
    rate: float = 0.0
    read_rate: float = 0.0
    lag: float = 0.0
    budget: int = 10_000
    planned: dict[str, list[Fault | None]] = field(default_factory=dict)
    kinds: tuple[Fault, ...] = ON_CHANGES
    at: dict[int, Fault] = field(default_factory=dict)
    """Faults by the number of the change on the wire, from 1."""
    changes: int = 0

    def fault(self, action: str, *, read: bool) -> Fault | None:
        """What goes wrong with the next call."""
        if not read:
            self.changes += 1
            if self.changes in self.at:
                return self.at.pop(self.changes)
        queue = self.planned.get(action)
        if queue:
            return queue.pop(0)
        if self.budget <= 0 or self.chance.random() >= (self.read_rate if read else self.rate):
            return None
        self.budget -= 1
        if action == "batch_write_item" and self.chance.random() < 0.5:
            return Fault.PARTIAL
        return self.chance.choice(ON_READS if read else self.kinds)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.budget, self.lag = 0, 0.0
        self.planned.clear()

    def age(self) -> float:
        """How old what a read answers is, in seconds."""
        return self.chance.uniform(0, self.lag) if self.lag else 0.0
