"""Follows a message by its NATS subject: to the route that takes it, to its target, and on a bus to the event rules that match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from operations.plan.provisions import Route, RouteTarget

_PLACE = re.compile(r"\{([1-9])(\+?)\}")
_TOKEN = re.compile(r"[^\s.*>]+")


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a message goes: the route, the target's name and, on a bus, source and detail type of the event."""

    route: str
    target: RouteTarget
    name: str
    source: str | None = None
    detail_type: str | None = None

    @property
    def event(self) -> dict[str, Any]:
        """The event as a rule's pattern sees it."""
        return {"source": self.source, "detail-type": self.detail_type}


def follow(routes: Iterable[Route], subject: str) -> Routed | None:
    """Where a message on a subject goes; None for a subject that is none, or that no route takes.

    Of several routes that fit, the most exact takes it: the one with most tokens of its own, then one without `>`, then the first.
    """
    tokens = subject.split(".")
    if not all(_TOKEN.fullmatch(token) for token in tokens):
        return None
    fitting = [route for route in routes if fits(route.subject, tokens)]
    if not fitting:
        return None
    route = min(fitting, key=_vagueness)
    detail_type = None if route.detail_type is None else _filled(route.detail_type, tokens)
    return Routed(route.id, route.target, _filled(route.name, tokens), route.source, detail_type)


def fits(pattern: str, tokens: list[str]) -> bool:
    """Whether a NATS pattern covers a subject: `*` is one token, `>` at the end one or more."""
    parts = pattern.split(".")
    if parts[-1] == ">":
        parts = parts[:-1]
        if len(tokens) <= len(parts):
            return False
    elif len(parts) != len(tokens):
        return False
    return all(part in ("*", token) for part, token in zip(parts, tokens, strict=False))


def _vagueness(route: Route) -> tuple[int, bool]:
    parts = route.subject.split(".")
    return (sum(part in ("*", ">") for part in parts) - len(parts), parts[-1] == ">")


def _filled(template: str, tokens: list[str]) -> str:
    def part(match: re.Match[str]) -> str:
        number = int(match[1]) - 1
        if not match[2]:
            return tokens[number] if number < len(tokens) else match[0]
        return " ".join(token.replace("_", " ").title() for token in tokens[number:])

    return _PLACE.sub(part, template)


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether an EventBridge pattern takes an event; of content filters `prefix`, `suffix`, `anything-but` and `exists` are known.

    See "Amazon EventBridge event patterns" in the EventBridge user guide: every field of the pattern must hold one of its values.
    """
    return all(_field(wanted, event.get(key)) for key, wanted in pattern.items())


def _field(wanted: Any, held: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(held, Mapping) and matches(wanted, held)
    values = held if isinstance(held, list) else [held]
    return any(_one(each, value) for each in wanted for value in values)


def _one(wanted: Any, held: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(wanted == held)
    text = held if isinstance(held, str) else None
    match next(iter(wanted.items()), None):
        case ("prefix", str(start)):
            return text is not None and text.startswith(start)
        case ("suffix", str(end)):
            return text is not None and text.endswith(end)
        case ("anything-but", other):
            return held is not None and held not in (other if isinstance(other, list) else [other])
        case ("exists", bool(wanted_there)):
            return (held is not None) is wanted_there
    return False
