"""The server: loopback only, one door, a page, a WebSocket for each visitor's console."""

from __future__ import annotations

import asyncio
import os
import signal
import socket as sockets
from collections.abc import Callable, Sequence
from pathlib import Path

from aiohttp import web

from console.exit_codes import CommandError, ExitCode
from console.serve.bridge import MOST_INPUT, SIZES, Bridge
from console.serve.door import Door
from console.serve.page import FONT, SCRIPT, SHEET, assets, page, policy

MOST_CONSOLES = 4
"""Consoles at once: each is a process, and reads CloudWatch for itself."""


class Site:
    """What a visitor finds behind the door."""

    def __init__(self, title: str, words: Sequence[str], folder: Path) -> None:
        self._title = title
        self._words = words
        self._folder = folder
        self._open: set[web.WebSocketResponse] = set()

    def application(self, door: Door) -> web.Application:
        """The routes; every one of them is behind the door."""
        app = web.Application(middlewares=[door.middleware], client_max_size=1024)
        app.router.add_get("/", self._page)
        app.router.add_get("/ws", self._console)
        app.router.add_get("/favicon.ico", self._no_icon)
        for name in (SCRIPT, SHEET, FONT):
            app.router.add_get(f"/static/{name}", self._asset)
        app.on_shutdown.append(self._close)
        return app

    async def _page(self, request: web.Request) -> web.Response:
        host = request.headers["Host"]
        headers = {"Content-Security-Policy": policy(host)}
        return web.Response(text=page(self._title, host), content_type="text/html", headers=headers)

    async def _no_icon(self, request: web.Request) -> web.Response:
        del request
        return web.Response(status=204)

    async def _asset(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(self._folder / request.path.removeprefix("/static/"))

    async def _console(self, request: web.Request) -> web.StreamResponse:
        if len(self._open) >= MOST_CONSOLES:
            raise web.HTTPServiceUnavailable(text=f"{MOST_CONSOLES} consoles are open already\n")
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=MOST_INPUT)
        self._open.add(socket)
        try:
            await socket.prepare(request)
            size = (_number(request, "width", 80), _number(request, "height", 24))
            await Bridge(self._words, os.environ).carry(socket, size)
        finally:
            self._open.discard(socket)
        return socket

    async def _close(self, app: web.Application) -> None:
        del app
        for socket in tuple(self._open):
            await socket.close()


def _number(request: web.Request, name: str, otherwise: int) -> int:
    text = request.query.get(name, "")
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < 5 and int(text) in SIZES else otherwise
    )


def listen(port: int) -> sockets.socket:
    """A socket on loopback; port 0 takes a free one.

    Raises:
        CommandError: the port is taken or not allowed.
    """
    listener = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM)
    listener.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise CommandError(
            f"127.0.0.1:{port}: {error.strerror}; give another --port", ExitCode.REFUSED
        ) from error
    return listener


def serve(title: str, words: Sequence[str], port: int, announce: Callable[[str], None]) -> int:
    """Serve until SIGINT or SIGTERM; `announce` is given the address with its token, once.

    Raises:
        CommandError: the port is taken, or the extra is not installed.
    """
    folder = assets()
    with listen(port) as listener:
        door = Door(listener.getsockname()[1])
        asyncio.run(
            _serve(Site(title, words, folder).application(door), listener, lambda: announce(door.address))
        )
    return 0


async def _serve(app: web.Application, listener: sockets.socket, ready: Callable[[], None]) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)
    runner = web.AppRunner(
        app, access_log=None, handle_signals=False, shutdown_timeout=2
    )  # a log would hold the token
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        ready()
        await over.wait()
    finally:
        await runner.cleanup()
