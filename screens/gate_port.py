"""What the gate room needs: somebody who makes the criteria, and who writes what people sign."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from state.events import Verdict


class GateWork(Protocol):
    """Works at the plan's gates. Call from a worker thread; a refusal is an error of one line."""

    @property
    def actor(self) -> str:
        """Who signs here, as events name people."""
        ...

    @property
    def digest(self) -> str:
        """The plan's digest, which sign-offs are about."""
        ...

    def take(self, gate: str) -> str:
        """Make every criterion now, with reads alone, keep samples and verdict in the journal; one line about it."""
        ...

    def sign(self, gate: str, role: str, reason: str) -> object:
        """Sign the newest verdict in the role of an approver."""
        ...

    def waive(
        self, gate: str, criterion: str, role: str | None, owner: str, until: datetime, reason: str
    ) -> object:
        """Answer for a criterion until a moment."""
        ...

    def attest(self, criterion: str, verdict: Verdict, evidence: str, role: str | None) -> object:
        """Say what a criterion came to that only a person can make."""
        ...
