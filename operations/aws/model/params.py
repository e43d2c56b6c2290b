"""Checks a call's parameters against the shape of its input, unresolved references included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from operations.aws.model import names, patterns
from operations.aws.model.shapes import Shape, enum_of, is_document
from operations.aws.model.types import Rule, ShapeProblem
from operations.aws.model.unknown import UNKNOWN, PartlyKnown

_WORDS = {
    "structure": "a mapping",
    "map": "a mapping",
    "list": "a list",
    "string": "text",
    "integer": "a whole number",
    "long": "a whole number",
    "float": "a number",
    "double": "a number",
    "boolean": "true or false",
    "blob": "text or bytes",
    "timestamp": "a time",
}


def problems(shape: Shape | None, params: Mapping[str, object]) -> list[ShapeProblem]:
    """Returns everything that is surely wrong with `params`, in the order in which they are written.

    Args:
        shape: The input shape of the call; None for a call without parameters.
        params: The parameters; `UNKNOWN` and `PartlyKnown` stand where references are unresolved.
    """
    check = _Check()
    if shape is None:
        for name in params:
            check.report(name, "this call takes no parameters", Rule.UNKNOWN_MEMBER)
    else:
        check.value(dict(params), shape, "")
    return check.found


class _Check:
    """One walk over a value and its shape together."""

    def __init__(self) -> None:
        self.found: list[ShapeProblem] = []
        self._by_type: dict[str, Callable[[object, Shape, str], None]] = {
            "structure": self._structure,
            "list": self._list,
            "map": self._map,
            "string": self._string,
            "integer": self._number,
            "long": self._number,
            "float": self._number,
            "double": self._number,
            "boolean": self._boolean,
            "blob": self._blob,
            "timestamp": self._timestamp,
        }

    def report(self, path: str, message: str, rule: Rule) -> None:
        self.found.append(ShapeProblem(path, message, rule))

    def value(self, value: object, shape: Shape, path: str) -> None:
        if value is UNKNOWN or shape.serialization.get("jsonvalue"):
            return
        if isinstance(value, PartlyKnown) and shape.type_name in {"string", "blob", "timestamp"}:
            return
        if is_document(shape):
            self._document(value, path)
        else:
            self._by_type[shape.type_name](value, shape, path)

    def _wrong_type(self, value: object, shape: Shape, path: str) -> None:
        self.report(path, f"must be {_WORDS[shape.type_name]}, is {_kind(value)}", Rule.TYPE)

    def _structure(self, value: object, shape: Shape, path: str) -> None:
        if not isinstance(value, Mapping):
            return self._wrong_type(value, shape, path)
        members = shape.members
        if shape.is_tagged_union and len(value) != 1:
            self.report(path, f"must have exactly one of: {', '.join(members)}", Rule.UNION)
        for required in shape.required_members:
            if required not in value:
                self.report(_join(path, required), "is required", Rule.MISSING)
        for name, item in value.items():
            if name in members:
                self.value(item, members[name], _join(path, name))
            else:
                self.report(_join(path, str(name)), _unknown_member(str(name), members), Rule.UNKNOWN_MEMBER)
        return None

    def _list(self, value: object, shape: Shape, path: str) -> None:
        if not isinstance(value, list | tuple):
            return self._wrong_type(value, shape, path)
        self._bounds(len(value), shape, path, " items", Rule.LENGTH)
        for index, item in enumerate(value):
            self.value(item, shape.member, f"{path}[{index}]")
        return None

    def _map(self, value: object, shape: Shape, path: str) -> None:
        if not isinstance(value, Mapping):
            return self._wrong_type(value, shape, path)
        self._bounds(len(value), shape, path, " entries", Rule.LENGTH)
        for key, item in value.items():
            self.value(key, shape.key, _join(path, str(key)))
            self.value(item, shape.value, _join(path, str(key)))
        return None

    def _string(self, value: object, shape: Shape, path: str) -> None:
        if not isinstance(value, str):
            return self._wrong_type(value, shape, path)
        allowed = enum_of(shape)
        if allowed and value not in allowed:
            return self.report(path, _not_in_enum(value, allowed), Rule.ENUM)
        self._bounds(len(value), shape, path, " characters", Rule.LENGTH)
        pattern = shape.metadata.get("pattern")
        if pattern and not allowed and patterns.breaks(str(pattern), value):
            shown = "its value" if shape.metadata.get("sensitive") else repr(value[:80])
            self.report(path, f"{shown} does not match {pattern}", Rule.PATTERN)
        return None

    def _number(self, value: object, shape: Shape, path: str) -> None:
        whole = shape.type_name in {"integer", "long"}
        fits = isinstance(value, int if whole else (int, float, Decimal)) and not isinstance(value, bool)
        if not fits or not isinstance(value, int | float | Decimal):
            return self._wrong_type(value, shape, path)
        return self._bounds(value, shape, path, "", Rule.RANGE)

    def _boolean(self, value: object, shape: Shape, path: str) -> None:
        if not isinstance(value, bool):
            self._wrong_type(value, shape, path)

    def _blob(self, value: object, shape: Shape, path: str) -> None:
        if isinstance(value, str | bytes | bytearray):
            self._bounds(len(value), shape, path, " bytes", Rule.LENGTH)
        elif not hasattr(value, "read"):
            self._wrong_type(value, shape, path)

    def _timestamp(self, value: object, shape: Shape, path: str) -> None:
        if isinstance(value, datetime | date) or (_is_number(value)):
            return
        if not isinstance(value, str) or not _reads_as_time(value):
            self._wrong_type(value, shape, path)

    def _document(self, value: object, path: str) -> None:
        if value is None or value is UNKNOWN or isinstance(value, str | int | float | bool):
            return
        if isinstance(value, Mapping):
            for key, item in value.items():
                self._document(item, _join(path, str(key)))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self._document(item, f"{path}[{index}]")
        else:
            self.report(path, f"must be a JSON value, is {_kind(value)}", Rule.TYPE)

    def _bounds(self, size: float | Decimal, shape: Shape, path: str, unit: str, rule: Rule) -> None:
        low = shape.metadata.get("min", 1 if shape.serialization.get("hostLabel") else None)
        high = shape.metadata.get("max")
        if low is not None and size < low:
            self.report(path, f"must be at least {low}{unit}, is {size}", rule)
        if high is not None and size > high:
            self.report(path, f"must be at most {high}{unit}, is {size}", rule)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "text"
    if _is_number(value):
        return "a number"
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else f"a Python {type(value).__name__}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _reads_as_time(text: str) -> bool:
    from botocore.utils import parse_to_aware_datetime

    try:
        parse_to_aware_datetime(text)
    except (TypeError, ValueError, AttributeError, OverflowError):
        return False
    return True


def _unknown_member(name: str, members: Mapping[str, Shape]) -> str:
    near = names.nearest(name, members)
    if near:
        return f"no such parameter; did you mean {near}?"
    shown = ", ".join(list(members)[:12]) + (", …" if len(members) > 12 else "")
    return f"no such parameter; there are: {shown}" if shown else "no such parameter; nothing is taken here"


def _not_in_enum(value: str, allowed: object) -> str:
    values = [str(item) for item in allowed] if isinstance(allowed, list | tuple) else []
    near = names.nearest(value, values)
    listed = ", ".join(values[:12]) + (", …" if len(values) > 12 else "")
    return f"{value[:80]!r} is none of: {listed}" + (f"; did you mean {near}?" if near else "")
