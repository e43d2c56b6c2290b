"""Turns what an AWS client returns into data that the journal's canonical JSON accepts."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_EXACT: Final = 2**53
"""RFC 8785 has numbers as IEEE doubles: from here on integers lose digits, so they are written as strings."""
_MAX_DEPTH: Final = 128


def jsonable(value: object) -> Json:
    """Returns JSON data for any value and never fails.

    Times become RFC 3339 in UTC, bytes text (`base64:…` where they are no UTF-8), decimals and integers beyond 2**53
    strings, NaN and infinities null. A stream is not read: it becomes a mark that says so. Anything else becomes its type's
    name, never its `repr`, which could hold a secret.
    """
    return _convert(value, 0)


def _convert(value: object, depth: int) -> Json:
    if depth > _MAX_DEPTH:
        return _mark("too deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _convert(value.value, depth + 1)
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        return {_clean(str(key)): _convert(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_convert(item, depth + 1) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_convert(item, depth + 1) for item in value), key=str)
    return _other(value)


def _other(value: object) -> Json:
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return _bytes(bytes(value))
    if hasattr(value, "read"):
        return _mark("stream")
    return _mark(type(value).__name__)


def _mark(what: str) -> str:
    return f"\u2039{what}\u203a"


def _number(value: float | Decimal) -> Json:
    if isinstance(value, int):
        return int(value) if -_EXACT < value < _EXACT else str(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        whole = value == value.to_integral_value() and abs(value) < _EXACT
        return int(value) if whole else str(value)
    return value if math.isfinite(value) else None


def _bytes(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(raw).decode()


def _clean(text: str) -> str:
    """Replaces lone surrogates, which no UTF-8 journal can hold."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text
