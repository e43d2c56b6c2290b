"""YAML read strictly: line marks for every value, no aliases or tags, a cap on nodes, no key twice.

A 400-byte file of nested aliases can unfold into gigabytes, so aliases are refused before anything is built.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from operations.plan.errors import Place, PlanError

MAX_NODES = 60_000
"""Parts of one file; the bundled plan's largest has 11,000. More than this takes longer than a second to refuse."""
MAX_VALUES = 80_000
"""Values of a plan in all its files; the bundled one, with every parameter of some 70 operations, has 12,000."""
MAX_BYTES = 4_000_000
"""Of one file; the bundled plan's largest has 134 kB."""
MAX_SCALAR = 256_000
"""Characters of one text; the longest that AWS takes in a request that a plan would hold is a 256 kB policy or message."""
MAX_DEPTH = 100
"""Lists and mappings in each other; no AWS parameter needs half of it, and every walk over a plan recurses."""
MAX_KEYS = 1_000
"""Keys of one mapping; explaining many unknown ones takes long."""
MAX_INTEGER = 2**53 - 1
"""The largest whole number that JSON carries exactly (RFC 8785), and so the journal and the digest."""
_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map")
)

KeyPath = tuple[str | int, ...]


class _StrictLoader(yaml.CSafeLoader):
    """The safe loader with YAML 1.2's plain scalars: no `yes`/`no` booleans, no dates."""


_StrictLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789")),
):
    _StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


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
    text = _bytes(path)
    try:
        _refuse_the_unsafe(text, path)
        node = yaml.compose(text, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise _yaml_error(error, path) from error
    except UnicodeDecodeError as error:
        raise PlanError("not UTF-8 text", Place(path), "save the file as UTF-8") from error
    if not isinstance(node, yaml.MappingNode):
        raise PlanError("a plan is a mapping of keys to values", Place(path, 1), "see docs/plan-format.md")
    marks: dict[KeyPath, Place] = {}
    data = _build(node, path, (), marks)
    return Source(data, marks)


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


def _refuse_the_unsafe(text: bytes, path: Path) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_StrictLoader), start=1):
        place = Place(path, event.start_mark.line + 1 if event.start_mark else None)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PlanError("YAML aliases and anchors are not allowed", place, "write the value out")
        tag = getattr(event, "tag", None)
        if tag and tag not in _TAGS:
            raise PlanError(f"the YAML tag {tag[:80]} is not allowed", place, "remove the tag")
        if len(getattr(event, "value", None) or "") > MAX_SCALAR:
            raise PlanError(
                f"a text of more than {MAX_SCALAR} characters", place, "keep it in a file of its own"
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise PlanError(f"more than {MAX_DEPTH} lists and mappings in each other", place, "flatten it")
        if count > MAX_NODES:
            raise PlanError(f"more than {MAX_NODES} YAML nodes", place, "split the plan into files")


def _build(node: yaml.Node, path: Path, at: KeyPath, marks: dict[KeyPath, Place]) -> Any:
    marks[at] = Place(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, path, at, marks)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, path, (*at, index), marks) for index, child in enumerate(node.value)]
    return _scalar(node, path)


def _build_mapping(
    node: yaml.MappingNode, path: Path, at: KeyPath, marks: dict[KeyPath, Place]
) -> dict[str, Any]:
    if len(node.value) > MAX_KEYS:
        raise PlanError(f"more than {MAX_KEYS} keys in one mapping", marks[at], "split it")
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place = Place(path, key_node.start_mark.line + 1)
        if not isinstance(key_node, yaml.ScalarNode):
            raise PlanError("a key must be plain text", place)
        key = str(key_node.value)
        if key in built:
            raise PlanError(f"the key `{key[:80]}` stands here twice", place, "keep one of them")
        built[key] = _build(value_node, path, (*at, key), marks)
        marks[(*at, key)] = place
    return built


def _scalar(node: yaml.Node, path: Path) -> Any:
    place = Place(path, node.start_mark.line + 1)
    try:
        # PyYAML's own constructor takes 010 for eight, as YAML 1.1 did.
        whole = node.tag == "tag:yaml.org,2002:int"
        value = int(node.value) if whole else yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, yaml.YAMLError) as error:
        raise PlanError(f"cannot read the value {node.value[:80]!r}", place) from error
    too_large = isinstance(value, int) and abs(value) > MAX_INTEGER
    if too_large or (isinstance(value, float) and not math.isfinite(value)):
        raise PlanError(
            f"the number {node.value[:80]} is too large to be exact", place, "write it as text, in quotes"
        )
    return value


def _yaml_error(error: yaml.YAMLError, path: Path) -> PlanError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not YAML"
    place = Place(path, mark.line + 1 if mark else None)
    return PlanError(f"not YAML: {problem}", place, "mend the YAML")
