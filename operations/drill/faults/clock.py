"""The sandbox's clock: as fast as its processes, and it can be put forward."""

from __future__ import annotations

from dataclasses import dataclass

from operations.drill.world import World


@dataclass(slots=True)
class SandboxClock:
    """Sandbox seconds since its start; `ahead` is by how many it was put forward."""

    world: World
    ahead: float = 0.0

    def now(self) -> float:
        """Seconds that only grow."""
        return self.world.since(0.0) + self.ahead

    def advance(self, seconds: float) -> None:
        """Put the clock forward."""
        self.ahead += max(0.0, seconds)

    def wall(self, seconds: float) -> float:
        """How many of the wall's seconds so many sandbox seconds are."""
        return seconds / self.world.speed
