"""Credentials of real profiles, in real processes: too short, ended in mid-run, asking for something on a terminal."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.conftest import COMMAND, PATIENCE, Cutover, read_until
from tests.e2e.terminal import Terminal
from tests.e2e.test_refusals import one_line
from tests.operations.aws.aws_stub import serving


@pytest.fixture
def stub() -> Iterator[str]:
    """The address of a small AWS on loopback."""
    with serving() as url:
        yield url


PLAN = """
plan: ending
title: The credentials end within it
account: "123456789012"
region: us-east-1
phases:
  - id: "1"
    title: Only phase
    subphases:
      - id: "1.1"
        title: Only sub-phase
        operations:
          - id: first
            title: A parameter
            kind: configuration
            forward:
              - {api: "ssm:PutParameter", params: {Name: /ending/first, Value: "1", Type: String}}
              - {command: [touch, "OVER"]}
              - {api: "ssm:PutParameter", params: {Name: /ending/second, Value: "1", Type: String}}
            verify:
              - {api: "ssm:GetParameter", params: {Name: /ending/second}, expect: "Parameter.Value == '1'"}
            inverse:
              - {api: "ssm:DeleteParameter", params: {Name: /ending/second}}
              - {api: "ssm:DeleteParameter", params: {Name: /ending/first}}
"""
PROCESS = """#!/bin/sh
echo hush-hush >&2
test -e OVER && exit 1
cat KEYS
"""


def _profile(cutover: Cutover, url: str, script: str) -> Path:
    """A home whose default profile is a `credential_process`; the folder it works in."""
    folder = cutover.home / ".aws"
    folder.mkdir(exist_ok=True)
    process = folder / "process"
    process.write_text(script.replace("OVER", str(folder / "over")).replace("KEYS", str(folder / "keys")))
    process.chmod(process.stat().st_mode | stat.S_IXUSR)
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    keys = {
        "Version": 1,
        "AccessKeyId": "ASIA",
        "SecretAccessKey": "hush",
        "SessionToken": "t",
        "Expiration": soon,
    }
    (folder / "keys").write_text(json.dumps(keys))
    (folder / "config").write_text(f"[default]\nregion=us-east-1\ncredential_process={process}\n")
    cutover.extra["AWS_ENDPOINT_URL"] = url
    return folder


def test_a_run_parks_when_its_credentials_end_and_goes_on_after_a_login(
    cutover: Cutover, stub: str, tmp_path: Path
) -> None:
    folder = _profile(cutover, stub, PROCESS)
    plan = tmp_path / "ending.yaml"
    plan.write_text(PLAN.replace("OVER", str(folder / "over")))
    command = cutover.start("run", str(plan), "--all", "--yes")
    parked = read_until(command, "run.paused")
    assert "parked: credentials expired, log in with `aws sso login`" in parked
    shown = cutover("status", str(plan))
    assert "paused: parked: credentials expired, log in with `aws sso login`" in shown.out
    (folder / "over").unlink()
    (folder / "config").touch()
    out, err = command.communicate(timeout=PATIENCE)
    assert command.returncode == 0, err
    assert "run.resumed" in err
    assert "hush" not in parked + out + err + shown.out
    events = cutover("journal", "list", "--kind", "step.outcome", "--format", "json").json
    applied = [event["data"]["step"] for event in events if event["data"]["result"] == "applied"]
    assert applied == [1, 2, 3]
    assert "hush" not in cutover.journal.read_bytes().decode(errors="replace")


def test_credentials_too_short_for_the_work_are_refused(cutover: Cutover, stub: str, small: str) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=20)).isoformat()
    cutover.extra |= {
        "AWS_ENDPOINT_URL": stub,
        "AWS_ACCESS_KEY_ID": "ASIA",
        "AWS_SECRET_ACCESS_KEY": "hush",
        "AWS_SESSION_TOKEN": "t",
        "AWS_CREDENTIAL_EXPIRATION": soon,
        "CUTOVER_LOGIN_COMMAND": "our-sso login 'the account'",
    }
    one_line(
        cutover("run", small, "--all", "--yes"),
        4,
        "live 19 min more",
        "work takes 31 min",
        "log in with `our-sso login the account`",
    )


MFA = """[profile ask]
region=us-east-1
role_arn=arn:aws:iam::123456789012:role/r
source_profile=base
mfa_serial=arn:aws:iam::123456789012:mfa/kim
[profile base]
aws_access_key_id=AKIA
aws_secret_access_key=s
"""
PROMPTING = "[profile ask]\nregion=us-east-1\ncredential_process=PROCESS\n"
ASKING = (
    "#!/bin/sh\nprintf 'Password: ' >&2\nprintf 'Password: ' >/dev/tty\nread answer </dev/tty || exit 9\n"
)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (MFA, "needs an MFA code"),
        pytest.param(PROMPTING, "credential_process of profile ask ended with", marks=pytest.mark.soak),
    ],
    ids=["mfa", "process"],
)
def test_nothing_asks_on_a_terminal(cutover: Cutover, small: str, config: str, said: str) -> None:
    folder = _profile(cutover, "http://127.0.0.1:9", ASKING)
    (folder / "config").write_text(config.replace("PROCESS", str(folder / "process")))
    environment = {**cutover.environment, "AWS_PROFILE": "ask"}
    terminal = Terminal([*COMMAND, "run", small, "network"], environment, columns=400)
    try:
        assert terminal.ended() == 4
    finally:
        terminal.close()
    lines = [line for line in terminal.text.splitlines() if line.strip()]
    assert len(lines) == 1, terminal.text
    assert lines[0].startswith("error: ")
    assert said in lines[0]
    assert b"Password" not in terminal.raw
    assert b"Enter MFA" not in terminal.raw
