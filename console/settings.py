"""Settings: defaults, then the user's TOML file, then the environment; each value knows where it came from.

The file is `$CUTOVER_CONFIG`, or `config.toml` in the user's configuration folder. It is never written by us.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from console.exit_codes import CommandError
from operations.plan.errors import Place, PlanError
from state.toml_lines import line_of

APP = "cutover"
KEYS = "keys"
"""The table of the settings file that holds the user's keys; `console.keymap` reads it when a console opens."""


class Settings(BaseModel):
    """What a user may set; every field's description is what `cutover config show` and the docs say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: str = Field(
        "dark", description="colour theme: dark, light, high-contrast, colour-blind-safe, ansi-16 or your own"
    )
    link: str = Field(
        "auto", pattern="^(auto|fast|slow)$", description="`slow` spares bytes; `auto` is slow over SSH"
    )
    color: str = Field(
        "auto",
        pattern="^(auto|truecolor|256|16|none)$",
        description="how many colours are sent; `auto`: what the terminal says it has, 256 at most over a slow link",
    )
    mouse: str = Field(
        "auto", pattern="^(auto|on|off)$", description="whether the mouse works; `auto`: not over a slow link"
    )
    plain: bool = Field(
        False, description="open the console as plain lines, for screen readers and broken terminals"
    )
    utc: bool = Field(True, description="show times in UTC; false: in local time; the zone is always shown")
    ascii: bool = Field(False, description="draw with ASCII characters only")
    max_parallel: int | None = Field(
        None, ge=1, le=64, description="operations at once; none: as the plan says"
    )
    idle_minutes: int = Field(15, ge=1, description="minutes without a key before the console disarms itself")
    metrics_seconds: int = Field(
        60,
        ge=0,
        description="seconds between looks at CloudWatch, 60 at least; 0: none until they are asked for",
    )
    drill_speed: float = Field(
        60.0, gt=0, description="plan seconds per second of the clock in a drill's console"
    )
    sandbox_speed: float = Field(600.0, gt=0, description="the same for commands with `--sandbox`")
    read_only: bool = Field(False, description="refuse everything that changes something")
    read_only_profiles: str | None = Field(
        None, description="AWS profiles, with blanks between, such as `prod-*`, under which it is read-only"
    )
    copy_limit: int = Field(
        74_994, ge=1, description="bytes that `y` copies at most; terminals drop what is longer"
    )
    bell: bool = Field(True, description="ring for what ends badly, a breach, a login that is due")
    desktop_notify: bool = Field(True, description="a desktop notification (OSC 9) for the same events")
    notify_urls: SecretStr | None = Field(
        None,
        description="apprise addresses, with blanks between, that runs notify; secrets, so shown nowhere",
    )
    anchor_folder: str | None = Field(
        None, description="folder of signed heads; none: `anchors` in the state folder"
    )
    anchor_syslog: str | None = Field(
        None, description="send signed heads to udp://HOST:PORT or unix:///PATH too"
    )
    anchor_s3: str | None = Field(
        None, description="put signed heads into s3://BUCKET/PREFIX too; it needs Object Lock"
    )
    anchor_s3_days: int = Field(
        365, ge=1, le=36500, description="days for which nobody can delete a head from that bucket"
    )
    login_command: str | None = Field(
        None, description="what logs in to AWS, in words as a shell splits them; none: `aws sso login`"
    )


ENVIRONMENT = {
    "CUTOVER_THEME": "theme",
    "CUTOVER_LINK": "link",
    "CUTOVER_COLOR": "color",
    "CUTOVER_MOUSE": "mouse",
    "CUTOVER_PLAIN": "plain",
    "CUTOVER_UTC": "utc",
    "CUTOVER_ASCII": "ascii",
    "CUTOVER_MAX_PARALLEL": "max_parallel",
    "CUTOVER_IDLE_MINUTES": "idle_minutes",
    "CUTOVER_METRICS_SECONDS": "metrics_seconds",
    "CUTOVER_DRILL_SPEED": "drill_speed",
    "CUTOVER_SANDBOX_SPEED": "sandbox_speed",
    "CUTOVER_READ_ONLY": "read_only",
    "CUTOVER_READ_ONLY_PROFILES": "read_only_profiles",
    "CUTOVER_COPY_LIMIT": "copy_limit",
    "CUTOVER_BELL": "bell",
    "CUTOVER_DESKTOP_NOTIFY": "desktop_notify",
    "CUTOVER_NOTIFY_URLS": "notify_urls",
    "CUTOVER_ANCHOR_FOLDER": "anchor_folder",
    "CUTOVER_ANCHOR_SYSLOG": "anchor_syslog",
    "CUTOVER_ANCHOR_S3": "anchor_s3",
    "CUTOVER_ANCHOR_S3_DAYS": "anchor_s3_days",
    "CUTOVER_LOGIN_COMMAND": "login_command",
}
"""Which environment variable sets which field."""


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings and, by field, where each value came from; `keys` is the table `[keys]`, not yet looked at."""

    values: Settings
    origins: Mapping[str, str]
    file: Path
    keys: Mapping[str, Any] = field(default_factory=dict)


