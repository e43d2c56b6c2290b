"""Replies as data: taken from a WSGI application, made up as an AWS error, and sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from operations.drill.replies import error_reply

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

_PHRASES = {400: "BAD REQUEST", 403: "FORBIDDEN", 500: "INTERNAL SERVER ERROR", 503: "SERVICE UNAVAILABLE"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole HTTP reply."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def code(self) -> int:
        """The HTTP status as a number."""
        return int(self.status.split()[0])

    @property
    def ok(self) -> bool:
        """Whether it says that the call succeeded."""
        return 200 <= self.code < 300

    def with_body(self, body: bytes) -> Reply:
        """The same reply with another body."""
        kept = tuple(h for h in self.headers if h[0].lower() not in ("content-length", "x-amz-crc32"))
        return Reply(self.status, (*kept, ("Content-Length", str(len(body)))), body)


def take(application: Wsgi, environ: dict[str, Any]) -> Reply:
    """Let an application answer a request, and keep what it says."""
    said: list[tuple[str, tuple[tuple[str, str], ...]]] = []

    def start(status: str, headers: list[tuple[str, str]], _info: Any = None) -> Callable[[bytes], None]:
        said.append((status, tuple(headers)))
        return lambda _piece: None

    pieces = application(environ, start)
    try:
        body = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    status, headers = said[-1]
    return Reply(status, headers, body)


def give(reply: Reply, start_response: Any) -> Iterable[bytes]:
    """Send a reply."""
    start_response(reply.status, list(reply.headers))
    return [reply.body]


def refusal(environ: Mapping[str, Any], code: str, message: str, status: int = 400) -> Reply:
    """An error in the protocol that the caller reads."""
    headers, body = error_reply(environ, code, message)
    length = ("Content-Length", str(len(body)))
    return Reply(f"{status} {_PHRASES.get(status, 'ERROR')}", (*headers.items(), length), body)
