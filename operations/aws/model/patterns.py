"""Checks a string against a pattern of the AWS models, which are written for Java, as far as Python can read them."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Compiles a pattern; None where Python has no equal (Unicode classes, intersections): nothing is checked."""
    if pattern.startswith("/") and pattern.endswith("/"):
        return None  # a delimiter by mistake or a path: the models have both
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # `[[` and `&&` mean sets in Java and something else in Python
            return re.compile(pattern)
    except (re.error, FutureWarning, DeprecationWarning, OverflowError):
        return None


@lru_cache(maxsize=4096)
def _anchored(pattern: str) -> bool:
    outside_classes = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", pattern)
    return "^" in outside_classes or "$" in outside_classes


def breaks(pattern: str, text: str) -> bool:
    """Says whether a string surely breaks a model's pattern.

    A pattern without anchors must match the whole string, as AWS services do; one with anchors says itself where.
    """
    compiled = _compiled(pattern)
    if compiled is None:
        return False
    return (compiled.search(text) if _anchored(pattern) else compiled.fullmatch(text)) is None