def load_settings(environment: Mapping[str, str]) -> LoadedSettings:
    """Read the settings.

    Raises:
        PlanError: the file is not TOML or holds something unknown.
        CommandError: an environment variable has a value that does not fit.
    """
    file = config_file(environment)
    found = _from_file(file)
    keys = found.pop(KEYS, {})
    origins = dict.fromkeys(Settings.model_fields, "default") | dict.fromkeys(found, str(file))
    for variable, name in ENVIRONMENT.items():
        if environment.get(variable):
            found[name], origins[name] = environment[variable], variable
    try:
        loaded = LoadedSettings(Settings.model_validate(found), origins, file, keys)
    except ValidationError as error:
        raise _invalid(error, origins, file) from error
    return _by_profile(loaded, environment)


def _by_profile(loaded: LoadedSettings, environment: Mapping[str, str]) -> LoadedSettings:
    """Read-only under some profiles, whatever else is set: the stricter word counts."""
    profile = environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE") or "default"
    patterns = (loaded.values.read_only_profiles or "").split()
    if loaded.values.read_only or not any(fnmatchcase(profile, pattern) for pattern in patterns):
        return loaded
    values = loaded.values.model_copy(update={"read_only": True})
    return replace(loaded, values=values, origins={**loaded.origins, "read_only": f"profile {profile}"})


def with_options(loaded: LoadedSettings, options: Mapping[str, str | bool | None]) -> LoadedSettings:
    """The settings as a command's options have them; None leaves one as it is.

    Raises:
        CommandError: an option has a value that does not fit.
    """
    given = {name: value for name, value in options.items() if value is not None}
    origins = {**loaded.origins, **{name: f"--{name.replace('_', '-')}" for name in given}}
    try:
        values = Settings.model_validate({**loaded.values.model_dump(), **given})
    except ValidationError as error:
        detail = error.errors()[0]
        raise CommandError(f"--{detail['loc'][0]}: {detail['msg']}") from error
    return replace(loaded, values=values, origins=origins)


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"not TOML: {error}", Place(file), "mend the file") from error
    except UnicodeDecodeError as error:
        raise PlanError("not UTF-8 text", Place(file), "mend the file") from error
    except OSError as error:
        raise PlanError(f"cannot be read: {error.strerror}", Place(file)) from error


def _invalid(error: ValidationError, origins: Mapping[str, str], file: Path) -> Exception:
    detail = error.errors()[0]
    name = str(detail["loc"][0])
    origin = origins.get(name, str(file))
    if origin in ENVIRONMENT:
        return CommandError(f"{origin}: {detail['msg']}")
    near = difflib.get_close_matches(name, [*Settings.model_fields, KEYS], n=1)
    known = f"did you mean `{near[0]}`?" if near else f"known settings: {', '.join(Settings.model_fields)}"
    if detail["type"] == "extra_forbidden":
        return PlanError(f"there is no setting `{name}`", place_of(file, name), known)
    return PlanError(f"setting `{name}`: {detail['msg']}", place_of(file, name))


def place_of(file: Path, key: str, table: str = "") -> Place:
    """Where a key stands in the settings file."""
    try:
        return Place(file, line_of(file.read_text(encoding="utf-8"), key, table))
    except OSError:
        return Place(file)


def config_file(environment: Mapping[str, str]) -> Path:
    """The user's settings file, whether it exists or not."""
    if environment.get("CUTOVER_CONFIG"):
        return Path(environment["CUTOVER_CONFIG"])
    from platformdirs import user_config_path

    folder = environment.get("XDG_CONFIG_HOME")
    return (Path(folder) / APP if folder else user_config_path(APP)) / "config.toml"


def state_folder(environment: Mapping[str, str]) -> Path:
    """Where journals live: `$XDG_STATE_HOME/cutover`, or the system's own place for state."""
    from platformdirs import user_state_path

    folder = environment.get("XDG_STATE_HOME")
    return Path(folder) / APP if folder else user_state_path(APP)


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Where what can be made again lies: `$XDG_CACHE_HOME/cutover`, or the system's own place for caches."""
    from platformdirs import user_cache_path

    folder = environment.get("XDG_CACHE_HOME")
    return Path(folder) / APP if folder else user_cache_path(APP)


def is_slow_link(settings: Settings, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether bytes should be spared: asked for, or `auto` over SSH."""
    if settings.link == "auto":
        return bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"))
    return settings.link == "slow"
