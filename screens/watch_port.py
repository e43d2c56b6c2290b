"""What the roles room needs: somebody who hands the watch over, and who knows how the lease stands."""

from __future__ import annotations

from typing import Protocol


class WatchDesk(Protocol):
    """Offers and accepts the watch. Call from a worker thread; a refusal is an error of one line."""

    @property
    def actor(self) -> str:
        """Who is at this console, as events name people."""
        ...

    def offer(self, to: str, summary: str) -> str:
        """Offer the watch; answers the phrase to read out."""
        ...

    def accept(self, seq: int, typed: str) -> str:
        """Accept the offer of an event with the phrase that was heard; answers how the runner's lease stands."""
        ...
