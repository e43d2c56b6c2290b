"""A look at a URL: http and https alone, no files, whatever a reference or a redirect says."""

from __future__ import annotations

import json
from typing import Any

from operations.engine.errors import StepFailedError
from operations.plan.steps import HttpStep

MAX_BODY = 64_000
"""Bytes of an answer that are kept as evidence."""
WEB_SCHEMES = frozenset({"http", "https"})


def get(step: HttpStep) -> Any:
    """GET a URL and return its JSON, or its status where the body is none; blocks.

    Raises:
        StepFailedError: no answer, another status, or an address that is not asked.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError

    try:
        with _web().open(_request(step), timeout=step.timeout_seconds) as answer:
            status, body = answer.status, answer.read(MAX_BODY)
    except HTTPError as error:
        status, body = error.code, b""
    except (OSError, HTTPException, ValueError) as error:
        raise StepFailedError(step.title, f"no answer: {error}") from error
    if status not in step.expect_status:
        expected = " or ".join(map(str, step.expect_status))
        raise StepFailedError(step.title, f"status {status}, expected {expected}", str(status))
    try:
        return json.loads(body)
    except ValueError:
        return {"status": status}


def _request(step: HttpStep) -> Any:
    """The request; what a reference was filled in with must not turn it into another kind of address.

    Raises:
        StepFailedError: the address is not http or https.
    """
    from urllib.parse import urlsplit
    from urllib.request import Request

    try:
        parts = urlsplit(step.http)
        allowed = parts.scheme in WEB_SCHEMES and bool(parts.hostname)
    except ValueError:
        allowed = False
    if not allowed:
        raise StepFailedError(step.title, "the address is neither http nor https; nothing was asked")
    return Request(step.http, headers={"User-Agent": "cutover"})  # noqa: S310 - looked at above


def _web() -> Any:
    """An opener that knows http and https alone: no files, no FTP, no data, not even after a redirect."""
    from urllib import request

    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.HTTPHandler,
        request.HTTPSHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPRedirectHandler,
        request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener
