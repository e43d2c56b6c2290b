"""Metric arithmetic: expressions over series, as alarms and dashboards of a plan use it.

Numbers, ids, `+ - * /`, brackets, `FILL(series, number)` and `SUM([a, b])`. Series are joined on the times that both have.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from datetime import datetime

Series = dict[datetime, float]
Term = Series | float

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class ExpressionError(ValueError):
    """An expression that cannot be worked out; the message says why."""


def evaluate(expression: str, series: Mapping[str, Series]) -> Series:
    """Work out an expression.

    Args:
        expression: Such as `100 * (m1 / m2)`.
        series: The series by their ids.

    Raises:
        ExpressionError: Its form or a function in it is not known here, or it names no series.
    """
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError as error:
        raise ExpressionError(f"cannot be read: {expression}") from error
    result = _term(tree.body, series)
    if not isinstance(result, dict):
        raise ExpressionError("gives a number, not a series")
    return result


def _term(node: ast.expr, series: Mapping[str, Series]) -> Term:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            if name not in series:
                raise ExpressionError(f"no metric has the id {name}")
            return series[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _join(0.0, _term(operand, series), operator.sub)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _join(_term(left, series), _term(right, series), _OPERATORS[type(sign)])
        case ast.Call(func=ast.Name(id="FILL"), args=[inner, filler]):
            return _fill(_term(inner, series), _term(filler, series), series)
        case ast.Call(func=ast.Name(id="SUM"), args=[ast.List(elts=parts)]):
            return _sum([_term(part, series) for part in parts])
        case _:
            raise ExpressionError(f"not in this sandbox: {ast.unparse(node)}")


def _join(left: Term, right: Term, sign: Callable[[float, float], float]) -> Term:
    if not isinstance(left, dict) and not isinstance(right, dict):
        return _safely(sign, left, right) or 0.0
    moments = set(left if isinstance(left, dict) else right) & set(right if isinstance(right, dict) else left)  # type: ignore[arg-type]
    joined = {moment: _safely(sign, _at(left, moment), _at(right, moment)) for moment in moments}
    return {moment: value for moment, value in joined.items() if value is not None}


def _at(term: Term, moment: datetime) -> float:
    return term[moment] if isinstance(term, dict) else term


def _safely(sign: Callable[[float, float], float], left: float, right: float) -> float | None:
    """The value, or None for a division by zero, which CloudWatch leaves out."""
    try:
        return sign(left, right)
    except ZeroDivisionError:
        return None


def _fill(inner: Term, filler: Term, series: Mapping[str, Series]) -> Term:
    if not isinstance(inner, dict):
        return inner
    moments = {moment for one in series.values() for moment in one}
    return {moment: inner.get(moment, _at(filler, moment)) for moment in moments}


def _sum(parts: list[Term]) -> Term:
    total: Series = {}
    for part in parts:
        if isinstance(part, dict):
            for moment, value in part.items():
                total[moment] = total.get(moment, 0.0) + value
    return total
