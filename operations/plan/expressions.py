"""JMESPath as plans use it: the AWS CLI's, and `parse_json` for JSON that an answer carries as text.

An expression may double its own result at every step, so the work and the result of each are bounded.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from jmespath.visitor import TreeInterpreter

MAX_EXPRESSION: Final = 4000
"""Characters of an expression."""
MAX_VISITS: Final = 2_000_000
"""Parts of an expression that are worked out on one answer: some two seconds; 10,000 items with 20 members take 0.3."""
MAX_RESULT: Final = 200_000
"""Values in what an expression finds, or items in any list on the way to it."""
MAX_TEXT: Final = 1_000_000
"""Characters of any text that an expression makes."""


class ExpressionError(Exception):
    """An expression that does not compile, or that cannot be worked out on this answer."""


class _TooMuchError(Exception):
    """An expression that takes more work or memory than any honest one."""


class _PlanFunctions(functions.Functions):
    """JMESPath's own functions and ours."""

    @functions.signature({"types": ["string"]})
    def _func_parse_json(self, text: str) -> Any:
        return json.loads(text)


class _Bounded(TreeInterpreter):
    """Works an expression out within bounds."""

    def __init__(self) -> None:
        super().__init__(_OPTIONS)
        self._visits = 0

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        """Work one part out; JMESPath calls this for every part on every item."""
        self._visits += 1
        if self._visits > MAX_VISITS:
            raise _TooMuchError
        found = super().visit(node, *args, **kwargs)
        if isinstance(found, list | str) and len(found) > (
            MAX_RESULT if isinstance(found, list) else MAX_TEXT
        ):
            raise _TooMuchError
        return found


_OPTIONS: Final = jmespath.Options(custom_functions=_PlanFunctions())


@lru_cache(maxsize=4096)
def compile_expression(expression: str) -> ParsedResult:
    """The compiled expression.

    Raises:
        ExpressionError: it does not compile; the message is one line.
    """
    if len(expression) > MAX_EXPRESSION:
        raise ExpressionError(f"an expression of more than {MAX_EXPRESSION} characters: `{expression[:40]}…`")
    try:
        return jmespath.compile(expression)
    except JMESPathError as error:
        raise ExpressionError(f"`{expression}` is no JMESPath: {str(error).splitlines()[0]}") from error
    except RecursionError as error:
        raise ExpressionError(f"`{expression[:40]}…` has too many parts in each other") from error


def search(expression: str, answer: Any) -> Any:
    """What the expression finds in an answer; `None` where it finds nothing.

    Raises:
        ExpressionError: it does not compile, a function met a value that it cannot take, or it takes too much work.
    """
    compiled = compile_expression(expression)
    try:
        found = _Bounded().visit(compiled.parsed, answer)
        _refuse_the_endless(found)
    except (JMESPathError, ValueError, TypeError) as error:
        raise ExpressionError(f"`{expression}` cannot be worked out: {str(error).splitlines()[0]}") from error
    except (_TooMuchError, RecursionError, OverflowError) as error:
        raise ExpressionError(f"`{expression[:200]}` takes too much work on this answer") from error
    return found


def _refuse_the_endless(found: Any) -> None:
    """A result may hold one list many times over; written out it would never end."""
    left = MAX_RESULT
    stack = [found]
    while stack:
        value = stack.pop()
        left -= 1
        if left < 0:
            raise _TooMuchError
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
