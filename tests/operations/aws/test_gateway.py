"""The one door: what it lets out, what it refuses, what it makes of failures."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore import exceptions as aws
from botocore.parsers import ResponseParserError

from operations.aws.breaker import CircuitOpenError
from operations.aws.credentials import MADE_UP, CredentialLife
from operations.aws.gateway import Access, Gateway
from operations.aws.model.catalog import ApiCatalog
from operations.aws.outcome import CallFailedError, Certainty, CredentialsError, GatewayError, RefusedError
from operations.aws.problems import translate
from operations.aws.redaction import Redactor
from operations.aws.sessions import SandboxSessions, require_loopback, sandbox_environment
from state.events import Direction, Event
from state.journal import Journal, PlanIdentity
from state.operation_events import StepIntent
from tests.operations.engine.fake_aws import FakeAws, FakeSessions

CATALOG = ApiCatalog()
PUT = {"Name": "/a", "Value": "1", "Type": "String"}


class Door:
    """A gateway on the fake AWS, and a journal to take intents from."""

    def __init__(self, folder: Path) -> None:
        self.aws = FakeAws()
        self.sessions = FakeSessions(self.aws)
        self.ticks = itertools.count()
        ids = (f"id-{number}" for number in itertools.count())
        self.journal = Journal(
            folder / "j",
            PlanIdentity("p", "d"),
            clock=lambda: datetime.now(UTC),
            new_id=lambda: next(ids),
            actor="t@h",
        )

    @asynccontextmanager
    async def open(self, access: Access = Access.ARMED) -> AsyncIterator[Gateway]:
        """The gateway, with a clock that moves a millisecond a look."""
        gateway = Gateway(
            self.sessions,
            access,
            CATALOG,
            Redactor(CATALOG),
            monotonic=lambda: next(self.ticks) / 1000,
            rates={"ssm": 1e6},
        )
        async with gateway:
            yield gateway

    def intent(self, gateway: Gateway, api: str, params: dict[str, object]) -> Event:
        """A journaled intent for a call."""
        digest = gateway.digest(api, params)
        return self.journal.append(
            StepIntent(
                step=1,
                attempt=1,
                direction=Direction.FORWARD,
                api=api,
                params_digest=digest,
                token=None,
                mutates=True,
            )
        )


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


async def test_a_change_needs_a_journaled_intent_for_just_this_call(door: Door) -> None:
    async with door.open() as gateway:
        intent = door.intent(gateway, "ssm:PutParameter", PUT)
        with pytest.raises(RefusedError, match="not for this call"):
            await gateway.mutate(intent, "ssm:PutParameter", {**PUT, "Name": "/b"})
        with pytest.raises(RefusedError, match="no journaled intent"):
            await gateway.read("ssm:PutParameter", PUT)
        assert door.aws.count("put_parameter") == 0
        await gateway.mutate(intent, "ssm:PutParameter", PUT)
    assert door.aws.parameters == {"/a": "1"}


async def test_a_read_only_gateway_lets_no_change_out(door: Door) -> None:
    async with door.open(Access.READ_ONLY) as gateway:
        with pytest.raises(RefusedError, match="read-only"):
            await gateway.mutate(door.intent(gateway, "ssm:PutParameter", PUT), "ssm:PutParameter", PUT)
        assert (await gateway.read("ssm:GetParameters", {"Names": ["/a"]})).response["InvalidParameters"] == [
            "/a"
        ]


async def test_another_account_is_refused_before_anything_else(door: Door) -> None:
    door.aws.get_caller_identity = lambda: {"Account": "999999999999", "Arn": "arn", "UserId": "u"}  # type: ignore[method-assign]
    with pytest.raises(RefusedError, match="999999999999"):
        async with door.open():
            pytest.fail("opened on another account")


async def test_one_call_on_the_wire_whatever_happens(door: Door) -> None:
    async with door.open() as gateway:
        for number, fault in enumerate(("throttled", "server error", "reply lost", "request lost"), start=1):
            door.aws.faults["put_parameter"] = [fault]
            params = {**PUT, "Name": f"/{fault}"}
            with pytest.raises(CallFailedError):
                await gateway.mutate(
                    door.intent(gateway, "ssm:PutParameter", params), "ssm:PutParameter", params
                )
            assert door.aws.count("put_parameter") == number


class Renewed(FakeSessions):
    """Sessions whose key is another one each time somebody looks."""

    login = ()

    def __init__(self, aws: FakeAws) -> None:
        super().__init__(aws)
        self.looks = itertools.count()

    def renewed(self) -> Renewed:
        return self

    def trace(self) -> int:
        return 0

    async def key_id(self) -> str:
        return f"AKIA{next(self.looks)}"

    async def life(self) -> CredentialLife:
        return MADE_UP


async def test_a_call_that_nobody_could_vouch_for_surely_did_not_leave(door: Door) -> None:
    """The question whose keys these are went unanswered, and the change that had not left was in doubt."""
    door.sessions = Renewed(door.aws)
    async with door.open() as gateway:
        intent = door.intent(gateway, "ssm:PutParameter", PUT)
        door.aws.faults["get_caller_identity"] = ["request lost"]
        with pytest.raises(CallFailedError) as failed:
            await gateway.mutate(intent, "ssm:PutParameter", PUT)
    assert failed.value.certainty is Certainty.NOT_APPLIED
    assert door.aws.count("put_parameter") == 0


async def test_after_five_unanswered_calls_the_circuit_opens(door: Door) -> None:
    async with door.open() as gateway:
        door.aws.faults["get_parameters"] = ["server error"] * 5
        for _ in range(5):
            with pytest.raises(CallFailedError):
                await gateway.read("ssm:GetParameters", {"Names": ["/a"]})
        with pytest.raises(CircuitOpenError):
            await gateway.read("ssm:GetParameters", {"Names": ["/a"]})
        assert door.aws.count("get_parameters") == 5


def _client_error(code: str, status: int) -> aws.ClientError:
    return aws.ClientError(
        {"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "X"
    )


@pytest.mark.parametrize(
    ("problem", "certainty", "retryable"),
    [
        (_client_error("ValidationError", 400), Certainty.NOT_APPLIED, False),
        (_client_error("Throttling", 400), Certainty.NOT_APPLIED, True),
        (_client_error("DependencyViolation", 400), Certainty.NOT_APPLIED, True),
        (_client_error("ExpiredToken", 403), Certainty.NOT_APPLIED, False),
        (_client_error("InternalFailure", 500), Certainty.UNKNOWN, True),
        (_client_error("ServiceUnavailable", 503), Certainty.UNKNOWN, True),
        (aws.ReadTimeoutError(endpoint_url="u"), Certainty.UNKNOWN, True),
        (aws.ConnectionClosedError(endpoint_url="u"), Certainty.UNKNOWN, True),
        (aws.EndpointConnectionError(endpoint_url="u"), Certainty.NOT_APPLIED, True),
        (aws.ConnectTimeoutError(endpoint_url="u"), Certainty.NOT_APPLIED, True),
        (ConnectionResetError("reset"), Certainty.UNKNOWN, True),
        (ResponseParserError("invalid XML received: b'<html>'"), Certainty.UNKNOWN, True),
        (_client_error("StatementTimeoutException", 400), Certainty.UNKNOWN, True),
        (_client_error("UnsupportedResultException", 400), Certainty.UNKNOWN, True),
    ],
)
def test_a_failure_says_whether_the_call_may_have_had_an_effect(
    problem: Exception, certainty: Certainty, retryable: bool
) -> None:
    error = translate(problem, 1.5)
    assert isinstance(error, CallFailedError)
    assert (error.certainty, error.retryable, error.seconds) == (certainty, retryable, 1.5)


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (aws.NoCredentialsError(), CredentialsError),
        (aws.ProfileNotFound(profile="x"), CredentialsError),
        (aws.NoRegionError(), RefusedError),
    ],
)
def test_what_never_left_is_not_a_failed_call(problem: Exception, kind: type[GatewayError]) -> None:
    assert type(translate(problem, 0.0)) is kind


def test_a_bug_is_not_dressed_up() -> None:
    with pytest.raises(ZeroDivisionError):
        translate(ZeroDivisionError(), 0.0)


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1", "https://sts.amazonaws.com", "http://127.0.0.1.example.com", "http://"]
)
def test_a_sandbox_is_on_loopback(url: str) -> None:
    with pytest.raises(RefusedError, match="loopback"):
        SandboxSessions(endpoint=url, region="us-east-1")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "http://127.8.9.1:1"]
)
def test_loopback_is_loopback(url: str) -> None:
    require_loopback(url)
    assert SandboxSessions(endpoint=url, region="us-east-1").endpoint == url


def test_a_sandbox_never_sees_the_operators_aws_settings() -> None:
    before = {
        "AWS_PROFILE": "prod",
        "AWS_SESSION_TOKEN": "t",
        "https_proxy": "http://p",
        "HOME": "/h",
        "AWS_CONFIG_FILE": "c",
    }
    after = sandbox_environment(before)
    assert after["HOME"] == "/h"
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "https_proxy"} & set(after)
    assert after["AWS_CONFIG_FILE"] == "/dev/null"
