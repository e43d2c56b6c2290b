"""Nothing that finds credentials asks anybody for anything, and nothing a helper program says gets out."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from operations.aws import unattended
from operations.aws.gateway import Access, Gateway
from operations.aws.model.catalog import ApiCatalog
from operations.aws.outcome import CredentialsError
from operations.aws.redaction import Redactor
from tests.operations.aws.test_credentials_life import a_process, home, keys, sessions

__all__ = ["home"]
CATALOG = ApiCatalog()


async def _refusal(profile: str | None = None) -> str:
    gateway = Gateway(
        sessions(profile, "http://127.0.0.1:9"),
        Access.READ_ONLY,
        CATALOG,
        Redactor(CATALOG),
        monotonic=lambda: 0.0,
    )
    with pytest.raises(CredentialsError) as caught:
        async with gateway:
            pytest.fail("opened without credentials")
    text = str(caught.value)
    assert "\n" not in text
    return text


async def test_a_role_with_mfa_is_refused_with_what_to_do(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (home / "config").write_text(
        "[profile mfa]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=base\nregion=us-east-1\n"
        "mfa_serial=arn:aws:iam::123456789012:mfa/kim\n[profile base]\n"
    )
    (home / "credentials").write_text("[base]\naws_access_key_id=AKIA\naws_secret_access_key=s\n")
    assert "profile mfa needs an MFA code" in await _refusal("mfa")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo hush-hush >&2; exit 3", "ended with 3"),
        ("echo hush-hush", "something other than version 1 credentials"),
        ('echo \'{"Version": 2, "SecretAccessKey": "hush-hush"}\'', "something other than version 1"),
        ("echo hush-hush >&2; read answer </dev/tty || exit 9", "ended with"),
        ("read answer || exit 8", "ended with 8"),
    ],
)
async def test_a_process_gets_no_terminal_and_its_words_stay_with_it(
    home: Path, capfd: pytest.CaptureFixture[str], script: str, said: str
) -> None:
    (home / "config").write_text(f"[default]\ncredential_process = {a_process(home, script)}\n")
    text = await _refusal()
    assert said in text
    assert "hush" not in text
    assert capfd.readouterr() == ("", "")


async def test_a_process_behind_a_role_is_as_quiet(home: Path) -> None:
    command = a_process(home, "echo hush-hush >&2; read answer || exit 7")
    (home / "config").write_text(
        "[profile r]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=p\nregion=us-east-1\n"
        f"[profile p]\ncredential_process = {command}\n"
    )
    text = await _refusal("r")
    assert "ended with 7" in text
    assert "hush" not in text


async def test_a_process_that_never_ends_is_ended(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unattended, "PROCESS_SECONDS", 0.2)
    command = a_process(home, f"echo $$ > {home}/pid; while :; do read x < {home}/never; done")
    os.mkfifo(home / "never")
    (home / "config").write_text(f"[default]\ncredential_process = {command}\n")
    assert "took longer than" in await _refusal()
    with pytest.raises(ProcessLookupError):
        os.kill(int((home / "pid").read_text()), 0)


async def test_a_refresh_that_fails_is_not_logged(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    expired = keys(SessionToken="hush", Expiration="2020-01-01T00:00:00Z")
    command = a_process(home, f"echo '{expired}'")
    (home / "config").write_text(f"[default]\ncredential_process = {command}\n")
    caplog.set_level(logging.DEBUG, logger="tests")
    assert "expired" in await _refusal()
    assert "hush" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
