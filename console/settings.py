"""Settings: defaults, then the user's TOML file, then the environment; each value knows where it came from.

The file is `$CUTOVER_CONFIG`, or `config.toml` in the user's configuration folder. It is never written by us.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from console.exit_codes import CommandError
from operations.plan.errors import Place, PlanError

APP = "cutover"


class Settings(BaseModel):
    """What a user may set; every field's description is what `cutover config show` and the docs say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: str = Field(
        "dark", description="colour theme: dark, light, high-contrast, colour-blind-safe, ansi-16 or your own"
    )
    link: str = Field(
        "auto", pattern="^(auto|fast|slow)$", description="`slow` spares bytes; `auto` is slow over SSH"
    )
    utc: bool = Field(True, description="show times in UTC; false: in local time; the zone is always shown")
    ascii: bool = Field(False, description="draw with ASCII characters only")
    max_parallel: int | None = Field(
        None, ge=1, le=64, description="operations at once; none: as the plan says"
    )
    idle_minutes: int = Field(15, ge=1, description="minutes without a key before the console disarms itself")
    metrics_seconds: int = Field(60, ge=5, description="seconds between looks at CloudWatch")
    drill_speed: float = Field(
        60.0, gt=0, description="plan seconds per second of the clock in a drill's console"
    )
    sandbox_speed: float = Field(600.0, gt=0, description="the same for commands with `--sandbox`")
    read_only: bool = Field(False, description="refuse everything that changes something")
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
    "CUTOVER_UTC": "utc",
    "CUTOVER_ASCII": "ascii",
    "CUTOVER_MAX_PARALLEL": "max_parallel",
    "CUTOVER_IDLE_MINUTES": "idle_minutes",
    "CUTOVER_METRICS_SECONDS": "metrics_seconds",
    "CUTOVER_DRILL_SPEED": "drill_speed",
    "CUTOVER_SANDBOX_SPEED": "sandbox_speed",
    "CUTOVER_READ_ONLY": "read_only",
    "CUTOVER_ANCHOR_FOLDER": "anchor_folder",
    "CUTOVER_ANCHOR_SYSLOG": "anchor_syslog",
    "CUTOVER_ANCHOR_S3": "anchor_s3",
    "CUTOVER_ANCHOR_S3_DAYS": "anchor_s3_days",
    "CUTOVER_LOGIN_COMMAND": "login_command",
}
"""Which environment variable sets which field."""


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings and, by field, where each value came from."""

    values: Settings
    origins: Mapping[str, str]
    file: Path


def load_settings(environment: Mapping[str, str]) -> LoadedSettings:
    """Read the settings.

    Raises:
        PlanError: the file is not TOML or holds something unknown.
        CommandError: an environment variable has a value that does not fit.
    """
    file = config_file(environment)
    found = _from_file(file)
    origins = dict.fromkeys(Settings.model_fields, "default") | dict.fromkeys(found, str(file))
    for variable, field in ENVIRONMENT.items():
        if environment.get(variable):
            found[field], origins[field] = environment[variable], variable
    try:
        return LoadedSettings(Settings.model_validate(found), origins, file)
    except ValidationError as error:
        raise _invalid(error, origins, file) from error


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"not TOML: {error}", Place(file), "mend the file") from error
    except OSError as error:
        raise PlanError(f"cannot be read: {error.strerror}", Place(file)) from error


def _invalid(error: ValidationError, origins: Mapping[str, str], file: Path) -> Exception:
    detail = error.errors()[0]
    field = str(detail["loc"][0])
    origin = origins.get(field, str(file))
    if origin in ENVIRONMENT:
        return CommandError(f"{origin}: {detail['msg']}")
    known = ", ".join(Settings.model_fields)
    fix = f"known settings: {known}" if detail["type"] == "extra_forbidden" else None
    return PlanError(f"setting `{field}`: {detail['msg']}", Place(file), fix)


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


def is_slow_link(settings: Settings, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether bytes should be spared: asked for, or `auto` over SSH."""
    if settings.link == "auto":
        return bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"))
    return settings.link == "slow"
