"""`cutover serve` in a real browser: it opens, shows the plan, cannot be armed; nothing without the token."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

import aiohttp
import pytest

from state.reader import JournalReader
from tests.e2e.browser import SECONDS, chromium, opened

BROWSER = chromium()
NOWHERE = "http://127.0.0.1:1"
pytestmark = [
    pytest.mark.skipif(
        find_spec("textual_serve") is None, reason="the extra `serve` (textual-serve) is not installed"
    ),
]


def arguments_of(process: int) -> str:
    """What `ps` would show, empty where it cannot be told."""
    file = Path(f"/proc/{process}/cmdline")
    return file.read_text() if file.exists() else ""


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """A server of the small plan, and its address."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CUTOVER_"))
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "console",
        "serve",
        "reference",
        f"--sandbox={NOWHERE}",
        "--journal",
        str(folder / "j.journal"),
        stdout=asyncio.subprocess.PIPE,
        env={**environment, "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS):
            address = (await process.stdout.readline()).decode().strip()
        yield address, process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@pytest.mark.soak
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium on this machine")
async def test_a_browser_shows_the_plan_and_cannot_act(tmp_path: Path) -> None:
    assert BROWSER is not None
    async with serving(tmp_path) as (address, server), opened(BROWSER) as tab:
        token = address.partition("token=")[2]
        with JournalReader(tmp_path / "j.journal") as reader:
            before = reader.head().seq
        await tab.go(address)
        await tab.until(lambda: "1 Plan" in tab.text and "kms-key" in tab.text and "READ-ONLY" in tab.text)
        assert token not in str(await tab.script("location.href"))
        assert await tab.script("document.cookie") == ""
        assert all(url.startswith(address.partition("?")[0]) for url in tab.urls), tab.urls
        assert not tab.complaints
        await tab.script("document.querySelector('textarea').focus()")
        await tab.type(":arm 6\r")
        await tab.until(lambda: "CUTOVER_READ_ONLY or the settings say so" in " ".join(tab.text.split()))
        await tab.type(":note x\r")
        await tab.until(lambda: ":" in tab.text)
        assert token not in arguments_of(server.pid)
        server.terminate()
        assert await server.wait() == 0
    with JournalReader(tmp_path / "j.journal") as reader:
        assert reader.head().seq == before


async def test_without_the_token_there_is_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path) as (address, server), aiohttp.ClientSession() as http:
        bare = address.partition("?")[0]
        for path in ("", "ws", "static/js/textual.js", "?token=guessed"):
            async with http.get(bare + path) as answer:
                assert answer.status == 403
        server.terminate()
        assert await server.wait() == 0
