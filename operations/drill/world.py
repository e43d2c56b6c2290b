"""What every patch of the sandbox shares: its account, its pace and its databases."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from operations.drill.databases import Databases

ACCOUNT = "123456789012"
"""The account of a sandbox (CONTRACT.md)."""

REGION = "us-east-1"
"""The region of the estate before the migration."""


def _databases() -> Databases:
    from operations.drill.databases import Databases

    return Databases()


@dataclass(frozen=True)
class World:
    """One sandbox's surroundings, handed to every patch when it is applied.

    Attributes:
        speed: How many times faster than life a simulated process runs; 1 makes a deployment take about half a second.
        clock: Seconds that only grow; passed in so that tests can hold it still.
        databases: What the clusters of the sandbox hold.
    """

    speed: float = 1.0
    clock: Callable[[], float] = time.monotonic
    databases: Databases = field(default_factory=_databases)

    def since(self, start: float) -> float:
        """Simulated seconds since `start`, a reading of `clock`."""
        return (self.clock() - start) * self.speed
