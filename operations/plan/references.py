"""`${…}` in a plan: what a value refers to, and the value with its references filled in.

`${name}` is a built-in, an input or a value saved by the same operation; `${operation.name}` a value that an
operation it depends on has saved. `${x#text}` is what follows the first `text`; `${now-10m}` a UTC time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from operations.plan.errors import ReferenceProblem

JSON_WRAPPER = "$json"
BUILT_INS = ("account_id", "region", "run_id", "now")
_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_INNER = re.compile(
    r"^(?:(?P<operation>[a-z0-9][a-z0-9-]*)\.)?(?P<name>[a-z][a-z0-9_]*)"
    r"(?:-(?P<back>[0-9]{1,6})(?P<unit>[smhd]))?(?:#(?P<after>.+))?$"
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Reference:
    """One `${…}`: `back_seconds` shifts `now` into the past, `after` cuts up to and with that text."""

    text: str
    name: str
    operation: str | None = None
    after: str | None = None
    back_seconds: int = 0

    def __str__(self) -> str:
        return "${" + self.text + "}"


Lookup = Callable[[Reference], Any]
"""Gives the value of a reference; raises ReferenceProblem when there is none."""


def parse_reference(inner: str) -> Reference:
    """The reference inside `${` and `}`.

    Raises:
        ReferenceProblem: it is not of a form that the plan format knows.
    """
    match = _INNER.match(inner)
    if match is None:
        raise ReferenceProblem(
            f"cannot read the reference ${{{inner}}}", None, "write ${name} or ${operation.name}"
        )
    back = int(match["back"] or 0) * _SECONDS[match["unit"] or "s"]
    if back and match["name"] != "now":
        raise ReferenceProblem(f"${{{inner}}}: only `now` can be moved back")
    return Reference(inner, match["name"], match["operation"], match["after"], back)


def references_in(value: Any) -> Iterator[Reference]:
    """Every reference in a value of any shape, in reading order.

    Raises:
        ReferenceProblem: one of them cannot be read.
    """
    if isinstance(value, str):
        for match in _REFERENCE.finditer(value):
            yield parse_reference(match[1])
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from references_in(key)
            yield from references_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from references_in(item)


def fill(value: Any, lookup: Lookup) -> Any:
    """The value with every reference filled in and every `{$json: …}` serialised.

    A string that is one reference keeps the type of what it refers to; inside a longer string it is text.

    Raises:
        ReferenceProblem: from `lookup`, or a reference that cannot be read.
    """
    if isinstance(value, str):
        return _fill_text(value, lookup)
    if isinstance(value, dict):
        if set(value) == {JSON_WRAPPER}:
            return json.dumps(fill(value[JSON_WRAPPER], lookup), separators=(",", ":"), ensure_ascii=False)
        return {_fill_text(key, lookup): fill(item, lookup) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [fill(item, lookup) for item in value]
    return value


def _fill_text(text: str, lookup: Lookup) -> Any:
    whole = _REFERENCE.fullmatch(text)
    if whole:
        return _value(parse_reference(whole[1]), lookup)
    return _REFERENCE.sub(lambda match: as_text(_value(parse_reference(match[1]), lookup)), text)


def _value(reference: Reference, lookup: Lookup) -> Any:
    value = lookup(reference)
    if reference.after is None:
        return value
    text = as_text(value)
    _, found, rest = text.partition(reference.after)
    if not found:
        raise ReferenceProblem(f"{reference}: no {reference.after!r} in {text!r}")
    return rest


def as_text(value: Any) -> str:
    """A value inside a longer string: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def time_text(now: datetime, reference: Reference) -> str:
    """The time that `${now}` or `${now-10m}` stands for, RFC 3339 with `Z`, whole seconds."""
    return (now - timedelta(seconds=reference.back_seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def fill_arguments(command: Sequence[str], lookup: Lookup) -> tuple[str, ...]:
    """The argument vector; every value stays one argument, and none becomes an option that the plan does not write.

    Raises:
        ReferenceProblem: a value at the start of an argument begins with `-`, before any `--` of the plan's own.
    """
    filled: list[str] = []
    for written in command:
        argument = as_text(fill(written, lookup))
        if written.startswith("${") and argument.startswith("-") and "--" not in filled:
            raise ReferenceProblem(
                f"{written}: the value begins with `-`, so the command would take it for an option",
                None,
                "write it behind an option's name, as in `--name=${…}`, or after a `--`",
            )
        filled.append(argument)
    return tuple(filled)
