"""Which names and which written forms mean a secret, where the API models leave it unmarked."""

from __future__ import annotations

import re
from typing import Final

REDACTED: Final = "\u2039redacted\u203a"
"""What stands in place of a secret."""

LABEL_KEYS: Final = ("name", "Name", "key", "Key", "ParameterKey", "parameterKey")
VALUE_KEYS: Final = frozenset({"value", "Value", "ParameterValue", "parameterValue"})
"""Pairs such as `{name: DB_PASSWORD, value: …}`: the label decides about the value."""

_SECRET_NAME: Final = re.compile(
    # unmarked in the models of botocore 1.43: STS SessionToken, ECR and CodeArtifact authorizationToken,
    # ElastiCache AuthToken, DocumentDB MasterUserPassword, MQ Password, and about 150 more
    r"(password|passwd|passphrase|pwd|secretaccesskey|secretkey|secretstring|secretbinary|secretvalue|secret|token"
    r"|apikey|privatekey|signingkey|encryptionkey|credentials?|connectionstring|jwt(key)?|keymaterial|tokencode)$"
)
_SECRET_EXACT: Final = frozenset({"plaintext", "authorization"})
_NO_SECRET: Final = re.compile(
    # cursors, locks and idempotency tokens are evidence: with them alone nobody gets in anywhere
    r"((next|previous)[a-z]*|[a-z]*(request|change|updated?|lock|version)|client|creation|continuation|idempotency"
    r"|pagination|page|start|starting|sequence|uploadsequence|marker|lastevaluated|upload|conditional|checkpoint)token$"
)
_HARMLESS: Final = frozenset(
    {"host", "hostname", "endpoint", "address", "port", "engine", "dbname", "database", "username", "user", "region",
     "dbinstanceidentifier", "dbclusteridentifier", "masterarn", "arn", "proxyname", "type", "version"}
)  # fmt: skip

_PUBLIC_MARK: Final = re.compile(
    # marked as sensitive in the models, yet no credential: what they are may be learnt from any other answer
    r"(tags|environment|variables|keyid|kmskeyid|keyarn|encryptioncontext|sql|sqls|initquery|graphqloperation|message"
    r"|phonenumber|email|emailaddress|zipfile|name|description|arn)$"
)

_WORD: Final = (
    r"(?:\w{0,40}?(?:password|passwd|passphrase|secret_?access_?key|session_?token|security_?token|auth_?token"
    r"|authorization_?token|access_?token|refresh_?token|api_?key|private_?key|client_?secret))"
)
_WRITTEN: Final = (
    # "password": "…" in JSON, also when the JSON stands escaped inside JSON, at most four times; every count is
    # bounded, so that no text makes the search slow
    re.compile(
        rf'(\\{{0,15}}"{_WORD}\\{{0,15}}"\s{{0,9}}:\s{{0,9}}\\{{0,15}}")'
        r'((?:[^"\\]|\\(?!\\{0,15}"\s{0,9}[,}\]])(?:.|$))*)',
        re.IGNORECASE | re.DOTALL,
    ),
    # password=… and password: … in messages, connection strings and command lines
    re.compile(
        rf"(\b{_WORD}\s{{0,9}}[=:]\s{{0,9}}['\"]?)(?![\s\"'{{\[$\u2039])([^\s\"',;&}}]+)", re.IGNORECASE
    ),
    # scheme://user:password@host
    re.compile(r"(\b[a-z][a-z0-9+.-]{0,24}://[^\s:/@]{0,128}:)([^\s/@]{1,1024})(?=@)", re.IGNORECASE),
    re.compile(r"(\b(?:Bearer|Basic)\s+)([A-Za-z0-9._~+/=-]{16,})"),
    re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)(.*?)(?=-----END|$)", re.DOTALL),
)


_HINT: Final = re.compile(r"pass|secret|token|api_?key|private|bearer|basic|://", re.IGNORECASE)
"""Without one of these no pattern above finds anything; looking for them is a hundred times faster."""


def is_secret_name(name: str) -> bool:
    """Says whether a member, variable or field of that name holds a secret."""
    folded = re.sub(r"[^a-z0-9]", "", name.lower())
    if _NO_SECRET.search(folded):
        return False
    return folded in _SECRET_EXACT or _SECRET_NAME.search(folded) is not None


def is_harmless_field(name: str) -> bool:
    """Says whether a field of that name inside a secret document is no secret itself, e.g. `host`."""
    return re.sub(r"[^a-z0-9]", "", name.lower()) in _HARMLESS


def is_public_mark(name: str) -> bool:
    """Says whether a member that the models mark holds no credential, so that it is masked only where it stands."""
    return _PUBLIC_MARK.search(re.sub(r"[^a-z0-9]", "", name.lower())) is not None


def mask_written_secrets(text: str) -> str:
    """Masks what a text itself calls a secret: `password=…`, `"apiKey": "…"`, `//user:…@`, private keys."""
    if _HINT.search(text) is None:
        return text
    for pattern in _WRITTEN:
        text = pattern.sub(lambda match: match.group(1) + REDACTED, text)
    return text
