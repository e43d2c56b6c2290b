"""Small helpers for the wording of findings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """`did you mean …?` with the nearest known word, or another piece of advice."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else otherwise


def listed(words: Iterable[str], at_most: int = 8) -> str:
    """The words with commas, cut after a few."""
    each = list(words)
    return ", ".join(each[:at_most]) + (", …" if len(each) > at_most else "")
