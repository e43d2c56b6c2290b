"""YAML read strictly: line marks for every value, no aliases or tags, a cap on nodes, no key twice.

A 400-byte file of nested aliases can unfold into gigabytes, so nothing is composed by the library: values are built here, one
event after the other, and the first one that a plan may not hold ends the reading.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from operations.plan.errors import Place, PlanError
from operations.plan.scalars import TAG, read_scalar

MAX_NODES = 100_000
"""Keys and values of one file; the bundled plan's largest has 9,000, and 2,000 operations with a call each way and a check need
no more than this."""
MAX_BYTES = 4_000_000
"""Of one file; the bundled plan's largest has 134 kB."""
MAX_SCALAR = 256_000
"""Characters of one text; the longest that AWS takes in a request that a plan would hold is a 256 kB policy or message."""
MAX_DEPTH = 100
"""Lists and mappings in each other; no AWS parameter needs half of it, and every walk over a plan recurses."""
MAX_INTEGER = 2**53 - 1
"""The largest whole number that JSON carries exactly (RFC 8785), and so the journal and the digest."""
QUOTED: Final = 80
"""Characters of a key or value that a message quotes."""

_SCALARS: Final = frozenset(f"{TAG}{name}" for name in ("str", "int", "float", "bool", "null"))
_COLLECTIONS: Final = frozenset(f"{TAG}{name}" for name in ("seq", "map"))

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The data of one or more YAML files, and the place of every value by its key path."""

    data: dict[str, Any]
    marks: dict[KeyPath, Place] = field(default_factory=dict)

    def place(self, path: KeyPath) -> Place | None:
        """Where the value at `path` stands, or the nearest value around it that has a mark."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path)


def read_yaml(path: Path) -> Source:
    """Read one file.

    Raises:
        PlanError: the file cannot be read, is not YAML, or holds what a plan may not hold.
    """
    reading = _Reading(path, _bytes(path))
    try:
        data = reading.document()
    except yaml.YAMLError as error:
        raise _yaml_error(error, path) from error
    except UnicodeDecodeError as error:
        raise PlanError("not UTF-8 text", Place(path), "save the file as UTF-8") from error
    return Source(data, reading.marks)


def _bytes(path: Path) -> bytes:
    """The bytes of a file that is one, and not a pipe, a device or larger than a plan may be."""
    try:
        if not path.is_file():
            raise PlanError("cannot read the plan: not a file", Place(path))
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise PlanError(f"cannot read the plan: {why}", Place(path)) from error
    if len(text) > MAX_BYTES:
        raise PlanError(f"larger than {MAX_BYTES // 1_000_000} MB; split the plan into files", Place(path))
    return text


class _Reading:
    """Builds the value of one file out of its events, and notes where everything stands."""

    def __init__(self, path: Path, text: bytes) -> None:
        self.marks: dict[KeyPath, Place] = {}
        self._path = path
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._nodes = 0
        self._depth = 0
        self._place = Place(path, 1)

    def document(self) -> dict[str, Any]:
        """The one mapping that the file is."""
        next(self._events)
        empty = isinstance(next(self._events), yaml.StreamEndEvent)
        root = None if empty else next(self._events)
        if not empty:
            self._refuse_node(root)
        if not isinstance(root, yaml.MappingStartEvent):
            raise PlanError(
                "a plan is a mapping of keys to values", Place(self._path, 1), "see docs/plan-format.md"
            )
        data: dict[str, Any] = self._value(root, ())
        next(self._events)
        self._refuse_another(next(self._events))
        return data

    def _refuse_another(self, event: Any) -> None:
        if not isinstance(event, yaml.StreamEndEvent):
            place = Place(self._path, event.start_mark.line + 1)
            raise PlanError("not YAML: but found another document", place, "mend the YAML")

    def _value(self, event: yaml.Event, at: KeyPath) -> Any:
        self._refuse_node(event)
        self.marks[at] = self._place
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise PlanError(
                f"more than {MAX_DEPTH} lists and mappings in each other", self._place, "flatten it"
            )
        built = self._mapping(at) if isinstance(event, yaml.MappingStartEvent) else self._list(at)
        self._depth -= 1
        return built

    def _list(self, at: KeyPath) -> list[Any]:
        built: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            built.append(self._value(event, (*at, len(built))))
        return built

    def _mapping(self, at: KeyPath) -> dict[str, Any]:
        built: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._refuse_node(event)
            place = self._place
            if not isinstance(event, yaml.ScalarEvent):
                raise PlanError("a key must be plain text", place)
            key = str(event.value)
            if key in built:
                raise PlanError(f"the key `{key[:QUOTED]}` stands here twice", place, "keep one of them")
            built[key] = self._value(next(self._events), (*at, key))
            self.marks[*at, key] = place
        return built

    def _refuse_node(self, event: Any) -> None:
        """Look at what comes next before anything is made of it."""
        line = event.start_mark.line + 1
        if line != self._place.line:
            self._place = Place(self._path, line)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise PlanError(f"more than {MAX_NODES} YAML nodes", self._place, "split the plan into files")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise PlanError("YAML aliases and anchors are not allowed", self._place, "write the value out")
        if len(getattr(event, "value", "")) > MAX_SCALAR:
            raise PlanError(
                f"a text of more than {MAX_SCALAR} characters", self._place, "keep it in a file of its own"
            )
        allowed = _SCALARS if isinstance(event, yaml.ScalarEvent) else _COLLECTIONS
        if event.tag is not None and event.tag not in allowed:
            raise PlanError(
                f"the YAML tag {event.tag[:QUOTED]} is not allowed", self._place, "remove the tag"
            )

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        text: str = event.value
        try:
            value = read_scalar(text, event.tag, plain=event.implicit[0])
        except ValueError as error:
            raise PlanError(f"cannot read the value {text[:QUOTED]!r}", self._place) from error
        too_large = isinstance(value, int) and abs(value) > MAX_INTEGER
        if too_large or (isinstance(value, float) and not math.isfinite(value)):
            raise PlanError(
                f"the number {text[:QUOTED]} is too large to be exact",
                self._place,
                "write it as text, in quotes",
            )
        return value


def _yaml_error(error: yaml.YAMLError, path: Path) -> PlanError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    place = Place(path, mark.line + 1 if mark else None)
    return PlanError(f"not YAML: {problem}", place, "mend the YAML")
