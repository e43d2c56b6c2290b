"""How long credentials live, by where they come from: with real botocore, and a loopback stub where it would ask AWS."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha1
from pathlib import Path

import pytest
from botocore.credentials import SSOProvider
from botocore.tokens import SSOTokenProvider

from operations.aws.credentials import CredentialLife, Ends
from operations.aws.outcome import EXPIRED, REJECTED, Certainty, CredentialsError, credentials_over, judge
from operations.aws.sessions import LiveSessions, SandboxSessions, life_in
from tests.operations.aws.aws_stub import SOON, serving

LATER = SOON + timedelta(hours=6)


@pytest.fixture
def stub() -> Iterator[str]:
    """The stub's address."""
    with serving() as url:
        yield url


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home without any AWS settings."""
    import os

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / ".aws"
    (folder / "sso" / "cache").mkdir(parents=True)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for provider in (SSOProvider, SSOTokenProvider):
        monkeypatch.setattr(provider, "_SSO_TOKEN_CACHE_DIR", str(folder / "sso" / "cache"))
    return folder


def sessions(profile: str | None = None, endpoint: str | None = None) -> LiveSessions:
    return LiveSessions("123456789012", "us-east-1", endpoint, profile)


def a_process(folder: Path, answer: str) -> str:
    """A `credential_process` that prints something."""
    script = folder / "process"
    script.write_text(f"#!/bin/sh\n{answer}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


def keys(**more: str) -> str:
    return json.dumps({"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "hush", **more})


async def test_keys_have_no_end_and_those_with_a_token_one_that_is_not_known(home: Path) -> None:
    (home / "credentials").write_text(
        "[default]\naws_access_key_id=AKIA\naws_secret_access_key=s\n"
        "[session]\naws_access_key_id=ASIA\naws_secret_access_key=s\naws_session_token=t\n"
    )
    assert await sessions().life() == CredentialLife("the credentials file", Ends.NEVER)
    found = await sessions("session").life()
    assert found == CredentialLife("the credentials file", Ends.UNKNOWN)
    assert found.minutes_left(SOON) is None


async def test_the_environment_may_say_when_it_ends_and_is_never_renewed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", SOON.isoformat())
    found = await sessions().life()
    assert found == CredentialLife("the environment", Ends.AT, SOON)
    assert found.minutes_left(SOON - timedelta(minutes=42)) == 42
    assert found.minutes_left(SOON + timedelta(minutes=42)) == 0


async def test_a_process_is_asked_again(home: Path) -> None:
    command = a_process(home, f"echo '{keys(SessionToken='t', Expiration=SOON.isoformat())}'")
    (home / "config").write_text(f"[default]\ncredential_process = {command}\n")
    found = await sessions().life()
    assert found == CredentialLife("credential_process", Ends.AT, SOON, renewable=True)
    assert found.minutes_left(SOON) is None


async def test_a_role_is_assumed_again_as_long_as_what_is_behind_it_lives(
    home: Path, stub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", stub)
    role = "role_arn=arn:aws:iam::123456789012:role/r\nregion=us-east-1\n"
    (home / "config").write_text(
        f"[profile role]\nsource_profile=base\n{role}[profile short]\nsource_profile=temporary\n{role}"
        f"[profile ending]\ncredential_source=Environment\n{role}"
    )
    (home / "credentials").write_text(
        "[base]\naws_access_key_id=AKIA\naws_secret_access_key=s\n"
        "[temporary]\naws_access_key_id=ASIA\naws_secret_access_key=s\naws_session_token=t\n"
    )
    assert await sessions("role").life() == CredentialLife(
        "an assumed role, from the credentials file", Ends.AT, SOON, renewable=True
    )
    short = await sessions("short").life()
    assert (short.ends, short.renewable) == (Ends.UNKNOWN, False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", LATER.isoformat())
    ending = await sessions("ending").life()
    assert ending == CredentialLife("an assumed role, from the environment", Ends.AT, LATER)


async def test_sso_lives_as_long_as_the_login(home: Path, stub: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", stub)
    common = "sso_account_id=123456789012\nsso_role_name=r\nregion=us-east-1\n"
    place = "sso_start_url=https://start.invalid\nsso_region=us-east-1\n"
    (home / "config").write_text(
        f"[profile old]\n{common}{place}[profile new]\nsso_session=corp\n{common}[sso-session corp]\n{place}"
    )
    token = {"accessToken": "t", "expiresAt": LATER.strftime("%Y-%m-%dT%H:%M:%SZ")}
    renewed = {
        "clientId": "c",
        "clientSecret": "s",
        "refreshToken": "r",
        "registrationExpiresAt": "2099-01-01T00:00:00Z",
    }
    cache = home / "sso" / "cache"
    (cache / f"{sha1(b'https://start.invalid').hexdigest()}.json").write_text(json.dumps(token))
    (cache / f"{sha1(b'corp').hexdigest()}.json").write_text(json.dumps({**token, **renewed}))
    assert await sessions("old").life() == CredentialLife("IAM Identity Center (SSO)", Ends.AT, LATER)
    new = await sessions("new").life()
    assert (new.expires_at, new.renewable) == (SOON, True)
    before = sessions("old").trace()
    assert before == sessions("old").trace()
    (cache / "another.json").write_text("{}")
    assert sessions("old").trace() != before


async def test_a_sandbox_has_no_end() -> None:
    found = await life_in(SandboxSessions("http://127.0.0.1:1", "us-east-1"))
    assert found.ends is Ends.NEVER


@pytest.mark.parametrize("code", sorted(EXPIRED | REJECTED))
@pytest.mark.parametrize("status", [400, 403, 500])
def test_credentials_that_are_over_surely_did_nothing(code: str, status: int) -> None:
    assert judge(code, status) == (Certainty.NOT_APPLIED, False)


def test_what_a_login_mends() -> None:
    assert credentials_over(CredentialsError("x"))
    assert not credentials_over(ValueError("x"))
