"""How long the credentials in use still live, and how to notice that somebody has logged in."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any


class Ends(Enum):
    """What is known about the end of credentials."""

    NEVER = "no end"
    AT = "known"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class CredentialLife:
    """How long credentials live.

    Attributes:
        source: where they come from, in words.
        ends: what is known about their end.
        expires_at: when they end, in UTC; None unless `ends` is AT.
        renewable: whether new ones are fetched before that without anybody logging in.
    """

    source: str
    ends: Ends
    expires_at: datetime | None = None
    renewable: bool = False

    def minutes_left(self, now: datetime) -> float | None:
        """Minutes until a person has to log in again; None where that is never or not known."""
        if self.expires_at is None or self.renewable:
            return None
        return max(0.0, (self.expires_at - now).total_seconds() / 60)


MADE_UP = CredentialLife("made up for a sandbox", Ends.NEVER)
_SOURCES = {
    "env": "the environment",
    "shared-credentials-file": "the credentials file",
    "config-file": "the configuration file",
    "custom-process": "credential_process",
    "assume-role": "an assumed role",
    "assume-role-with-web-identity": "a web identity",
    "sso": "IAM Identity Center (SSO)",
    "login": "aws login",
    "container-role": "the container",
    "iam-role": "the instance",
}
_RENEWED = {"custom-process", "assume-role-with-web-identity", "login", "container-role", "iam-role"}


async def life_of(credentials: Any) -> CredentialLife:
    """The life of botocore's credentials; fetches them first where that has not been done yet.

    Raises:
        what botocore raises when they cannot be fetched.
    """
    frozen = await credentials.get_frozen_credentials()
    method = str(getattr(credentials, "method", ""))
    source = _SOURCES.get(method, method or "somewhere")
    expiry: datetime | None = getattr(credentials, "_expiry_time", None)
    if expiry is None:
        return CredentialLife(source, Ends.UNKNOWN if frozen.token else Ends.NEVER)
    expiry = expiry.astimezone(UTC)
    fetcher = getattr(getattr(credentials, "_refresh_using", None), "__self__", None)
    if method == "sso":
        return _life_of_sso(source, expiry, fetcher)
    behind = getattr(fetcher, "_source_credentials", None)
    if method == "assume-role" and behind is not None:
        return _life_of_role(source, expiry, await life_of(behind))
    return CredentialLife(source, Ends.AT, expiry, method in _RENEWED)


def _life_of_role(source: str, expiry: datetime, behind: CredentialLife) -> CredentialLife:
    """A role is assumed again as long as the credentials behind it live."""
    named = f"{source}, from {behind.source}"
    if behind.ends is Ends.AT and not behind.renewable:
        return CredentialLife(named, Ends.AT, max(expiry, behind.expires_at or expiry))
    if behind.ends is Ends.UNKNOWN:
        return CredentialLife(named, Ends.UNKNOWN)
    return CredentialLife(named, Ends.AT, expiry, renewable=True)


def _life_of_sso(source: str, expiry: datetime, fetcher: Any) -> CredentialLife:
    """Role credentials are fetched anew while the login's token lives; some tokens are renewed as well."""
    token = _sso_token(fetcher)
    if "refreshToken" in token and "registrationExpiresAt" in token:
        return CredentialLife(source, Ends.AT, expiry, renewable=True)
    until = _moment(token.get("expiresAt"))
    return CredentialLife(source, Ends.AT, max(expiry, until) if until else expiry)


def _sso_token(fetcher: Any) -> dict[str, Any]:
    from botocore.exceptions import BotoCoreError

    session = getattr(fetcher, "_sso_session_name", None)
    with suppress(BotoCoreError, OSError, ValueError, AttributeError, TypeError):
        load, start_url = (getattr(fetcher, name) for name in ("_token_loader", "_start_url"))
        return dict(load(start_url, session_name=session))
    return {}


def _moment(text: object) -> datetime | None:
    with suppress(ValueError, TypeError):
        moment = datetime.fromisoformat(str(text).replace("UTC", "+00:00"))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def traces(session: Any) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every file that a login changes, to notice one without reading it."""
    names: list[Path] = [
        Path(str(session.get_config_variable(variable))).expanduser()
        for variable in ("config_file", "credentials_file")
    ]
    cache = Path("~/.aws/sso/cache").expanduser()
    with suppress(OSError):
        names += sorted(cache.glob("*.json"))
    return tuple(_stamps(names))


def _stamps(files: Iterable[Path]) -> Iterable[tuple[str, int, int]]:
    for file in files:
        with suppress(OSError):
            found = file.stat()
            yield str(file), found.st_mtime_ns, found.st_size
