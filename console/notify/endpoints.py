"""Where notices go: apprise addresses, which are secrets; outside this module they are known by number and kind alone."""

from __future__ import annotations

import hashlib
import importlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Protocol

from console.exit_codes import CommandError, ExitCode
from console.settings import Settings

EXTRA_MISSING = "notifications need the extra `notify`: install cutover-console[notify]"
UNSET = "no addresses: set `notify_urls` in the settings file, or CUTOVER_NOTIFY_URLS"


class Endpoint(Protocol):
    """One address. `name` and `key` tell nothing of it that is secret."""

    @property
    def name(self) -> str:
        """What people call it, such as `1 (json)`."""
        ...

    @property
    def key(self) -> str:
        """What its progress is kept under."""
        ...

    def send(self, title: str, body: str, urgency: str) -> bool:
        """Send one message; whether it was taken. May take long: call it from a thread of its own."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class AppriseEndpoint:
    """An address behind apprise."""

    name: str
    key: str
    _apprise: Any

    def send(self, title: str, body: str, urgency: str) -> bool:
        """Send one message."""
        return bool(self._apprise.notify(body=body, title=title, notify_type=urgency))


def installed() -> bool:
    """Whether the extra is there."""
    return find_spec("apprise") is not None


def addresses(settings: Settings) -> tuple[str, ...]:
    """The addresses of the settings."""
    given = settings.notify_urls
    return () if given is None else tuple(given.get_secret_value().split())


def endpoints(settings: Settings) -> Sequence[Endpoint]:
    """Every address of the settings, ready to be sent to.

    Raises:
        CommandError: there is none, one cannot be used, or the extra is not installed.
    """
    given = addresses(settings)
    if not given:
        raise CommandError(UNSET)
    if not installed():
        raise CommandError(EXTRA_MISSING, ExitCode.REFUSED)
    return tuple(_endpoint(number, url) for number, url in enumerate(given, start=1))


def _endpoint(number: int, url: str) -> Endpoint:
    apprise: Any = importlib.import_module("apprise")  # an extra: a type checker may not find it
    logger = logging.getLogger("apprise")  # it logs addresses
    logger.handlers, logger.propagate = [logging.NullHandler()], False
    name = endpoint_name(number, url)
    made = apprise.Apprise()
    if not made.add(url):
        raise CommandError(f"notify_urls: address {name} is none that apprise knows")
    key = hashlib.sha256(url.encode()).hexdigest()[:16]
    return AppriseEndpoint(name, key, made)


def endpoint_name(number: int, url: str) -> str:
    """An address's number and kind, and nothing else of it."""
    kind, sign, _ = url.partition("://")
    return f"{number} ({kind if sign and kind.isalnum() and len(kind) < 20 else 'address'})"
