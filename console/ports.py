"""What rooms need beyond the feed, the desk and the metrics; the composition root puts the adapters in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ports:
    """Adapters by what they are for; each has a default that says it is not there, for consoles over fakes."""
