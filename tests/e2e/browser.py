"""A headless Chromium over its DevTools protocol, as far as a test of a served console needs it."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pyte

SECONDS = 60.0
"""How long anything may take on a loaded machine before a test gives up."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium() -> str | None:
    """A Chromium on this machine."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass
class Tab:
    """One page: what it loaded, what its WebSocket brought as a terminal's screen, what it complained of."""

    socket: aiohttp.ClientWebSocketResponse
    size: tuple[int, int] = (200, 60)
    urls: list[str] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    _number: int = 0
    _answers: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.screen = pyte.Screen(*self.size)
        self._stream = pyte.ByteStream(self.screen)

    async def read(self) -> None:
        """Take news until the browser goes."""
        async for message in self.socket:
            said = json.loads(message.data)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
            else:
                self._hear(said["method"], said["params"])
            self._news.set()

    def _hear(self, method: str, news: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.urls.append(news["request"]["url"])
            case "Network.responseReceived":
                self.statuses[news["response"]["url"]] = news["response"]["status"]
            case "Network.webSocketFrameReceived" if news["response"]["opcode"] == 2:
                self._stream.feed(base64.b64decode(news["response"]["payloadData"]))
            case "Log.entryAdded" if news["entry"]["level"] == "error":
                self.complaints.append(news["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.complaints.append(str(news["exceptionDetails"]))

    async def do(self, method: str, **parameters: object) -> dict[str, Any]:
        """One command, and its answer."""
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self.socket.send_json({"id": self._number, "method": method, "params": parameters})
        said = await asyncio.wait_for(answer, SECONDS)
        assert "error" not in said, said
        result: dict[str, Any] = said["result"]
        return result

    async def go(self, url: str) -> None:
        await self.do("Page.navigate", url=url)

    async def type(self, text: str) -> None:
        """Type into the page, one key after the other."""
        for char in text:
            key = {"\r": "Enter"}.get(char, char)
            for kind in ("keyDown", "keyUp"):
                typed = {"text": char} if kind == "keyDown" else {}
                await self.do(
                    "Input.dispatchKeyEvent",
                    type=kind,
                    key=key,
                    windowsVirtualKeyCode=ord(char.upper()),
                    **typed,
                )

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for news until something holds."""
        async with asyncio.timeout(SECONDS):
            while not holds():
                self._news.clear()
                await self._news.wait()

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    async def script(self, expression: str) -> Any:
        """What a script in the page answers."""
        return (await self.do("Runtime.evaluate", expression=expression, returnByValue=True))["result"].get(
            "value"
        )


@asynccontextmanager
async def opened(path: str) -> AsyncIterator[Tab]:
    """A browser with one empty tab, and nothing of anybody's in it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            path,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--proxy-server=http://127.0.0.1:9",
            "--proxy-bypass-list=127.0.0.1",
            "--remote-debugging-port=0",
            "--window-size=900,600",
            f"--user-data-dir={folder}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with aiohttp.ClientSession() as http:
                port = await _port(process)
                async with http.get(f"http://127.0.0.1:{port}/json/list") as listed:
                    page = next(each for each in await listed.json() if each["type"] == "page")
                async with http.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    tab = Tab(socket)
                    reading = asyncio.create_task(tab.read())
                    await tab.do("Emulation.setFocusEmulationEnabled", enabled=True)
                    for domain in ("Network", "Page", "Log", "Runtime"):
                        await tab.do(f"{domain}.enable")
                    yield tab
                    reading.cancel()
        finally:
            process.kill()
            await process.wait()


async def _port(process: asyncio.subprocess.Process) -> int:
    """The port that the browser says it listens on."""
    assert process.stderr is not None
    async with asyncio.timeout(SECONDS):
        while line := (await process.stderr.readline()).decode():
            if "DevTools listening on" in line:
                return int(line.rsplit(":", 1)[1].split("/")[0])
    raise AssertionError("the browser did not start")


def picture_to(file: Path, answer: dict[str, Any]) -> None:
    """Keep what `Page.captureScreenshot` answered."""
    file.write_bytes(base64.b64decode(answer["data"]))
