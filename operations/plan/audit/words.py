"""Small helpers for the wording of findings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """`did you mean …?` with the nearest known word, or another piece of advice."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else otherwise


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, None where none is near."""
    return _nearest(word, tuple(known))


@lru_cache(maxsize=128)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    """One slip is often made in many places, and a search among ten thousand names is slow."""
    return next(iter(difflib.get_close_matches(word, known, n=1)), None)


def listed(words: Iterable[str], at_most: int = 8) -> str:
    """The words with commas, cut after a few."""
    each = list(words)
    return ", ".join(each[:at_most]) + (", …" if len(each) > at_most else "")


def plural(number: float, noun: str) -> str:
    """`1 task`, `2 tasks`."""
    return f"{number:g} {noun}{'' if number == 1 else 's'}"
