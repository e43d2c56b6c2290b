"""Whether an expression of a plan compiles, references in it standing for any text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jmespath.exceptions import ArityError, UnknownFunctionError

from operations.plan.expressions import ExpressionError, compile_expression, search

_REFERENCE = re.compile(r"\$\{[^{}]*\}")
_STAND_FOR = ("0", "x")
"""What a reference may turn into: a number between backticks, a word anywhere else."""


@lru_cache(maxsize=4096)
def expression_problem(expression: str) -> str | None:
    """One line about what is wrong with an expression, None when it compiles and its functions exist."""
    problem = None
    for word in _STAND_FOR:
        text = _REFERENCE.sub(word, expression)
        try:
            parsed = compile_expression(text).parsed
        except ExpressionError as error:
            problem = problem or str(error)
            continue
        return next((found for call in _calls(parsed) if (found := _call_problem(*call))), None)
    return problem


@lru_cache(maxsize=4096)
def parsed_expression(expression: str) -> Any:
    """JMESPath's own tree of an expression in which nothing is left to be filled in; None for any other."""
    if "${" in expression:
        return None
    try:
        return compile_expression(expression).parsed
    except ExpressionError:
        return None


def _calls(node: Any) -> Iterator[tuple[str, int]]:
    """Every function call in a parsed expression: its name, and how many arguments it has."""
    if not isinstance(node, dict):
        return
    if node["type"] == "function_expression":
        yield node["value"], len(node["children"])
    for child in node["children"]:
        yield from _calls(child)


@lru_cache(maxsize=256)
def _call_problem(name: str, arguments: int) -> str | None:
    """Asks JMESPath itself, with arguments that are null; that they have no fitting type is no matter here."""
    try:
        search(f"{name}({', '.join(['@'] * arguments)})", None)
    except ExpressionError as error:
        if isinstance(error.__cause__, UnknownFunctionError):
            return f"JMESPath has no function `{name}`"
        if isinstance(error.__cause__, ArityError):
            return f"`{name}` does not take {arguments} arguments"
    return None
