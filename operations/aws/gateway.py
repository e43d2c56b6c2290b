"""The one door to AWS: every call passes its checks, goes out once, and comes back as an answer or an error."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Any, Protocol, Self

import rfc8785

from operations.aws.breaker import Breaker
from operations.aws.credentials import CredentialLife
from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.types import Effect
from operations.aws.outcome import (
    Answer,
    CallFailedError,
    Certainty,
    CredentialsError,
    OtherAccountError,
    RefusedError,
    credentials_over,
)
from operations.aws.problems import translate, without_secrets
from operations.aws.redaction import Redactor, jsonable
from operations.aws.sessions import Expiring, Sessions, life_in, login_hint
from operations.aws.wire import marked
from state.events import Event
from state.kinds import Kind

MAX_CONCURRENT = 10
"""Calls at once; an unbounded burst of 100 stalls the loop for 150 ms and more."""
DEFAULT_RATE = 20.0
"""Calls per second and service where the plan says nothing."""


class Access(Enum):
    """Whether a gateway lets calls out that change something."""

    READ_ONLY = "read-only"
    ARMED = "armed"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom AWS takes the caller for."""

    account: str
    arn: str


class Guard(Protocol):
    """Asked right before anything that changes something leaves."""

    def __call__(self) -> None:
        """Return when it may leave, raise when it may not: then nothing has left."""
        ...


