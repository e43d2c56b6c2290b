"""Walks a console over fakes on the terminal that this process has: `python -m tests.screens.wired THEME [ROOMS]`.

For tests of what really goes over the wire. NO_COLOR and CUTOVER_ASCII are heeded as the console heeds them.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

WANTED = {name: os.environ[name] for name in ("NO_COLOR", "CUTOVER_ASCII") if name in os.environ}

from tests.screens.furnished import furnished  # noqa: E402 - it takes these out of the environment
from tests.screens.walk import DIALOGS, PANES, STOPS, walk  # noqa: E402

from textual.pilot import Pilot  # noqa: E402  isort: skip

os.environ.update(WANTED)


async def main(folder: Path) -> None:
    """Go everywhere, then leave."""
    driven = furnished(folder, sys.argv[1])
    stops = STOPS if "rooms" in sys.argv else (*PANES, *DIALOGS)

    async def go(pilot: Pilot[int]) -> None:
        await driven.settle(pilot)
        async for _ in walk(driven, pilot, stops):
            pass
        driven.app.exit(0)

    await driven.app.run_async(auto_pilot=go, mouse=False)  # type: ignore[arg-type]


if __name__ == "__main__":
    with TemporaryDirectory() as home:
        asyncio.run(main(Path(home)))
