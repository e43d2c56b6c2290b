"""Makes the README's picture from a real run: `python -m tests.picture` (about a minute).

A sandbox is served, phases 6 to 8 of the reference plan are carried out, phase 9 is begun, and the console is opened on it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "console.svg"
SIZE = (120, 36)
SHOWN = "traffic-10"
LOOKS = 600


def main() -> None:
    """Carry out, open, take the picture."""
    from operations.drill.embedded import Sandbox
    from operations.plan.loader import find_plan

    with tempfile.TemporaryDirectory() as home, Sandbox.start(find_plan("reference"), speed=600) as sandbox:
        os.environ["XDG_STATE_HOME"] = home
        os.environ |= {"TEXTUAL_ANIMATIONS": "none", "LOGNAME": "kim"}
        url = f"--sandbox={sandbox.endpoint}"
        for phase in ("6", "7", "8"):
            _cutover("run", "reference", "--phase", phase, "--yes", url)
        _cutover("run", "reference", "--phase", "9", "--yes", url, "--speed", "20", "--detach")
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_text(asyncio.run(_picture(sandbox.endpoint)))


def _cutover(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "console", *arguments], check=True, capture_output=True)


async def _picture(url: str) -> str:
    from console.opening import ConsoleOptions, make_app
    from console.settings import load_settings

    with ExitStack() as stack:
        options = ConsoleOptions(None, url, None, None)
        app = make_app("reference", options, load_settings(os.environ), stack)
        async with app.run_test(size=SIZE) as pilot:
            for _ in range(LOOKS):
                await pilot.pause(0.05)
                if app.status.of(SHOWN).state.value == "baking" and app.banner.identity:
                    break
            app.run_command(f"goto {SHOWN}")
            for _ in range(40):
                await pilot.pause(0.05)
            return app.export_screenshot(title="cutover")


if __name__ == "__main__":
    main()
