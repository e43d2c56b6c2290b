"""The one door to AWS: every call passes its checks, goes out once, and comes back as an answer or an error."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Any, Self

import rfc8785

from operations.aws.breaker import Breaker
from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.types import Effect
from operations.aws.outcome import (
    Answer,
    CallFailedError,
    Certainty,
    CredentialsError,
    GatewayError,
    RefusedError,
    judge,
)
from operations.aws.redaction import Redactor, jsonable
from operations.aws.sessions import Sessions
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
        self.sessions = sessions
        self.access = access
        self.catalog = catalog
        self.redactor = redactor
        self.identity = Identity("", "")
        self._monotonic = monotonic
        self._rates = rates or {}
        self._breaker = Breaker(monotonic)
        self._stack = AsyncExitStack()
        self._clients: dict[str, Any] = {}
        self._limiters: dict[str, Any] = {}
        self._making = asyncio.Lock()
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)

    async def __aenter__(self) -> Self:
        await self._stack.__aenter__()
        try:
            self.identity = await self._who_am_i()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _who_am_i(self) -> Identity:
        answer = await self.read("sts:GetCallerIdentity", {})
        identity = Identity(str(answer.response["Account"]), str(answer.response["Arn"]))
        if identity.account != self.sessions.account:
            raise RefusedError(
                f"these credentials are of account {identity.account}, the plan is for {self.sessions.account};"
                " choose another AWS_PROFILE"
            )
        return identity

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
        return await self._send(api, params)

    def digest(self, api: str, params: Mapping[str, Any]) -> str:
        """The SHA-256 that binds an intent to its parameters, without client token and secrets."""
        token = self.catalog.token_member(api)
        bound = {
            key: value for key, value in self.redactor.redact_params(api, params).items() if key != token
        }
        content: Any = jsonable([api, bound])
        return hashlib.sha256(rfc8785.dumps(content)).hexdigest()

    async def _send(self, api: str, params: Mapping[str, Any]) -> Answer:
        from botocore import xform_name

        service, _, action = api.partition(":")
        self._breaker.check(service)
        async with self._slots, self._limiter(service):
            client = await self._client(service)
            started = self._monotonic()
            try:
                response = await getattr(client, xform_name(action))(**params)
            except Exception as problem:
                error = translate(problem, self._monotonic() - started)
                certainty = error.certainty if isinstance(error, CallFailedError) else None
                self._breaker.note(service, certainty)
                raise error from problem
        self._breaker.note(service, None)
        metadata = response.pop("ResponseMetadata", {})
        return Answer(response, metadata.get("RequestId"), self._monotonic() - started)

    async def _client(self, service: str) -> Any:
        async with self._making:
            if service not in self._clients:
                try:
                    made = await self._stack.enter_async_context(self.sessions.client(service))
                except Exception as problem:
                    raise translate(problem, 0.0) from problem
                self._clients[service] = made
        return self._clients[service]

    def _limiter(self, service: str) -> Any:
        from aiolimiter import AsyncLimiter

        if service not in self._limiters:
            rate = self._rates.get(service, DEFAULT_RATE)
            self._limiters[service] = AsyncLimiter(max(rate, 1.0), 1.0 if rate >= 1 else 1.0 / rate)
        return self._limiters[service]


def translate(problem: Exception, seconds: float) -> GatewayError:
    """Botocore's and the transport's errors as ours; bugs are raised as they are."""
    import aiohttp
    from botocore import exceptions as aws

    name = type(problem).__name__
    match problem:
        case GatewayError():
            return problem
        case aws.ClientError():
            error = problem.response.get("Error", {})
            status = int(problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400))
            code = str(error.get("Code", name))
            certainty, retryable = judge(code, status)
            return CallFailedError(code, str(error.get("Message", "")), certainty, retryable, seconds)
        case (
            aws.NoCredentialsError()
            | aws.PartialCredentialsError()
            | aws.ProfileNotFound()
            | aws.TokenRetrievalError()
        ):
            return CredentialsError(f"no usable AWS credentials: {problem}; log in, or use --sandbox")
        case aws.NoRegionError() | aws.InvalidRegionError() | aws.UnknownServiceError():
            return RefusedError(str(problem))
        case (
            aws.EndpointConnectionError()
            | aws.ConnectTimeoutError()
            | aws.ParamValidationError()
            | aws.ProxyConnectionError()
        ):
            return CallFailedError(
                name, str(problem), Certainty.NOT_APPLIED, name != "ParamValidationError", seconds
            )
        case aws.BotoCoreError() | aiohttp.ClientError() | TimeoutError() | OSError():
            return CallFailedError(name, str(problem), Certainty.UNKNOWN, True, seconds)
    raise problem
