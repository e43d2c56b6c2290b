"""What rooms need in order to write down what people agree to."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Signatory(Protocol):
    """Signs in the name of whoever is at this console. Call from a worker thread; a refusal is an error of one line."""

    @property
    def actor(self) -> str:
        """Who signs here, as events name people."""
        ...

    def waive(self, constraint: str, role: str | None, owner: str, until: datetime, reason: str) -> object:
        """Answer for a constraint until a moment; two people must, then what it blocks may start."""
        ...
