"""Rules about conditions that are decided before anybody looks."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from operations.plan.audit.compiling import parsed_expression
from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.rules.expressions import expressions

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}
_MIRRORED: Final = {"eq": "eq", "ne": "ne", "lt": "gt", "lte": "gte", "gt": "lt", "gte": "lte"}


@rule(
    "plan/never-holds",
    Severity.ERROR,
    "A condition can hold.",
    "A length below zero, a field that is to be two things at once, two constants that differ: such an `expect` fails every "
    "time, such an `until` waits for its time-out.",
    "say what you are waiting for",
)
def never_holds(context: AuditContext) -> Iterable[Defect]:
    """Conditions that are false whatever the answer is."""
    yield from _decided(context, False, "can never hold")


@rule(
    "plan/always-holds",
    Severity.WARNING,
    "A condition can fail.",
    "A length of zero or more, a constant: such an `expect` passes whatever AWS answers, and a verification that cannot "
    "fail verifies nothing.",
    "compare with what you expect to see",
)
def always_holds(context: AuditContext) -> Iterable[Defect]:
    """Conditions that are true whatever the answer is."""
    yield from _decided(context, True, "always holds")


def _decided(context: AuditContext, verdict: bool, words: str) -> Iterator[Defect]:
    for site in context.sites:
        for path, text in expressions(context, site):
            if path[-1] in {"expect", "until"}:
                parsed = parsed_expression(text)
                if parsed is not None and _verdict(parsed) is verdict:
                    yield Defect(path, f"`{text}` {words}")


def _verdict(node: Any) -> bool | None:
    """True or False when the condition does not depend on the answer, None when it does."""
    match node["type"]:
        case "literal":
            return bool(node["value"]) or node["value"] == 0
        case "and_expression":
            each = [_verdict(child) for child in node["children"]]
            if False in each or _contradicts(node):
                return False
            return True if all(each) else None
        case "or_expression":
            each = [_verdict(child) for child in node["children"]]
            if True in each:
                return True
            return False if each == [False, False] else None
        case "not_expression":
            inner = _verdict(node["children"][0])
            return None if inner is None else not inner
        case "comparator":
            return _compared(node)
    return None


def _compared(node: Any) -> bool | None:
    left, right = node["children"]
    if left["type"] == right["type"] == "literal":
        try:
            return _COMPARE[node["value"]](left["value"], right["value"])
        except TypeError:
            return None
    if right["type"] == "literal" and _is_length(left):
        return _length(node["value"], right["value"])
    if left["type"] == "literal" and _is_length(right):
        return _length(_MIRRORED[node["value"]], left["value"])
    return None


def _is_length(node: Any) -> bool:
    return bool(node["type"] == "function_expression" and node["value"] == "length")


def _length(sign: str, bound: Any) -> bool | None:
    """A length is a whole number from 0."""
    if isinstance(bound, bool) or not isinstance(bound, (int, float)):
        return {"eq": False, "ne": True}.get(sign)
    if sign in {"eq", "ne"}:
        possible = bound >= 0 and float(bound).is_integer()
        return None if possible else sign == "ne"
    if sign in {"lt", "lte"}:
        return None if _COMPARE[sign](0, bound) else False
    return True if _COMPARE[sign](0, bound) else None


def _contradicts(node: Any) -> bool:
    """Whether one and the same field is to equal two different constants."""
    wanted: dict[str, Any] = {}
    for part in _conjuncts(node):
        if part["type"] == "comparator" and part["value"] == "eq":
            left, right = part["children"]
            field, constant = (left, right) if right["type"] == "literal" else (right, left)
            if constant["type"] != "literal" or field["type"] == "literal":
                continue
            if wanted.setdefault(repr(field), constant["value"]) != constant["value"]:
                return True
    return False


def _conjuncts(node: Any) -> Iterator[Any]:
    if node["type"] == "and_expression":
        for child in node["children"]:
            yield from _conjuncts(child)
    else:
        yield node


RULES = (never_holds, always_holds)
