"""RFC 8785, JSON's canonical form: written, recognised, and read back, mostly at a fraction of the time of the long way.

The long way is `rfc8785.dumps`. The short ones are taken only for what they surely write as it does: keys in ASCII, where
Unicode's order is UTF-16's; whole numbers below 10**15; fractions that no writer puts an exponent to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from json import encoder
from typing import Any

import rfc8785
from pydantic_core import from_json, to_json

_WHOLE = 10**15
"""A whole number below it is exact as an IEEE double, and written in digits."""
_LEAST = 1e-4
"""A fraction from it to 10**15 has the same shortest digits in Python, Rust and ECMAScript, and no exponent in any of them."""
_PROVEN_MOST, _PROVEN_LENGTH = 4096, 512
_proven: set[str] = set()
"""Short texts that were found to be canonical: a journal of looks at the same thing says the same over and over."""
_ordered: set[tuple[str, ...]] = set()
"""Keys that were found to stand in their order: events of a kind have the same ones."""

quoted: Callable[[str], str] = encoder.encode_basestring
"""A string as RFC 8785 has it."""


def canonical(data: Mapping[str, Any] | Sequence[Any]) -> str:
    """The RFC 8785 form of JSON data.

    Raises:
        rfc8785.CanonicalizationError: a number beyond 2**53 or not finite, or a value that is not JSON.
    """
    try:
        text = _sorted_writer(_plain_copy(data))
        text.encode()
    except (ValueError, RecursionError):
        return rfc8785.dumps(data).decode()
    return text


def is_canonical(text: str) -> bool:
    """Whether JSON text is in RFC 8785 form.

    Raises:
        ValueError: it is not JSON, or has no such form.
        RecursionError: it is nested too deeply.
    """
    if text in _proven:
        return True
    if not _is_plain(text) and rfc8785.dumps(json.loads(text)).decode() != text:
        return False
    if len(text) <= _PROVEN_LENGTH:
        if len(_proven) >= _PROVEN_MOST:
            _proven.clear()
        _proven.add(text)
    return True


def decoded(text: str) -> Any:
    """What JSON text says, as `json.loads` reads it, in a third of the time.

    Raises:
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    try:
        return from_json(text)
    except (ValueError, TypeError):
        return json.loads(text)


def _is_plain(text: str) -> bool:
    """Whether text is in RFC 8785 form beyond doubt; what is not may be all the same."""
    try:
        value = from_json(text, cache_strings="keys")
        return to_json(value) == text.encode() and _are_plain((value,))
    except (ValueError, TypeError):  # a TypeError: a lone surrogate, of a byte that is no text
        return False


def _are_plain(values: Iterable[Any]) -> bool:
    """Whether values out of JSON are written alike by all: numbers without an exponent, keys in order as they stand."""
    for value in values:
        kind = type(value)
        if kind is str or value is None or kind is bool:
            continue
        if kind is int:
            if not -_WHOLE < value < _WHOLE:
                return False
        elif kind is float:
            if not _LEAST <= abs(value) < _WHOLE or value.is_integer():
                return False
        elif kind is dict:
            if not (_in_order(tuple(value)) and _are_plain(value.values())):
                return False
        elif not _are_plain(value):
            return False
    return True


def _in_order(keys: tuple[str, ...]) -> bool:
    if keys in _ordered:
        return True
    if list(keys) != sorted(keys) or not all(map(str.isascii, keys)):
        return False
    if len(_ordered) >= _PROVEN_MOST:
        _ordered.clear()
    _ordered.add(keys)
    return True


def _plain_copy(value: Any) -> Any:
    """Data as the short way writes it canonically: whole numbers as such.

    Raises:
        ValueError: there is something in it that only the long way is sure to write.
    """
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value
    if kind is dict:
        if not all(type(key) is str and key.isascii() for key in value):
            raise ValueError("a key that may sort otherwise")
        return {key: _plain_copy(each) for key, each in value.items()}
    if kind is list:
        return [_plain_copy(each) for each in value]
    if kind is float and value.is_integer():
        value = int(value)
    if kind in (int, float) and (value == 0 or _LEAST <= abs(value) < _WHOLE):
        return value
    raise ValueError("a number with an exponent, or no JSON")


def _not_json(_: Any) -> Any:
    raise ValueError("not JSON")


def _make_sorted_writer() -> Callable[[Any], str]:
    """JSON's own encoder, made once: `JSONEncoder.encode` makes it anew for every text."""
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return json.JSONEncoder(
            sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        ).encode
    write = make(None, _not_json, quoted, None, ":", ",", True, False, False)
    return lambda value: "".join(write(value, 0))


_sorted_writer = _make_sorted_writer()
