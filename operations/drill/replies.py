"""Error answers of the sandbox itself, in the format that the caller's protocol reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

NOT_IMPLEMENTED = "SandboxNotImplemented"
"""Error code of a call that the sandbox cannot carry out; HTTP 400, so no client retries it."""

_XML_SERVICES = ("/s3/", "/route53/", "/cloudfront/")


def error_reply(environ: Mapping[str, Any], code: str, message: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of an error, as JSON or XML.

    Args:
        environ: The WSGI environment of the request; its headers tell the protocol.
        code: The AWS style error code.
        message: One line.
    """
    if _speaks_xml(environ):
        body = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
            "<RequestId>sandbox</RequestId></ErrorResponse>"
        )
        return {"Content-Type": "text/xml"}, body.encode()
    body = json.dumps({"__type": code, "code": code, "message": message})
    return {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}, body.encode()


def _speaks_xml(environ: Mapping[str, Any]) -> bool:
    if "HTTP_X_AMZ_TARGET" in environ or "json" in environ.get("CONTENT_TYPE", ""):
        return False
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return True
    return any(name in environ.get("HTTP_AUTHORIZATION", "") for name in _XML_SERVICES)
