"""What goes on the wire beside a call's parameters: each call once, marked with the attempt that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from state.events import Event

_MARK: ContextVar[str] = ContextVar("cutover_mark", default="")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 64
"""Characters of one part: a header stays short, whatever a plan calls its operations."""


def mark_of(intent: Event) -> str:
    """The words that mark a call as an attempt's: header-safe, the same in CloudTrail's `userAgent`."""
    data = intent.data
    attempt = f"{data['direction']}.{data['step']}.{data['attempt']}"
    parts = (("run", intent.run), ("op", intent.operation), ("try", attempt))
    return " ".join(f"{name}/{_UNSAFE.sub('-', str(value or '-'))[:_LONGEST]}" for name, value in parts)


@contextmanager
def marked(intent: Event) -> Iterator[None]:
    """While open, calls of this task carry the intent's mark."""
    before = _MARK.set(mark_of(intent))
    try:
        yield
    finally:
        _MARK.reset(before)


def stamp(request: Any, **_: Any) -> None:
    """Add the mark to a request: a handler of botocore's `before-send`, run in the calling task.

    botocore writes its own user agent anew until a request is signed, and leaves it out of the signature.
    """
    mark = _MARK.get()
    if mark:
        said = request.headers.get("User-Agent", "")
        said = said.decode() if isinstance(said, bytes) else said
        request.headers["User-Agent"] = f"{said} {mark}".strip()


@cache
def single_shot() -> type[Any]:
    """An HTTP session class that never sends a request twice.

    aiohttp repeats PUT and DELETE by itself when a connection breaks (RFC 9112, section 9.3.1 allows it): a second
    attempt that no journal knows of.
    """
    from aiobotocore.httpsession import AIOHTTPSession

    class SingleShot(AIOHTTPSession):  # type: ignore[misc]  # aiobotocore has no types
        """aiobotocore's session with aiohttp's own retry switched off."""

        async def _get_session(self, proxy_url: str | None) -> Any:
            session = await super()._get_session(proxy_url)
            session._retry_connection = False  # noqa: SLF001 - aiohttp has no public switch for it
            return session

    return SingleShot
