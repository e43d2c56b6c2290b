"""Which credentials an environment points at, told from names and files alone: nothing is fetched, no secret is read out.

botocore looks in the same order: the environment, web identity, SSO, the credentials file, `credential_process`,
the configuration file, the container, the instance (AWS SDKs and Tools Reference Guide, "credential provider chain").
"""

from __future__ import annotations

import configparser
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

CONTAINER = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")


@dataclass(frozen=True, slots=True)
class CredentialSign:
    """What credentials there seem to be.

    Attributes:
        kind: in words, such as `IAM Identity Center (SSO)`.
        where: the variable or file that says so.
        expires_at: when a person has to log in again, None where that is not written anywhere.
        flaw: what is wrong with them, None when nothing is seen.
    """

    kind: str
    where: str
    expires_at: datetime | None = None
    flaw: str | None = None


def credential_sign(environment: Mapping[str, str], home: Path) -> CredentialSign | None:
    """What an environment and a home folder show of credentials; None when there is no trace of any."""
    if environment.get("AWS_ACCESS_KEY_ID"):
        kind = "session keys" if environment.get("AWS_SESSION_TOKEN") else "long-lived access keys"
        flaw = None if environment.get("AWS_SECRET_ACCESS_KEY") else "AWS_SECRET_ACCESS_KEY is not set"
        return CredentialSign(kind, "the environment", None, flaw)
    if environment.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        return CredentialSign("a web identity", "AWS_WEB_IDENTITY_TOKEN_FILE")
    found = _in_files(environment, home)
    if found is not None:
        return found
    for variable in CONTAINER:
        if environment.get(variable):
            return CredentialSign("the container's role", variable)
    return None


def _in_files(environment: Mapping[str, str], home: Path) -> CredentialSign | None:
    profile = environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE") or "default"
    config = Path(environment.get("AWS_CONFIG_FILE") or home / ".aws" / "config").expanduser()
    shared = Path(
        environment.get("AWS_SHARED_CREDENTIALS_FILE") or home / ".aws" / "credentials"
    ).expanduser()
    read = _parsed(config)
    section = "default" if profile == "default" else f"profile {profile}"
    settings = dict(read[section]) if read.has_section(section) else {}
    keys = _parsed(shared)
    own = dict(keys[profile]) if keys.has_section(profile) else {}
    where = f"{config}, profile {profile}"
    if "sso_session" in settings or "sso_start_url" in settings:
        return _sso(settings, read, home, where)
    if "role_arn" in settings:
        return CredentialSign("an assumed role", where)
    if "aws_access_key_id" in own:
        kind = "session keys" if "aws_session_token" in own else "long-lived access keys"
        return CredentialSign(kind, f"{shared}, profile {profile}")
    if "credential_process" in settings or "credential_process" in own:
        return CredentialSign("credential_process", where)
    if "aws_access_key_id" in settings:
        return CredentialSign("long-lived access keys", where)
    if "login_session" in settings:
        return CredentialSign("aws login", where)
    if profile != "default":
        return CredentialSign(
            "none", where, None, f"no profile {profile} with credentials in {config} or {shared}"
        )
    return None


def _sso(
    settings: Mapping[str, Any], read: configparser.RawConfigParser, home: Path, where: str
) -> CredentialSign:
    """SSO keeps its token in a file named after the SHA-1 of the session's name, or in older set-ups of its URL."""
    session = settings.get("sso_session")
    named = str(session or settings.get("sso_start_url", ""))
    file = (
        home
        / ".aws"
        / "sso"
        / "cache"
        / f"{hashlib.sha1(named.encode(), usedforsecurity=False).hexdigest()}.json"
    )
    until = _until(file)
    flaw = None
    if session is None:
        flaw = "an SSO profile without `sso_session` cannot be renewed; `aws configure sso` makes a new one"
    elif not read.has_section(f"sso-session {session}"):
        flaw = f"there is no [sso-session {session}]"
    elif until is None:
        flaw = "nobody has logged in yet"
    return CredentialSign("IAM Identity Center (SSO)", where, until, flaw)


def _until(file: Path) -> datetime | None:
    with suppress(OSError, ValueError, TypeError, AttributeError):
        token = json.loads(file.read_text(encoding="utf-8"))
        moment = datetime.fromisoformat(str(token.get("expiresAt")).replace("UTC", "+00:00"))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _parsed(file: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(default_section="", strict=False)
    with suppress(OSError, configparser.Error, UnicodeDecodeError):
        parser.read_string(file.read_text(encoding="utf-8"))
    return parser
