"""Reads that lag: a copy of the whole sandbox from before a change answers them for a while.

The copy is a fork of the server process, so it holds for every service, those included whose models cannot be copied.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from operations.drill.faults.calls import Call, body_of
from operations.drill.faults.replying import Reply, Wsgi
from operations.drill.orphans import end_with

MOST = 12
"""Copies at once; a change beyond that is seen at once."""
_QUIET_SECONDS = 5.0
"""How long a copy waits for calls in flight to end, so that no lock is copied shut."""


@dataclass(slots=True)
class Gate:
    """Counts calls in flight, and lets a copy be made while there are none."""

    _inside: int = 0
    _condition: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def passing(self) -> Iterator[None]:
        """One call."""
        with self._condition:
            self._inside += 1
        try:
            yield
        finally:
            with self._condition:
                self._inside -= 1
                self._condition.notify_all()

    @contextmanager
    def quiet(self) -> Iterator[bool]:
        """No call is in flight while this is open; False when it did not become quiet in time."""
        with self._condition:
            yield self._condition.wait_for(lambda: self._inside == 0, _QUIET_SECONDS)


@dataclass(frozen=True, slots=True)
class _Copy:
    pid: int
    port: int
    service: str
    until: float


@dataclass(slots=True)
class Lag:
    """The copies that answer reads.

    Args:
        application: What a copy serves.
        gate: Counts the calls in flight.
        clock: Sandbox seconds.
    """

    application: Wsgi
    gate: Gate
    clock: Callable[[], float]
    _copies: list[_Copy] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, call: Call, seconds: float) -> bool:
        """Copy the sandbox as it is now; for so many sandbox seconds the service's reads are answered by the copy."""
        with self._lock:
            self._drop_old()
            if len(self._copies) >= MOST:
                return False
            with self.gate.quiet() as quiet:
                if not quiet:
                    return False
                listener = socket.create_server(("127.0.0.1", 0))
                original = os.getpid()
                pid = os.fork()
                if pid == 0:
                    _serve_copy(listener, self.application, original)
            port = listener.getsockname()[1]
            listener.close()
            self._copies.append(_Copy(pid, port, call.service, self.clock() + seconds))
        return True

    def answer(self, call: Call, environ: dict[str, Any]) -> Reply | None:
        """What a read is answered from before the oldest change that it may not see yet; None when there is none."""
        with self._lock:
            self._drop_old()
            copy = next((each for each in self._copies if each.service == call.service), None)
        if copy is None:
            return None
        with contextlib.suppress(OSError, http.client.HTTPException):
            return _ask(copy.port, environ)
        return None  # the copy has just ended: its time was over

    def end(self) -> None:
        """End all copies."""
        with self._lock:
            for copy in self._copies:
                _kill(copy.pid)
            self._copies.clear()

    def _drop_old(self) -> None:
        for copy in [each for each in self._copies if each.until <= self.clock()]:
            _kill(copy.pid)
            self._copies.remove(copy)


def _kill(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _serve_copy(listener: socket.socket, application: Wsgi, original: int) -> NoReturn:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        """Writes no request log."""

        def log_request(self, *_args: Any, **_kwargs: Any) -> None:
            """Nothing."""

    try:
        end_with(original)
        host, port = listener.getsockname()
        make_server(host, port, application, request_handler=Handler, fd=listener.fileno()).serve_forever()
    finally:
        os._exit(0)


def _ask(port: int, environ: dict[str, Any]) -> Reply:
    headers = {
        name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    path = environ.get("RAW_URI") or environ.get("PATH_INFO", "/")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(environ["REQUEST_METHOD"], path, body_of(environ), headers)
        answer = connection.getresponse()
        body = answer.read()
        kept = tuple(
            (k, v) for k, v in answer.getheaders() if k.lower() not in ("connection", "date", "server")
        )
        return Reply(f"{answer.status} {answer.reason}", kept, body)
    finally:
        connection.close()