class Gateway:
    """Sends calls for one setting. Open it with `async with`; then it knows the caller's identity.

    Raises (on entering):
        CredentialsError: no usable credentials.
        RefusedError: the credentials are of another account than the plan's.
        CallFailedError: AWS cannot be reached.
    """

    def __init__(
        self,
        sessions: Sessions,
        access: Access,
        catalog: ApiCatalog,
        redactor: Redactor,
        *,
        monotonic: Callable[[], float],
        rates: Mapping[str, float] | None = None,
    ) -> None:
        self.sessions: Sessions = sessions.renewed() if isinstance(sessions, Expiring) else sessions
        self.access = access
        self.catalog = catalog
        self.redactor = redactor
        self.identity = Identity("", "")
        self._checked_key: str | None = None
        self._monotonic = monotonic
        self._rates = rates or {}
        self._breaker = Breaker(monotonic)
        self._stack = AsyncExitStack()
        self._clients: dict[str, Any] = {}
        self._limiters: dict[str, Any] = {}
        self._making = asyncio.Lock()
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)
        self._guard: Guard | None = None
        self._permit: Guard | None = None

    async def __aenter__(self) -> Self:
        await self._stack.__aenter__()
        try:
            self.identity = await self._who_am_i()
            self._checked_key = await self._key_id()
        except BaseException as error:
            await self._stack.aclose()
            if isinstance(error, CallFailedError) and credentials_over(error):
                raise CredentialsError(f"{error}; {login_hint(self.sessions)}") from error
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _who_am_i(self) -> Identity:
        answer = await self._sent("sts:GetCallerIdentity", {})
        identity = Identity(str(answer.response["Account"]), str(answer.response["Arn"]))
        if identity.account != self.sessions.account:
            raise OtherAccountError(
                f"these credentials are of account {identity.account}, the plan is for {self.sessions.account};"
                " choose another AWS_PROFILE"
            )
        return identity

    async def _key_id(self) -> str | None:
        if not isinstance(self.sessions, Expiring):
            return None
        try:
            return await self.sessions.key_id()
        except Exception as problem:
            error = without_secrets(translate(problem, 0.0), self.redactor)
            if isinstance(error, CallFailedError):
                error.certainty = Certainty.NOT_APPLIED
            raise error from problem

    async def _vouch(self) -> None:
        """See to it that the next call is signed with keys whose account was checked: they may have been renewed."""
        key = await self._key_id()
        if key != self._checked_key:
            try:
                self.identity = await self._who_am_i()
            except CallFailedError as error:
                error.certainty = Certainty.NOT_APPLIED  # of the call that is vouched for: it has not left
                raise
            self._checked_key = key

    async def life(self) -> CredentialLife:
        """How long the credentials in use still live.

        Raises:
            GatewayError: they cannot be fetched any more.
        """
        try:
            return await life_in(self.sessions)
        except Exception as problem:
            raise without_secrets(translate(problem, 0.0), self.redactor) from problem

    async def renew(self) -> Identity:
        """Read the credentials anew and make every further call with them; calls under way end as they began.

        Raises:
            OtherAccountError: they are of another account; nothing has changed then, as with every error.
            GatewayError: there are none, or nobody could be asked.
        """
        probe = Gateway(
            self.sessions, Access.READ_ONLY, self.catalog, self.redactor, monotonic=self._monotonic
        )
        async with probe, self._making:
            self.sessions, self._clients = probe.sessions, {}
            self.identity, self._checked_key = probe.identity, probe._checked_key
        return self.identity

    async def read(self, api: str, params: Mapping[str, Any]) -> Answer:
        """Send a call that changes nothing.

        Raises:
            RefusedError: the call might change something.
            GatewayError: as CallFailedError, CredentialsError or CircuitOpenError.
        """
        if self.catalog.effect(api, params) is not Effect.READ:
            raise RefusedError(f"{api} may change something and has no journaled intent")
        return await self._send(api, params)

    async def mutate(self, intent: Event, api: str, params: Mapping[str, Any]) -> Answer:
        """Send a call that changes something, once, for an intent that is in the journal.

        Raises:
            RefusedError: this gateway is read-only, or the intent is not for this call.
            GatewayError: as CallFailedError, CredentialsError or CircuitOpenError.
        """
        if self.access is not Access.ARMED:
            raise RefusedError(f"{api} changes something and this console is read-only; `:arm` to act")
        if intent.kind != Kind.STEP_INTENT or intent.data["params_digest"] != self.digest(api, params):
            raise RefusedError(f"{api}: the journaled intent is not for this call")
        with marked(intent):
            return await self._send(api, params, self.recheck)

    @contextmanager
    def guarded(self, guard: Guard) -> Iterator[None]:
        """While open, ask a guard before every call that changes something: whether this process may still act."""
        self._guard = guard
        try:
            yield
        finally:
            self._guard = None

    @contextmanager
    def permitted(self, permit: Guard) -> Iterator[None]:
        """While open, ask before every call, reads too: whether what it finds out could be written down."""
        self._permit = permit
        try:
            yield
        finally:
            self._permit = None

    def recheck(self) -> None:
        """Ask permit and guard now: for what changes something without a call to AWS.

        Raises:
            Exception: whatever they raise.
        """
        if self._permit is not None:
            self._permit()
        if self._guard is not None:
            self._guard()

    def digest(self, api: str, params: Mapping[str, Any]) -> str:
        """The SHA-256 that binds an intent to its parameters, without client token and secrets.

        Secrets are left out by marks and names alone, so that it is the same in every process.
        """
        token = self.catalog.token_member(api)
        bound = {key: value for key, value in self.redactor.masked(api, params).items() if key != token}
        content: Any = jsonable([api, bound])
        return hashlib.sha256(rfc8785.dumps(content)).hexdigest()

    async def _send(self, api: str, params: Mapping[str, Any], guard: Guard | None = None) -> Answer:
        await self._vouch()
        return await self._sent(api, params, guard)

    async def _sent(self, api: str, params: Mapping[str, Any], guard: Guard | None = None) -> Answer:
        from botocore import xform_name

        service, _, action = api.partition(":")
        self._breaker.check(service)
        self.redactor.learn_params(api, params)
        async with self._slots, self._limiter(service):
            client = await self._client(service)
            if self._permit is not None:
                self._permit()
            if guard is not None:
                guard()
            started = self._monotonic()
            try:
                response = await getattr(client, xform_name(action))(**params)
            except Exception as problem:
                error = without_secrets(translate(problem, self._monotonic() - started), self.redactor)
                certainty = error.certainty if isinstance(error, CallFailedError) else None
                self._breaker.note(service, certainty)
                raise error from problem
        self._breaker.note(service, None)
        metadata = response.pop("ResponseMetadata", {})
        self.redactor.learn_response(api, response)
        date = metadata.get("HTTPHeaders", {}).get("date")
        return Answer(response, metadata.get("RequestId"), self._monotonic() - started, date)

    async def _client(self, service: str) -> Any:
        async with self._making:
            if service not in self._clients:
                try:
                    made = await self._stack.enter_async_context(self.sessions.client(service))
                except Exception as problem:
                    raise without_secrets(translate(problem, 0.0), self.redactor) from problem
                self._clients[service] = made
        return self._clients[service]

    def _limiter(self, service: str) -> Any:
        from aiolimiter import AsyncLimiter

        if service not in self._limiters:
            rate = self._rates.get(service, DEFAULT_RATE)
            self._limiters[service] = AsyncLimiter(max(rate, 1.0), 1.0 if rate >= 1 else 1.0 / rate)
        return self._limiters[service]
