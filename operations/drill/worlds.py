"""Forked worlds: the sandbox's process forks, the copy serves at the same address, and when it ends the original goes on.

`POST /_cutover/world` begins a copy, `DELETE` ends it, `GET` tells how deep we are; meanwhile the original neither answers nor
changes. Worlds may be nested. That is what a rehearsal stands on: whatever is done in a copy is gone with it.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from operations.drill.errors import SandboxError

PATH = "/_cutover/world"
PATIENCE_SECONDS = 10.0
"""How long a copy may take to end; it takes milliseconds."""
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(slots=True)
class _Asked:
    connection: socket.socket | None
    done: threading.Event = field(default_factory=threading.Event)


class Worlds:
    """Forks the process of a threaded server from its main loop, where no request is in flight but the one that asks.

    Args:
        quiet: held while the process forks: whoever writes into the sandbox beside its requests holds it while it does.
        begin: called in every copy once it is one, with the original's process id; threads do not survive a fork, so it
            starts anew what needs one.
    """

    def __init__(self, quiet: threading.Lock, begin: Callable[[int], None]) -> None:
        self._quiet = quiet
        self._begin = begin
        self._depth = 0
        self._asked: _Asked | None = None
        self._connections: set[socket.socket] = set()

    def opened(self, connection: socket.socket) -> None:
        """A client has connected."""
        self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """A client's connection is over."""
        self._connections.discard(connection)

    def in_front_of(self, application: Wsgi, wake: Callable[[], None]) -> Wsgi:
        """The application with this door before it.

        Args:
            application: the sandbox.
            wake: makes the server's loop come to `at_rest`.
        """

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if environ.get("PATH_INFO") != PATH:
                return application(environ, start_response)
            connection = environ.get("werkzeug.socket")
            match environ["REQUEST_METHOD"]:
                case "GET":
                    return _say(start_response, "200 OK", str(self._depth))
                case "POST":
                    asked = self._asked = _Asked(connection)
                    wake()
                    asked.done.wait()
                    return _say(start_response, "201 CREATED")
                case "DELETE" if self._depth:
                    self._hang_up(connection)
                    return _LastWords(_say(start_response, "202 ACCEPTED"))
            return _say(start_response, "409 CONFLICT")

        return answer

    def at_rest(self) -> None:
        """Fork when it was asked for: called by the server's loop, which both sides then go on with."""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        original = os.getpid()
        with self._quiet:
            child = os.fork()
        if child == 0:
            self._depth += 1
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._begin(original)
            return
        self._hang_up(asked.connection)
        asked.done.set()
        os.waitpid(child, 0)

    def _hang_up(self, but: socket.socket | None) -> None:
        """End kept connections, so that clients see it before they hear that the world is another one."""
        for connection in set(self._connections) - {but}:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _say(start_response: Any, status: str, text: str = "") -> list[bytes]:
    start_response(status, [("Content-Length", str(len(text))), ("Connection", "close")])
    return [text.encode()]


class _LastWords(list[bytes]):
    """An answer after which the process is no more."""

    def close(self) -> None:
        """The answer has been written."""
        os._exit(0)


@dataclass(frozen=True, slots=True)
class WorldDoor:
    """The client's side: begins and ends copies of the sandbox at an endpoint."""

    endpoint: str

    def begin(self) -> None:
        """Fork; from now on the endpoint is the copy's."""
        self._ask("POST")

    def end(self) -> None:
        """End the copy and wait until the endpoint is the original's again.

        Raises:
            SandboxError: it did not end.
        """
        depth = self.depth()
        self._ask("DELETE")
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            with suppress(OSError, HTTPException):  # the copy may end in the middle of its answer
                if self.depth() < depth:
                    return
        raise SandboxError("the copy of the sandbox did not end")

    def depth(self) -> int:
        """How many copies deep the endpoint is; 0 is the original."""
        return int(self._ask("GET"))

    def _ask(self, method: str) -> str:
        request = urllib.request.Request(self.endpoint + PATH, method=method)  # noqa: S310 - loopback, http
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback, http
            return str(answer.read().decode())
