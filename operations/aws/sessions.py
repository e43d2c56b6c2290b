"""Where AWS clients come from: the operator's own credentials, or a sandbox on loopback.

These are the two settings of a run; one is chosen in the composition root and nothing else asks which.
"""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self, runtime_checkable
from urllib.parse import urlsplit

from operations.aws.credentials import MADE_UP, CredentialLife, life_of, traces
from operations.aws.outcome import RefusedError
from operations.aws.unattended import never_prompt

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


@runtime_checkable
class Expiring(Protocol):
    """Sessions whose credentials can end, and be read anew after a login."""

    @property
    def login(self) -> tuple[str, ...]:
        """The command with which a person logs in, as an argument vector; empty where there is none."""
        ...

    def renewed(self) -> Self:
        """The same sessions, with credentials read anew from the environment and the files."""
        ...

    def trace(self) -> Hashable:
        """Something that changes when somebody logs in."""
        ...

    async def key_id(self) -> str:
        """The public part of the key that the next call is signed with; fetches credentials that are due."""
        ...

    async def life(self) -> CredentialLife:
        """How long the credentials live. Raises what botocore raises when there are none."""
        ...


async def life_in(sessions: Sessions) -> CredentialLife:
    """How long the credentials of sessions live: for ever where they cannot end."""
    return await sessions.life() if isinstance(sessions, Expiring) else MADE_UP


def login_hint(sessions: Sessions) -> str:
    """What to do when credentials have ended, as the end of a sentence."""
    command = " ".join(sessions.login) if isinstance(sessions, Expiring) else ""
    return f"log in with `{command}`" if command else "log in again"


@dataclass(slots=True)
class _Held:
    """One session and the credentials it found: all clients of a gateway share them."""

    session: Any = None


@dataclass(frozen=True, slots=True)
class LiveSessions:
    """The operator's credentials, as every AWS tool finds them; nothing here ever asks for anything.

    A value of it belongs to one event loop; `renewed` gives another one for the next.
    """

    account: str
    region: str
    endpoint: str | None = None
    profile: str | None = None
    name: str = "LIVE"
    login: tuple[str, ...] = ()
    _held: _Held = field(default_factory=_Held, compare=False, repr=False)

    def _session(self) -> Any:
        from aiobotocore.session import AioSession

        if self._held.session is None:
            session = AioSession(profile=self.profile)
            never_prompt(session, self.profile)
            self._held.session = session
        return self._held.session

    @asynccontextmanager
    async def client(self, service: str) -> AsyncIterator[Any]:
        """A client with one attempt per call: retries are the engine's."""
        async with _client(self._session(), service, self, {}) as made:
            yield made

    def renewed(self) -> LiveSessions:
        """The same, with credentials read anew from the environment and the files."""
        return replace(self, _held=_Held())

    def trace(self) -> Hashable:
        """Names, times and sizes of the files that a login changes."""
        return traces(self._session())

    async def key_id(self) -> str:
        """The access key id of the next call."""
        return str((await self._credentials()).access_key)

    async def _credentials(self) -> Any:
        return await (await self._found()).get_frozen_credentials()

    async def _found(self) -> Any:
        from botocore.exceptions import NoCredentialsError

        found = await self._session().get_credentials()
        if found is None:
            raise NoCredentialsError
        return found

    async def life(self) -> CredentialLife:
        """How long they live."""
        return await life_of(await self._found())


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

    from operations.aws.wire import single_shot, stamp

    session.register("before-send", stamp, unique_id="cutover-stamp")
    config = AioConfig(
        http_session_cls=single_shot(),
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
