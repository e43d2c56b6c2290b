"""Reads an HTTP request as the AWS call it is: service, action, client token, and a digest of the rest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any, Final
from urllib.parse import parse_qs, unquote

from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.types import Effect

_SCOPE: Final = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
_SMITHY: Final = re.compile(r"^/service/[^/]+/operation/(\w+)$")
_SERVICES: Final = {
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
    "email": "sesv2",
}
"""Signing names that differ from botocore's name of the service, for the services of the sandbox."""


@dataclass(frozen=True, slots=True)
class Call:
    """One AWS call as it came over the wire.

    Attributes:
        service: botocore's name of the service; empty for a request that is no signed AWS call.
        action: The operation's name; empty when it could not be told.
        digest: SHA-256 over the request without its client token and signature.
        token: The client token, None when the call takes or carries none.
        user_agent: The header as sent.
        mutates: Whether the call may change something.
    """

    service: str
    action: str
    digest: str
    token: str | None
    user_agent: str
    mutates: bool

    @property
    def api(self) -> str:
        """The call as `service:Action`."""
        return f"{self.service}:{self.action}"


@dataclass(frozen=True, slots=True)
class Route:
    """How a REST operation is told from its method and path; `query` are the literals that its URI asks for."""

    action: str
    method: str
    path: re.Pattern[str]
    query: frozenset[str]
    weight: int


class CallReader:
    """Reads requests with the help of the offline API model."""

    def __init__(self, catalog: ApiCatalog) -> None:
        self._catalog = catalog
        self._routes = lru_cache(maxsize=None)(lambda service: tuple(_routes(service)))

    def read(self, environ: dict[str, Any]) -> Call:
        """The call in a request; its body is read and put back."""
        body = body_of(environ)
        scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        service = _SERVICES.get(scope[1], scope[1]) if scope else ""
        content = _content(environ, body)
        action = self._action(service, environ, content)
        api = f"{service}:{action}"
        token = self._take_token(api, environ, content)
        bound = [environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""), content]
        digest = hashlib.sha256(json.dumps([api, bound], sort_keys=True, default=str).encode()).hexdigest()
        mutates = bool(service and action) and self._catalog.effect(api, _params(content)) is Effect.MUTATE
        return Call(service, action, digest, token, environ.get("HTTP_USER_AGENT", ""), mutates)

    def _action(self, service: str, environ: Mapping[str, Any], content: Any) -> str:
        target = environ.get("HTTP_X_AMZ_TARGET")
        if target:
            return str(target).rpartition(".")[2]
        if isinstance(content, dict) and isinstance(content.get("Action"), list):
            return str(content["Action"][0])
        smithy = _SMITHY.match(environ.get("PATH_INFO", ""))
        if smithy:
            return smithy[1]
        return self._rest_action(service, environ) if service else ""

    def _rest_action(self, service: str, environ: Mapping[str, Any]) -> str:
        asked = set(parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        path = environ.get("PATH_INFO", "/")
        fitting = [
            route
            for route in self._routes(service)
            if route.method == environ["REQUEST_METHOD"]
            and route.query <= asked
            and route.path.match(path)
            and ("Copy" in route.action) == ("HTTP_X_AMZ_COPY_SOURCE" in environ)
        ]
        return max(fitting, key=lambda route: route.weight).action if fitting else ""

    def _take_token(self, api: str, environ: Mapping[str, Any], content: Any) -> str | None:
        """The token, taken out of the content, so that the digest is over the rest."""
        member = self._catalog.token_member(api) if api.strip(":").count(":") == 1 else None
        shape = self._catalog.input_shape(api) if member else None
        if member is None or shape is None:
            return None
        names = {member, member[0].upper() + member[1:], *_wire_names(shape.members[member].serialization)}
        if isinstance(content, dict):
            for name in names & content.keys():
                value = content.pop(name)
                return str(value[0] if isinstance(value, list) else value)
        header = f"HTTP_{member.upper().replace('-', '_')}"
        return environ.get(header)


def body_of(environ: dict[str, Any]) -> bytes:
    """The request's body; it is left in place for whoever reads it next."""
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if length:
        body: bytes = stream.read(int(length))
    else:
        body = stream.read() if environ.get("wsgi.input_terminated") else b""
    put_body(environ, body)
    return body


def put_body(environ: dict[str, Any], body: bytes) -> None:
    """Give the request another body."""
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input_terminated"] = True
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def _content(environ: Mapping[str, Any], body: bytes) -> Any:
    """The body as comparable data: JSON, a form, XML's leaves by name, else a digest; the query string comes along."""
    kind = environ.get("CONTENT_TYPE", "")
    query = environ.get("QUERY_STRING", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    if body[:1] == b"{":
        try:
            found = json.loads(body)
        except ValueError:
            found = {"raw": hashlib.sha256(body).hexdigest()}
        return {**found, "?": query} if query else found
    if body[:1] == b"<":
        text = body.decode(errors="replace")
        token = re.search(r"<CallerReference>([^<]*)</CallerReference>", text)
        rest = re.sub(r"<CallerReference>[^<]*</CallerReference>", "", text)
        found = {"xml": hashlib.sha256(rest.encode()).hexdigest(), "?": query}
        return {**found, "CallerReference": unquote(token[1])} if token else found
    return {"raw": hashlib.sha256(body).hexdigest(), "?": query}


def _params(content: Any) -> Mapping[str, Any]:
    return content if isinstance(content, dict) else {}


def _wire_names(serialization: Mapping[str, Any]) -> Iterator[str]:
    for key in ("name", "queryName"):
        if key in serialization:
            yield str(serialization[key])


def _routes(service: str) -> Iterator[Route]:
    """The REST routes of a service, from botocore's model; none for services of other protocols."""
    from botocore.exceptions import UnknownServiceError
    from botocore.loaders import Loader

    try:
        model = Loader().load_service_model(service, "service-2")
    except UnknownServiceError:
        return
    for name, operation in model["operations"].items():
        uri = operation["http"].get("requestUri", "/")
        path, _, query = uri.partition("?")
        pattern = re.sub(r"\\{[^}]*?\\\+\\}", ".+", re.escape(path))
        pattern = re.sub(r"\\{[^}]*?\\}", "[^/]+", pattern)
        literals = frozenset(parse_qs(query, keep_blank_values=True))
        weight = 100 * len(literals) + len(re.sub(r"\{[^}]*\}", "", path)) - 50 * path.count("+}")
        yield Route(name, operation["http"]["method"], re.compile(f"^{pattern}/?$"), literals, weight)
