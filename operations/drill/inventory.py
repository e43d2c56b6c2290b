"""What stands in an account: an inventory over every service that a plan touches, to compare before and after.

Independent of the engine on purpose: it is the witness in a rehearsal, so it asks AWS with calls of its own.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from operations.drill import inventory_details
from operations.drill.inventory_specs import LISTS, Listing
from operations.drill.world import REGION

_THREADS = 6
_VOLATILE = re.compile(
    r"time$|date$|timestamp$|createdat$|updatedat$|registeredat$|^responsemetadata$|token$|^etag$|^version$|^versionid$|revisionid$"
    r"|lastchanged|lastaccessed|lastmodified|laststarted|laststopped|^state(reason|updated|transition)|storedbytes|^events$|^deployments$"
    r"|restorable|percent|elapsed|callerreference|creatorrequestid|approximatenumber|^itemcount$|sizebytes$|^runningtaskscount$"
    r"|^pendingtaskscount$|^timeline$|availableipaddresscount|^statevalue$|^versionidstostages$",
    re.IGNORECASE,
)


class Change(Enum):
    """How a resource differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Difference:
    """One resource that is not as it was.

    Attributes:
        resource: `service/type/id`.
        change: What happened to it.
        before: Its description before, empty when it was not there.
        after: Its description after, empty when it is gone.
    """

    resource: str
    change: Change
    before: str = ""
    after: str = ""


def inventory(endpoint: str, services: Collection[str] | None = None) -> dict[str, str]:
    """Every resource of the account behind an endpoint.

    Args:
        endpoint: URL of the sandbox.
        services: Only those of these services; None for all.

    Returns:
        `service/type/id` to a short description: the state where there is one, and a digest of the configuration. What
        changes by itself (times, counts of messages, ids of versions) is left out.
    """
    clients = _clients(endpoint)
    with ThreadPoolExecutor(_THREADS) as pool:
        listings = [each for each in LISTS if services is None or each.service in services]
        parts = list(pool.map(lambda listing: dict(_listed(clients, listing)), listings))
        details = [
            detail for service, detail in inventory_details.DETAILS if services is None or service in services
        ]
        parts += list(pool.map(lambda detail: dict(detail(clients, describe)), details))
    return {key: parts_of[key] for parts_of in parts for key in sorted(parts_of)}


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """What differs between two inventories, by resource."""
    found = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old is None:
            found.append(Difference(key, Change.ADDED, after=new or ""))
        elif new is None:
            found.append(Difference(key, Change.REMOVED, before=old))
        elif old != new:
            found.append(Difference(key, Change.CHANGED, old, new))
    return found


@lru_cache(maxsize=4)
def _clients(endpoint: str) -> Clients:
    """Clients are kept: making all of them takes longer than an inventory, and a rehearsal takes a hundred inventories."""
    return Clients(endpoint)


class Clients:
    """AWS clients for one endpoint, made when they are first asked for.

    Args:
        endpoint: URL of the sandbox.
    """

    def __init__(self, endpoint: str) -> None:
        import boto3
        from botocore.config import Config

        self._endpoint = endpoint
        self._made: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._session = boto3.Session("AKIASANDBOXINVENTORY", "sandbox", region_name=REGION)
        self._config = Config(
            inject_host_prefix=False, s3={"addressing_style": "path"}, retries={"total_max_attempts": 3}
        )

    def of(self, service: str) -> Any:
        """The client of a service; making one is slow, and no two threads may do it at once."""
        with self._lock:
            if service not in self._made:
                self._made[service] = self._session.client(
                    service, endpoint_url=self._endpoint, config=self._config
                )
            return self._made[service]

    def rows(self, service: str, method: str, path: str, **params: Any) -> list[Any]:
        """All rows of a listing, whatever its pages.

        Args:
            service: Name of the client.
            method: Name of its method, in snake case.
            path: JMESPath of the rows in an answer.
            params: Its parameters.
        """
        import jmespath

        client = self.of(service)
        if not client.can_paginate(method):
            return jmespath.search(path, getattr(client, method)(**params)) or []
        pages = client.get_paginator(method).paginate(**params)
        return [row for page in pages for row in jmespath.search(path, page) or []]


def _listed(clients: Clients, listing: Listing) -> Iterator[tuple[str, str]]:
    for row in clients.rows(listing.service, listing.method, listing.rows, **dict(listing.params)):
        name = row if isinstance(row, str) else row[listing.key]
        state = row.get(listing.state, "") if isinstance(row, dict) and listing.state else ""
        if isinstance(state, dict):
            state = next(iter(state.values()), "")
        if str(state) not in listing.gone:
            yield f"{listing.service}/{listing.kind}/{name}", describe(row, str(state))


def describe(content: object, state: str = "") -> str:
    """A short description: the state if there is one, and the first ten digits of a digest of what does not change by itself."""
    text = json.dumps(_settled(content), sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return f"{state} {digest}".strip()


def _settled(content: object) -> object:
    if isinstance(content, dict):
        return {key: _settled(value) for key, value in content.items() if not _VOLATILE.search(key)}
    if isinstance(content, list):
        return sorted(
            (_settled(item) for item in content),
            key=lambda item: json.dumps(item, sort_keys=True, default=str),
        )
    return content
