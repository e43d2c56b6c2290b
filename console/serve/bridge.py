"""Carries one visitor's console: a process of its own, read-only, whose packets go to a WebSocket and back.

The packets are those of Textual's `WebDriver`: a letter (D data, M news, P file), four bytes of length, big-endian, and
the rest. textual-serve's own bridge goes through a shell and waits for its process without end, so this is ours.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web

from state.own_process import own_process

END_SECONDS = 5.0
"""How long a console may take to end once nobody listens to it; it takes about one."""
SIZES = range(1, 1000)
MOST_INPUT = 1 << 16
"""Bytes of one message from the browser."""
READY = b"__GANGLION__\n"
"""The line with which `WebDriver` begins."""
NOT_HANDED_ON = ("TMUX", "TMUX_PANE", "STY", "NO_COLOR", "COLUMNS", "LINES", "CUTOVER_PLAIN", "CUTOVER_ASCII")
"""What is true of the terminal that the server runs in, and not of the browser."""


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a served console: read-only whatever the settings say, and a terminal with all colours."""
    kept = {name: value for name, value in environment.items() if name not in NOT_HANDED_ON}
    return {
        **kept,
        "CUTOVER_READ_ONLY": "1",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONUTF8": "1",
    }


class Bridge:
    """One visitor and one console."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        """Be ready to start `python -m console.serve.child` with some words."""
        self._words = tuple(words)
        self._environment = child_environment(environment)

    async def carry(self, socket: web.WebSocketResponse, size: tuple[int, int]) -> None:
        """Start a console, and carry until either side ends."""
        process = await asyncio.create_subprocess_exec(
            *own_process("console.serve.child", *self._words, "x".join(map(str, size))),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=self._environment,
            start_new_session=True,
        )
        assert process.stdin is not None  # noqa: S101 - asked for
        assert process.stdout is not None  # noqa: S101 - asked for
        outward = asyncio.create_task(self._outward(process.stdout, socket))
        inward = asyncio.create_task(self._inward(socket, process.stdin))
        try:
            await asyncio.wait((outward, inward), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (outward, inward):
                task.cancel()
            await asyncio.gather(outward, inward, return_exceptions=True)
            await end(process)
            await socket.close()

    async def _outward(self, stream: asyncio.StreamReader, socket: web.WebSocketResponse) -> None:
        """What the console draws; news other than its end, and files, are not for browsers."""
        with suppress(asyncio.IncompleteReadError, ConnectionError, ValueError):
            if await stream.readline() != READY:
                return
            while True:
                kind = await stream.readexactly(1)
                payload = await stream.readexactly(int.from_bytes(await stream.readexactly(4), "big"))
                if kind == b"D":
                    await socket.send_bytes(payload)
                elif kind == b"M" and json.loads(payload).get("type") == "exit":
                    return

    async def _inward(self, socket: web.WebSocketResponse, stream: asyncio.StreamWriter) -> None:
        """What the visitor types, and the size of the window; anything else is dropped."""
        with suppress(ConnectionError):
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    continue
                kind, rest = _envelope(message.data)
                if kind == "stdin" and isinstance(rest, str):
                    await _send(stream, b"D", rest.encode("utf-8", "replace"))
                elif kind == "resize" and isinstance(rest, dict):
                    await _send(stream, b"M", _resized(rest.get("width"), rest.get("height")))
                elif kind in ("focus", "blur"):
                    await _send(stream, b"M", json.dumps({"type": kind}).encode())
                elif kind == "ping":
                    await socket.send_str(json.dumps(["pong", rest]))


async def end(process: asyncio.subprocess.Process) -> None:
    """End a console: it leaves when its input ends; one that does not is killed."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _envelope(text: str) -> tuple[str, Any]:
    """A message's kind and content; an empty kind for what is no message."""
    try:
        envelope = json.loads(text)
    except ValueError:
        return "", None
    if not isinstance(envelope, list) or not envelope or not isinstance(envelope[0], str):
        return "", None
    return envelope[0], envelope[1] if len(envelope) > 1 else None


def _resized(width: object, height: object) -> bytes:
    """News of a size; one that no window has is taken for 80x24."""
    fits = isinstance(width, int) and isinstance(height, int) and width in SIZES and height in SIZES
    found = (width, height) if fits else (80, 24)
    return json.dumps({"type": "resize", "width": found[0], "height": found[1]}).encode()


async def _send(stream: asyncio.StreamWriter, kind: bytes, payload: bytes) -> None:
    stream.write(kind + len(payload).to_bytes(4, "big") + payload)
    await stream.drain()
