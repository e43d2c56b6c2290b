"""JSON and YAML as people keep them, comments, tags and placeholders included, with the line of every value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

KeyPath = tuple[str | int, ...]
MAX_DEPTH: Final = 120
MAX_NODES: Final = 200_000
MAX_COMMENTS: Final = 1_000
"""Each that is never closed is looked for to the end of the file."""
_FLOW: Final = re.compile(r"\s*(?://[^\n]*\n\s*|/\*.*?\*/\s*)*[{\[]", re.DOTALL)
_TOKEN: Final = re.compile(
    r'"(?:[^"\\\n]|\\.)*"'  # text stays as it is
    r"|(?P<comment>//[^\n]*|/\*.*?\*/)"
    r"|(?P<bare>\$\{[^{}\n]*\})",
    re.DOTALL,
)


class UnreadableTreeError(ValueError):
    """A file that is neither JSON nor YAML; `line` counts from 1."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Tree:
    """The data of a file, and the line of every value by its key path.

    Attributes:
        data: plain lists, mappings and scalars; a tagged value without its tag.
        lines: line by key path, counted from 1.
        doubles: keys that stand twice in one mapping, with their line.
    """

    data: Any
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    doubles: tuple[tuple[str, int], ...] = ()

    def line(self, path: KeyPath) -> int:
        """The line of the value at a key path, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_tree(text: str) -> Tree:
    """Read JSON (with comments, trailing commas and bare placeholders) or YAML (with tags).

    Raises:
        UnreadableTreeError: it is neither, or too deep or too large to be looked at.
    """
    flow = _FLOW.match(text) is not None
    try:
        return _composed(_plain(text) if flow else text)
    except UnreadableTreeError as error:
        if not flow:
            raise
        return _by_json(text, error)


def _by_json(text: str, error: UnreadableTreeError) -> Tree:
    try:
        return Tree(json.loads(text))
    except (ValueError, RecursionError):
        raise error from None


def _plain(text: str) -> str:
    """Without what JSON has not: comments become spaces, bare placeholders text; lines stay where they are."""

    def replaced(match: re.Match[str]) -> str:
        if match["comment"]:
            return re.sub(r"[^\n]", " ", match[0])
        return f'"{match[0]}"' if match["bare"] else match[0]

    if text.count("/*") > MAX_COMMENTS:
        return text
    return _TOKEN.sub(replaced, text).replace("\t", " ")


def _composed(text: str) -> Tree:
    try:
        _refuse_the_deep(text)
        nodes = list(yaml.compose_all(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or "neither JSON nor YAML"
        raise UnreadableTreeError(str(message), mark.line + 1 if mark else None) from None
    except UnreadableTreeError:
        raise
    except ValueError:
        raise UnreadableTreeError("neither JSON nor YAML", None) from None
    builder = _Builder()
    if len(nodes) > 1:  # a stream of documents, as manifests often are
        data: Any = [builder.build(node, (number,), 0) for number, node in enumerate(nodes)]
    else:
        data = builder.build(nodes[0], (), 0) if nodes else None
    return Tree(data, builder.lines, tuple(builder.doubles))


def _refuse_the_deep(text: str) -> None:
    """Events come one by one; composing recurses in C, and a hundred thousand brackets would end the process."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or count > MAX_NODES:
            line = event.start_mark.line + 1 if event.start_mark else None
            raise UnreadableTreeError("too deep or too large to be looked at", line)


class _Builder:
    def __init__(self) -> None:
        self.lines: dict[KeyPath, int] = {}
        self.doubles: list[tuple[str, int]] = []
        self._count = 0

    def build(self, node: yaml.Node, path: KeyPath, depth: int) -> Any:
        self._count += 1
        line = node.start_mark.line + 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            raise UnreadableTreeError("too deep or too large to be looked at", line)
        self.lines.setdefault(path, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, i), depth + 1) for i, child in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            line = key_node.start_mark.line + 1
            if key in found and key != "<<":
                self.doubles.append((key, line))
            self.lines[(*path, key)] = line
            found[key] = self.build(value_node, (*path, key), depth + 1)
        return found


_CONSTRUCT: Final = yaml.constructor.SafeConstructor()


def _scalar(node: yaml.Node) -> Any:
    kind = node.tag.rpartition(":")[2]
    if kind not in {"int", "float", "bool", "null"} or not node.tag.startswith("tag:yaml.org,2002:"):
        return node.value
    try:
        return _CONSTRUCT.construct_object(node)
    except (ValueError, yaml.YAMLError):
        return node.value


def texts(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Every text in a tree, with its key path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, index))
