"""Step Functions definitions as graphs: the machine, the machines in its states, who leads to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.exchange.trees import KeyPath, Tree

ENDS: Final = frozenset({"Succeed", "Fail"})
TYPES: Final = frozenset({"Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"})


@dataclass(frozen=True, slots=True)
class State:
    """One state: its name, what it says, and where it stands."""

    name: str
    body: Mapping[str, Any]
    path: KeyPath
    jsonata: bool

    @property
    def type(self) -> str:
        """`Task`, `Choice` …; empty when it says none."""
        found = self.body.get("Type")
        return found if isinstance(found, str) else ""

    def targets(self) -> Iterator[tuple[KeyPath, str]]:
        """Every state that this one names as the next, with the key path."""
        for key in ("Next", "Default"):
            if isinstance(self.body.get(key), str):
                yield (*self.path, key), self.body[key]
        for key in ("Choices", "Catch"):
            for index, each in enumerate(_list(self.body.get(key))):
                if isinstance(each, dict) and isinstance(each.get("Next"), str):
                    yield (*self.path, key, index, "Next"), each["Next"]

    @property
    def ends(self) -> bool:
        """Whether a way through the machine may end here."""
        return self.type in ENDS or self.body.get("End") is True


@dataclass(frozen=True, slots=True)
class Machine:
    """A state machine, or one in a Parallel or Map state of another.

    Attributes:
        body: what it says.
        path: where it stands.
        states: by name.
        caught: whether errors in it are caught around it.
        bounded: whether a time-out of the whole ends it.
        inner: whether it stands in a state.
    """

    body: Mapping[str, Any]
    path: KeyPath
    states: Mapping[str, State]
    caught: bool = False
    bounded: bool = False
    inner: bool = False


def machines(tree: Tree) -> Iterator[Machine]:
    """The machine of a definition, and all machines within."""
    if isinstance(tree.data, dict):
        bounded = "TimeoutSeconds" in tree.data
        yield from _machines(tree.data, (), tree.data.get("QueryLanguage") == "JSONata", False, bounded)


def _machines(
    body: Mapping[str, Any], path: KeyPath, jsonata: bool, caught: bool, bounded: bool
) -> Iterator[Machine]:
    states = body.get("States")
    found = {
        str(name): State(
            str(name),
            each,
            (*path, "States", name),
            each.get("QueryLanguage", "JSONata" if jsonata else "") == "JSONata",
        )
        for name, each in (states.items() if isinstance(states, dict) else ())
        if isinstance(each, dict)
    }
    yield Machine(body, path, found, caught, bounded, bool(path))
    for state in found.values():
        inside = caught or bool(state.body.get("Catch"))
        limited = bounded or "TimeoutSeconds" in state.body
        for key in ("Iterator", "ItemProcessor"):
            if isinstance(state.body.get(key), dict):
                yield from _machines(state.body[key], (*state.path, key), state.jsonata, inside, limited)
        for index, branch in enumerate(_list(state.body.get("Branches"))):
            if isinstance(branch, dict):
                at = (*state.path, "Branches", index)
                yield from _machines(branch, at, state.jsonata, inside, limited)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_READ: Final = re.compile(r"(?<![\w$])\$\.([A-Za-z_][\w-]*)|(?<![\w$])\$\['([^']+)'\]")


def reads(state: State) -> Iterator[tuple[KeyPath, str]]:
    """The top-level fields of its input that a JSONPath state surely reads: `orderId` of `$.orderId`."""
    if state.jsonata:
        return
    body = state.body
    narrowed = body.get("InputPath")
    if isinstance(narrowed, str):
        yield from _fields(narrowed, (*state.path, "InputPath"))
    if narrowed not in (None, "$"):
        return
    for key in ("ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath"):
        if isinstance(body.get(key), str):
            yield from _fields(body[key], (*state.path, key))
    yield from _templates(body.get("Parameters"), (*state.path, "Parameters"))
    if state.type == "Choice":
        yield from _variables(body.get("Choices"), (*state.path, "Choices"))


def _templates(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if str(key).endswith(".$") and isinstance(item, str):
                yield from _fields(item, (*path, key))
            else:
                yield from _templates(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _templates(item, (*path, index))


def _variables(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Only the first rule is surely looked at; one that asks whether the field is there reads nothing."""
    rules = _list(value)
    first = rules[0] if rules and isinstance(rules[0], dict) else {}
    if isinstance(first.get("Variable"), str) and "IsPresent" not in first:
        yield from _fields(first["Variable"], (*path, 0, "Variable"))


def _fields(text: str, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if "$$" not in text and "?(" not in text and ".." not in text:
        for plain, quoted in _READ.findall(text):
            yield path, plain or quoted
