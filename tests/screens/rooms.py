"""What tests of rooms share: a picture after some steps, at both sizes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from tests.screens.driving import LARGE, SMALL, Driven, until

Compare = Callable[..., bool]
Steps = Callable[[Driven, Pilot[int]], Awaitable[None]]
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])


def look(compare: Compare, driven: Driven, size: tuple[int, int], steps: Steps) -> bool:
    """Compare the console after some steps with the picture that was approved."""

    async def before(pilot: Pilot[int]) -> None:
        await driven.settle(pilot)
        await steps(driven, pilot)
        await until(pilot, lambda: not (driven.app.main.looking_on or driven.app.room.looking_on))
        await pilot.pause()

    return compare(driven.app, terminal_size=size, run_before=before)
