"""Where AWS clients come from: the operator's own credentials, or a sandbox on loopback.

These are the two settings of a run; one is chosen in the composition root and nothing else asks which.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from operations.aws.outcome import RefusedError

CONNECT_SECONDS = 5
READ_SECONDS = 30
SANDBOX_ACCOUNT = "123456789012"
PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")


class Sessions(Protocol):
    """Makes clients for one setting."""

    @property
    def name(self) -> str:
        """The word for the setting in the header: `LIVE` or `DRILL`."""
        ...

    @property
    def endpoint(self) -> str | None:
        """The address all calls go to, None for AWS's own."""
        ...

    @property
    def account(self) -> str:
        """The only account that may be touched."""
        ...

    @property
    def region(self) -> str:
        """The region of all clients."""
        ...

    def client(self, service: str) -> AbstractAsyncContextManager[Any]:
        """A client of a service, open while the context is."""
        ...


@dataclass(frozen=True, slots=True)
class LiveSessions:
    """The operator's credentials, as every AWS tool finds them."""

    account: str
    region: str
    endpoint: str | None = None
    profile: str | None = None
    name: str = "LIVE"

    def client(self, service: str) -> AbstractAsyncContextManager[Any]:
        """A client with one attempt per call: retries are the engine's."""
        from aiobotocore.session import AioSession

        session = AioSession(profile=self.profile)
        return _client(session, service, self, {})


@dataclass(frozen=True, slots=True)
class SandboxSessions:
    """A sandbox on this machine; its keys are made up and nothing else is ever read."""

    endpoint: str
    region: str
    account: str = SANDBOX_ACCOUNT
    name: str = "DRILL"

    def __post_init__(self) -> None:
        require_loopback(self.endpoint)

    def client(self, service: str) -> AbstractAsyncContextManager[Any]:
        """A client that can only talk to the sandbox."""
        from aiobotocore.session import AioSession

        session = AioSession()
        for variable in ("config_file", "credentials_file"):
            session.set_config_variable(variable, "/dev/null")
        keys = {"aws_access_key_id": "SANDBOX", "aws_secret_access_key": "sandbox-has-no-secret"}
        return _client(session, service, self, keys)


def _client(
    session: Any, service: str, sessions: Sessions, keys: Mapping[str, str]
) -> AbstractAsyncContextManager[Any]:
    from aiobotocore.config import AioConfig

    config = AioConfig(
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        inject_host_prefix=sessions.endpoint is None,
        user_agent_extra="cutover",
        s3={"addressing_style": "path"} if sessions.endpoint else None,
        parameter_validation=True,
    )
    made: AbstractAsyncContextManager[Any] = session.create_client(
        service, region_name=sessions.region, endpoint_url=sessions.endpoint, config=config, **keys
    )
    return made


def require_loopback(url: str) -> None:
    """Refuse a sandbox address that is not on this machine.

    Raises:
        RefusedError: the host is not loopback.
    """
    host = urlsplit(url).hostname or ""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise RefusedError(f"{url}: a sandbox is on loopback only; give http://127.0.0.1:PORT")


def sandbox_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the operator's AWS settings and proxies, for everything that runs on a sandbox."""
    kept = {
        key: value
        for key, value in environment.items()
        if not key.startswith("AWS_") and key.lower() not in PROXY_VARIABLES
    }
    return {
        **kept,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
