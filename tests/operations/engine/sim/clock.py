"""Virtual time: an event loop on which waiting takes none of the real one."""

from __future__ import annotations

import asyncio
import selectors
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
"""Where every simulated world begins."""


@dataclass(slots=True)
class Clock:
    """Seconds since the world began. It goes on from one runner process to the next."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> datetime:
        return EPOCH + timedelta(seconds=self.now)


class StuckError(Exception):
    """Nothing is left that could ever happen: what is waited for never comes."""


class _Selector(selectors.DefaultSelector):  # type: ignore[valid-type,misc]
    """Instead of waiting for a timer it moves the clock to it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise StuckError("the loop has nothing left to do")
        if timeout > 0:
            self._clock.now += timeout
            return []
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that tells the world's time."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(_Selector(clock))
        self._world_clock = clock
        self._clock_resolution = 1e-9
        self.set_exception_handler(lambda loop, context: None)

    def time(self) -> float:
        return self._world_clock.now

    def end(self) -> None:
        """Cancel what is left and close, as a process that ends."""
        left = asyncio.all_tasks(self)
        for task in left:
            task.cancel()
        if left:
            self.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self.run_until_complete(self.shutdown_asyncgens())
        self.close()
