"""Who may look: a token that is printed once, a cookie after it, and only by this machine's own names."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

TOKEN_BYTES = 32
MOST_VISITORS = 64
"""Cookies that are remembered; whoever has the token can have another one."""
ENTRY = "/"
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SHUT = "403: open the address that `cutover serve` printed, with its token, in a browser on this machine\n"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Door:
    """Lets in whoever shows the token, and afterwards whoever shows the cookie that was given for it."""

    def __init__(self, port: int) -> None:
        """Make a token of 256 random bits; `port` keeps the cookies of two servers apart."""
        self._token = secrets.token_urlsafe(TOKEN_BYTES)
        self._cookie = f"cutover-{port}"
        self._visitors: list[str] = []
        self.address = f"http://127.0.0.1:{port}/?token={self._token}"

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Judge every request, before anything looks at it; what it answers cannot be kept, framed or referred to."""
        if not is_own_name(request.headers.get("Host", "")) or not _is_from_here(request):
            return self._shut()
        token = request.query.get("token")
        if token is not None and request.path == ENTRY and request.method == "GET":
            return self._enter(token)
        if not self._knows(request.cookies.get(self._cookie, "")):
            return self._shut()
        try:
            response = await handler(request)
        except web.HTTPException as answer:
            answer.headers.update(HEADERS)
            raise
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    def _enter(self, token: str) -> web.StreamResponse:
        """The token goes out of the address at once: no history, no referrer, no picture of the window holds it."""
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode()):
            return self._shut()
        visitor = secrets.token_urlsafe(TOKEN_BYTES)
        self._visitors = [*self._visitors, visitor][-MOST_VISITORS:]
        response = web.Response(status=303, headers={**HEADERS, "Location": ENTRY})
        response.set_cookie(self._cookie, visitor, path="/", httponly=True, samesite="Lax")
        return response

    def _knows(self, shown: str) -> bool:
        raw = shown.encode("utf-8", "replace")
        return any([hmac.compare_digest(raw, each.encode()) for each in self._visitors])  # noqa: C419 - looks at all of them

    def _shut(self) -> web.Response:
        return web.Response(status=403, text=SHUT, headers=HEADERS)


def is_own_name(host: str) -> bool:
    """Whether a `Host` header names this machine's loopback; any other name may be somebody's who rebinds DNS to here.

    The port may be another one: `ssh -L` forwards what port it likes.
    """
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.path or parts.query or parts.fragment:
        return False
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_from_here(request: web.Request) -> bool:
    """Whether a page of ours asks, or nobody's: another page on this machine, on another port, is of the same site.

    A WebSocket must say which page it is of.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Upgrade", "").lower() != "websocket"
    return origin == f"http://{request.headers.get('Host', '')}"
