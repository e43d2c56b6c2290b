"""Settings: defaults, file, environment, and where each value came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.exit_codes import CommandError
from console.settings import is_slow_link, load_settings, state_folder, with_options
from operations.plan.errors import PlanError


def test_the_environment_goes_before_the_file_before_the_default(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('theme = "light"\nidle_minutes = 5\n')
    loaded = load_settings({"CUTOVER_CONFIG": str(file), "CUTOVER_IDLE_MINUTES": "7"})
    assert (loaded.values.theme, loaded.values.idle_minutes, loaded.values.utc) == ("light", 7, True)
    assert (loaded.origins["theme"], loaded.origins["idle_minutes"], loaded.origins["utc"]) == (
        str(file),
        "CUTOVER_IDLE_MINUTES",
        "default",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [("theme = ", "not TOML"), ("qqq = 'x'", "known settings"), ("idle_minutes = 0", "idle_minutes")],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text)
    with pytest.raises(PlanError, match=words) as caught:
        load_settings({"CUTOVER_CONFIG": str(file)})
    assert str(file) in str(caught.value)


def test_a_bad_variable_is_named() -> None:
    with pytest.raises(CommandError, match="CUTOVER_LINK"):
        load_settings({"CUTOVER_LINK": "medium", "CUTOVER_CONFIG": "/nonexistent"})


@pytest.mark.parametrize(
    ("environment", "slow"),
    [
        ({}, False),
        ({"SSH_CONNECTION": "a"}, True),
        ({"SSH_CONNECTION": "a", "CUTOVER_LINK": "fast"}, False),
        ({"CUTOVER_LINK": "slow"}, True),
    ],
)
def test_a_link_is_slow_over_ssh_unless_said_otherwise(environment: dict[str, str], slow: bool) -> None:
    settings = load_settings({**environment, "CUTOVER_CONFIG": "/nonexistent"}).values
    assert is_slow_link(settings, environment) is slow


def test_journals_live_in_the_state_folder() -> None:
    assert state_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/cutover")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("utc = true\nthema = 'x'", ":2: there is no setting `thema`; did you mean `theme`?"),
        ("utc = true\n\nidle_minutes = 0", ":3: setting `idle_minutes`"),
        ("color = 'many'", ":1: setting `color`"),
        ("key = {}", ":1: there is no setting `key`; did you mean `keys`?"),
    ],
)
def test_a_bad_setting_is_named_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text)
    with pytest.raises(PlanError) as caught:
        load_settings({"CUTOVER_CONFIG": str(file)})
    assert words in str(caught.value)


def test_an_option_goes_before_everything_for_this_once() -> None:
    loaded = load_settings({"CUTOVER_LINK": "fast", "CUTOVER_CONFIG": "/nonexistent"})
    changed = with_options(loaded, {"link": "slow", "color": None, "plain": True})
    assert (changed.values.link, changed.values.color, changed.values.plain) == ("slow", "auto", True)
    assert (changed.origins["link"], changed.origins["color"]) == ("--link", "default")


@pytest.mark.parametrize(
    ("profile", "read_only"), [("prod-eu", True), ("audit", True), ("dev", False), (None, False)]
)
def test_some_profiles_are_always_read_only(profile: str | None, read_only: bool) -> None:
    """Whatever else says otherwise: the stricter word counts."""
    environment = {
        "CUTOVER_CONFIG": "/nonexistent",
        "CUTOVER_READ_ONLY_PROFILES": "prod-* audit",
        "CUTOVER_READ_ONLY": "false",
    }
    if profile is not None:
        environment["AWS_PROFILE"] = profile
    loaded = load_settings(environment)
    assert loaded.values.read_only is read_only
    assert (loaded.origins["read_only"] == f"profile {profile}") is read_only


def test_the_option_read_only_is_told_as_it_is_typed() -> None:
    changed = with_options(load_settings({"CUTOVER_CONFIG": "/nonexistent"}), {"read_only": True})
    assert changed.values.read_only
    assert changed.origins["read_only"] == "--read-only"


def test_the_file_is_never_written(tmp_path: Path) -> None:
    """Neither made nor touched, byte for byte, by anything that reads it."""
    file = tmp_path / "c.toml"
    load_settings({"CUTOVER_CONFIG": str(file)})
    assert not file.exists()
    file.write_text('# mine\ntheme="light"   # so\n')
    file.chmod(0o400)
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    with_options(load_settings({"CUTOVER_CONFIG": str(file)}), {"theme": "dark"})
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
