"""Makes payload data fit for the journal: nothing that somebody else answered may keep an event from being written."""

from __future__ import annotations

import math
from typing import Any

EXACT = 2**53
"""RFC 8785 has numbers as IEEE doubles: whole numbers from here on are not sure to come back as they were."""


def storable(value: Any) -> Any:
    """JSON data that has a canonical form which reads back as the same data.

    Whole numbers from 2**53 on become text, NaN and infinities null, lone surrogates question marks.
    """
    match value:
        case dict():
            return {storable(key): storable(item) for key, item in value.items()}
        case list():
            return [storable(item) for item in value]
        case str():
            return value if value.isascii() else value.encode("utf-8", "replace").decode()
        case bool() | None:
            return value
        case int():
            return value if -EXACT < value < EXACT else str(value)
        case float():
            return _number(value)
    return value


def _number(value: float) -> float | str | None:
    if not math.isfinite(value):
        return None
    return str(int(value)) if value.is_integer() and abs(value) >= EXACT else value
