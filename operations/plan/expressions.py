"""JMESPath as plans use it: the AWS CLI's, and `parse_json` for JSON that an answer carries as text."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult


class ExpressionError(Exception):
    """An expression that does not compile, or that cannot be worked out on this answer."""


class _PlanFunctions(functions.Functions):
    """JMESPath's own functions and ours."""

    @functions.signature({"types": ["string"]})
    def _func_parse_json(self, text: str) -> Any:
        return json.loads(text)


_OPTIONS = jmespath.Options(custom_functions=_PlanFunctions())


@lru_cache(maxsize=4096)
def compile_expression(expression: str) -> ParsedResult:
    """The compiled expression.

    Raises:
        ExpressionError: it does not compile; the message is one line.
    """
    try:
        return jmespath.compile(expression)
    except JMESPathError as error:
        raise ExpressionError(f"`{expression}` is no JMESPath: {str(error).splitlines()[0]}") from error


def search(expression: str, answer: Any) -> Any:
    """What the expression finds in an answer; `None` where it finds nothing.

    Raises:
        ExpressionError: it does not compile, or a function met a value that it cannot take.
    """
    compiled = compile_expression(expression)
    try:
        return compiled.search(answer, options=_OPTIONS)
    except (JMESPathError, ValueError, TypeError) as error:
        raise ExpressionError(f"`{expression}` cannot be worked out: {str(error).splitlines()[0]}") from error
