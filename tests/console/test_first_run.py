"""The first run: a welcome where nothing is set up, and nowhere else; what credentials there seem to be."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from console import cli, first_run
from console.first_run import Choice, is_first_run
from operations.aws.credential_signs import credential_sign

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "never-shown"}


def here(folder: Path, **more: str) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(folder / "state"), **more}


def aws(home: Path, name: str, text: str) -> None:
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / name).write_text(text)


def test_a_clean_machine_is_a_first_run_and_drills_do_not_end_it(tmp_path: Path) -> None:
    assert is_first_run(here(tmp_path), tmp_path)
    drills = tmp_path / "state" / "cutover" / "drills"
    drills.mkdir(parents=True)
    (drills / "reference-1.journal").touch()
    assert is_first_run(here(tmp_path), tmp_path)
    (drills.parent / "reference.journal").touch()
    assert not is_first_run(here(tmp_path), tmp_path)


def test_whoever_has_credentials_or_names_a_journal_is_not_welcomed(tmp_path: Path) -> None:
    assert not is_first_run(here(tmp_path, **KEYS), tmp_path)
    assert not is_first_run(here(tmp_path, CUTOVER_JOURNAL="x"), tmp_path)
    aws(tmp_path, "credentials", "[default]\naws_access_key_id = AKIDEXAMPLE\n")
    assert not is_first_run(here(tmp_path), tmp_path)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("\n", Choice.DRILL), ("d\n", Choice.DRILL), ("r\n", Choice.REFERENCE), ("q\n", Choice.QUIT)],
)
def test_the_welcome_does_what_is_chosen(monkeypatch: pytest.MonkeyPatch, typed: str, wanted: Choice) -> None:
    done: list[Choice] = []
    monkeypatch.setattr("console.options.on_terminal", lambda: True)
    monkeypatch.setattr(first_run, "is_first_run", lambda *_: True)
    monkeypatch.setattr("console.opening.open_drill", lambda *_: done.append(Choice.DRILL) or 0)
    monkeypatch.setattr("console.opening.open_on", lambda *_: done.append(Choice.REFERENCE) or 0)
    shown = CliRunner().invoke(cli.cutover, [], input=typed, standalone_mode=False)
    assert shown.exit_code == 0
    assert (done or [Choice.QUIT]) == [wanted]
    assert "cutover drill" in shown.stderr
    assert all(len(line) <= 80 for line in first_run.WELCOME.splitlines())


def test_every_command_that_the_welcome_names_exists() -> None:
    from tests.docs.reading import commands

    names = {command.name.split()[1] for command in commands()} | {"PLAN", "--help"}
    words = [
        line.split("cutover ", 1)[1].split()[0].strip("`,.;")
        for line in first_run.WELCOME.splitlines()[1:]
        if "cutover " in line
    ]
    assert words
    assert set(words) <= names | {"journal", "export"}


def test_without_a_terminal_it_stays_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_run, "is_first_run", lambda *_: True)
    assert cli.main([]) == 2


def test_credentials_are_told_by_kind_and_never_by_value(tmp_path: Path) -> None:
    assert credential_sign({}, tmp_path) is None
    for environment, kind in (
        (KEYS, "long-lived access keys"),
        ({**KEYS, "AWS_SESSION_TOKEN": "never-shown"}, "session keys"),
        ({"AWS_WEB_IDENTITY_TOKEN_FILE": "/f"}, "a web identity"),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://x"}, "the container's role"),
    ):
        sign = credential_sign(environment, tmp_path)
        assert sign is not None
        assert sign.kind == kind
        assert "never-shown" not in repr(sign)
        assert "AKIDEXAMPLE" not in repr(sign)
    half = credential_sign({"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"}, tmp_path)
    assert half is not None
    assert half.flaw is not None


def test_an_sso_login_is_read_from_its_cache(tmp_path: Path) -> None:
    aws(
        tmp_path,
        "config",
        "[profile prod]\nsso_session = corp\nrole_arn = x\n[sso-session corp]\nsso_start_url = https://x\n",
    )
    environment = {"AWS_PROFILE": "prod"}
    sign = credential_sign(environment, tmp_path)
    assert sign is not None
    assert sign.flaw == "nobody has logged in yet"
    cache = tmp_path / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    token = {"accessToken": "never-shown", "expiresAt": "2026-11-23T09:00:00UTC"}
    (cache / f"{hashlib.sha1(b'corp').hexdigest()}.json").write_text(json.dumps(token))
    sign = credential_sign(environment, tmp_path)
    assert sign is not None
    assert sign.flaw is None
    assert sign.expires_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert "never-shown" not in repr(sign)


@pytest.mark.parametrize(
    ("config", "flaw"),
    [
        ("[profile prod]\nsso_start_url = https://x\n", "without `sso_session`"),
        ("[profile prod]\nsso_session = gone\n", "no [sso-session gone]"),
        ("[profile other]\nrole_arn = x\n", "no profile prod"),
        ("not [ an ini", "no profile prod"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said(tmp_path: Path, config: str, flaw: str) -> None:
    aws(tmp_path, "config", config)
    sign = credential_sign({"AWS_PROFILE": "prod"}, tmp_path)
    assert sign is not None
    assert flaw in (sign.flaw or "")


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        ("role_arn = x", "an assumed role"),
        ("credential_process = x", "credential_process"),
        ("aws_access_key_id = x", "long-lived access keys"),
    ],
)
def test_a_profile_of_each_kind(tmp_path: Path, config: str, kind: str) -> None:
    aws(tmp_path, "config", f"[default]\n{config}\n")
    sign = credential_sign({}, tmp_path)
    assert sign is not None
    assert sign.kind == kind
