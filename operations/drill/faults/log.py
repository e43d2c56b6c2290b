"""The wire log: every call that reached the sandbox, kept by the sandbox: the witness beside the journal."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from operations.drill.faults.calls import Call

KEPT = 100_000
"""Entries that are kept; older ones go."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One call on the wire.

    `fault` is the kind that it met, `status` what was answered, 0 for nothing. `carried` is what the service itself
    said, whatever was answered; 0 when it never saw the call.
    """

    seq: int
    api: str
    mutates: bool
    digest: str
    token: str | None
    user_agent: str
    fault: str | None
    status: int
    carried: int = 0


@dataclass(slots=True)
class WireLog:
    """Keeps the calls in the order of their ends."""

    _entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, call: Call, fault: str | None, status: int, carried: int = 0) -> None:
        """Keep a call."""
        with self._lock:
            seq = next(self._numbers)
            self._entries.append(
                Entry(
                    seq,
                    call.api,
                    call.mutates,
                    call.digest,
                    call.token,
                    call.user_agent,
                    fault,
                    status,
                    carried,
                )
            )

    def after(self, seq: int) -> list[dict[str, Any]]:
        """The calls behind a number."""
        with self._lock:
            return [asdict(entry) for entry in self._entries if entry.seq > seq]
