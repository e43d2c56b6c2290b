"""Plan time against the clock: a sandbox may make ten minutes of bake last a second."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field

from operations.engine.errors import RunStoppedError


@dataclass(frozen=True, slots=True)
class Pace:
    """Waits in plan seconds, `speed` of which pass in one of the clock's; a stop ends every wait at once."""

    speed: float = 1.0
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, plan_seconds: float) -> None:
        """Wait that long in plan time.

        Raises:
            RunStoppedError: the run was asked to stop.
        """
        try:
            await asyncio.wait_for(self.stop.wait(), plan_seconds / self.speed)
        except TimeoutError:
            return
        self.check()

    def check(self) -> None:
        """Go on only when nobody asked to stop.

        Raises:
            RunStoppedError: the run was asked to stop.
        """
        if self.stop.is_set():
            raise RunStoppedError("asked to stop")


def polls(timeout_seconds: float, every_seconds: float) -> int:
    """How often to ask within a time: counted, so that a slow answer never cuts a wait short."""
    return max(1, math.ceil(timeout_seconds / every_seconds))
