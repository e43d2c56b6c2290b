"""Checks a JMESPath expression against the shape of an answer, and reports only what can never be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from operations.aws.model import names
from operations.aws.model.shapes import Shape, enum_of, is_document
from operations.aws.model.types import Rule, ShapeProblem

_REFERENCE: Final = re.compile(r"\$\{[^}]*\}")
_DECODED: Final = re.compile(r"(policydocument|templatebody)", re.IGNORECASE)
"""Strings that botocore itself decodes into data (IAM policies, CloudFormation templates)."""
_KEEPS_LIST: Final = frozenset({"sort", "sort_by", "reverse"})
_PICKS_ITEM: Final = frozenset({"max_by", "min_by"})


@dataclass(frozen=True, slots=True)
class _ListOf:
    """A list that an expression made; `item` is what it holds."""

    item: _Type


@dataclass(frozen=True, slots=True)
class _Answer:
    """The whole answer: the output shape and the `ResponseMetadata` that every answer has."""

    shape: Shape | None


_Type: TypeAlias = "Shape | _ListOf | _Answer | None"  # None: nothing is known, so nothing is reported
_Node: TypeAlias = Mapping[str, Any]


def problems(shape: Shape | None, expression: str) -> list[ShapeProblem]:
    """Returns what is surely wrong with `expression` on an answer of that shape; empty when nothing is.

    Args:
        shape: The output shape of the call; None when it answers nothing.
        expression: JMESPath; references such as `${vpc_id}` stand for text.
    """
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        parsed = jmespath.compile(_REFERENCE.sub("0", expression)).parsed
    except JMESPathError as error:
        reason = str(error).splitlines()[0]
        return [ShapeProblem(expression, f"is no JMESPath expression: {reason}", Rule.EXPRESSION)]
    walk = _Walk()
    walk.node(parsed, _Answer(shape))
    return walk.found


class _Walk:
    """One walk over an expression's syntax tree with the type that each part looks at."""

    def __init__(self) -> None:
        self.found: list[ShapeProblem] = []
        self._by_type: dict[str, Callable[[_Node, _Type], _Type]] = {
            "field": self._field,
            "index": self._index,
            "slice": self._slice,
            "subexpression": self._chain,
            "index_expression": self._chain,
            "pipe": self._chain,
            "projection": self._projection,
            "filter_projection": self._projection,
            "value_projection": self._value_projection,
            "flatten": self._flatten,
            "comparator": self._comparator,
            "function_expression": self._function,
            "multi_select_list": self._select_list,
            "current": lambda _node, at: at,
            "identity": lambda _node, at: at,
        }

    def node(self, node: _Node, at: _Type) -> _Type:
        handler = self._by_type.get(node["type"])
        if handler is not None:
            return handler(node, at)
        for child in node["children"]:  # and, or, not, multi-select hashes: look inside, conclude nothing
            if isinstance(child, Mapping):
                self.node(child, at)
        return None

    def _report(self, path: str, message: str) -> None:
        problem = ShapeProblem(path, message, Rule.NO_SUCH_FIELD)
        if problem not in self.found:
            self.found.append(problem)

    def _field(self, node: _Node, at: _Type) -> _Type:
        name = str(node["value"])
        if isinstance(at, _Answer):
            if name == "ResponseMetadata":
                return None
            if at.shape is None:
                self._report(name, "this call answers nothing")
                return None
            at = at.shape
        if at is None:
            return None
        if isinstance(at, _ListOf) or at.type_name == "list":
            self._report(name, "is asked of a list; index it ([0]) or project over it ([])")
            return None
        return self._member(name, at)

    def _member(self, name: str, shape: Shape) -> _Type:
        if is_document(shape):
            return None
        if shape.type_name == "map":
            return shape.value
        if shape.type_name == "structure":
            if name in shape.members:
                return shape.members[name]
            near = names.nearest(name, shape.members)
            hint = f"; did you mean {near}?" if near else f"; it has: {', '.join(list(shape.members)[:12])}"
            self._report(name, f"{shape.name} has no such field{hint}")
        elif not _DECODED.search(shape.name) and not shape.serialization.get("jsonvalue"):
            self._report(name, f"is asked of {shape.name}, which is a {shape.type_name}")
        return None

    def _items(self, at: _Type, what: str) -> _Type:
        """Returns what a list holds; reports when `at` is surely no list."""
        if isinstance(at, _ListOf):
            return at.item
        if isinstance(at, _Answer):
            at = at.shape
        if at is None or is_document(at):
            return None
        if at.type_name == "list":
            return at.member
        if not _DECODED.search(at.name):
            self._report(what, f"is used on {at.name}, which is a {at.type_name}, not a list")
        return None

    def _index(self, node: _Node, at: _Type) -> _Type:
        return self._items(at, f"[{node['value']}]")

    def _slice(self, _node: _Node, at: _Type) -> _Type:
        return _ListOf(self._items(at, "a slice"))

    def _chain(self, node: _Node, at: _Type) -> _Type:
        for child in node["children"]:
            at = self.node(child, at)
        return at

    def _projection(self, node: _Node, at: _Type) -> _Type:
        left, right, *condition = node["children"]
        item = self._items(self.node(left, at), "[]" if left["type"] != "flatten" else "[*]")
        for test in condition:
            self.node(test, item)
        return _ListOf(self.node(right, item))

    def _value_projection(self, node: _Node, at: _Type) -> _Type:
        left, right = node["children"]
        found = self.node(left, at)
        if found is None or isinstance(found, _ListOf | _Answer) or found.type_name != "map":
            return _ListOf(self.node(right, None))
        return _ListOf(self.node(right, found.value))

    def _flatten(self, node: _Node, at: _Type) -> _Type:
        item = self._items(self.node(node["children"][0], at), "[]")
        if isinstance(item, _ListOf):
            return item
        if item is not None and not isinstance(item, _Answer) and item.type_name == "list":
            return _ListOf(item.member)
        return _ListOf(item)

    def _select_list(self, node: _Node, at: _Type) -> _Type:
        for child in node["children"]:
            self.node(child, at)
        return _ListOf(None)

    def _function(self, node: _Node, at: _Type) -> _Type:
        arguments: Sequence[_Node] = node["children"]
        plain = [None if arg["type"] == "expref" else self.node(arg, at) for arg in arguments]
        lists = [kind for arg, kind in zip(arguments, plain, strict=True) if arg["type"] != "expref"]
        subject = lists[0] if lists else None
        is_list = isinstance(subject, _ListOf) or getattr(subject, "type_name", "") == "list"
        item = self._items(subject, node["value"]) if is_list else None
        for argument in arguments:
            if argument["type"] == "expref":
                self.node(argument["children"][0], item)
        if node["value"] in _KEEPS_LIST:
            return subject
        return item if node["value"] in _PICKS_ITEM else None

    def _comparator(self, node: _Node, at: _Type) -> _Type:
        left, right = node["children"]
        kinds = (self.node(left, at), self.node(right, at))
        for kind, literal in zip(kinds, (right, left), strict=True):
            if literal["type"] == "literal" and isinstance(literal["value"], str):
                self._value_of_enum(kind, literal["value"])
        return None

    def _value_of_enum(self, kind: _Type, text: str) -> None:
        if kind is None or isinstance(kind, _ListOf | _Answer):
            return
        allowed = enum_of(kind)
        # "0" stands for a reference; EC2 answers `available` where its model says `Available`
        if allowed and text != "0" and text.lower() not in {value.lower() for value in allowed}:
            near = names.nearest(text, allowed)
            hint = f"; did you mean {near}?" if near else f"; it is one of: {', '.join(allowed[:12])}"
            problem = ShapeProblem(repr(text), f"is no value of {kind.name}{hint}", Rule.ENUM)
            if problem not in self.found:
                self.found.append(problem)
