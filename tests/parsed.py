"""Stylesheets that are parsed once a process: every console of a test has the same ones, and Textual parses them anew."""

from __future__ import annotations

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_SEEN: dict[object, list[RuleSet]] = {}
_parse = Stylesheet._parse_rules


def _once(self: Stylesheet, *sheet: Any, **more: Any) -> list[RuleSet]:
    key = (sheet, tuple(more.items()), tuple(self._variables.items()))
    if key not in _SEEN:
        _SEEN[key] = _parse(self, *sheet, **more)
    return _SEEN[key]


def parse_once() -> None:
    """From now on a stylesheet is parsed once for each theme's colours."""
    Stylesheet._parse_rules = _once  # type: ignore[method-assign]
