"""The metrics of a dashboard, its shorthands written out (CloudWatch API reference, Dashboard Body Structure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

KeyPath = tuple[str | int, ...]


def rows(body: Mapping[str, Any]) -> Iterator[tuple[KeyPath, list[str] | None]]:
    """Every row of metrics of every widget with its key path; None for a row that cannot be written out.

    Rows of expressions are left out.
    """
    widgets = body.get("widgets")
    for number, widget in enumerate(widgets if isinstance(widgets, list) else ()):
        properties = widget.get("properties") if isinstance(widget, dict) else None
        metrics = properties.get("metrics") if isinstance(properties, dict) else None
        before: list[str] = []
        for index, row in enumerate(metrics if isinstance(metrics, list) else ()):
            given = [each for each in row if not isinstance(each, dict)] if isinstance(row, list) else None
            if given == []:
                continue
            whole = _written_out(given, before) if given is not None else None
            yield ("widgets", number, "properties", "metrics", index), whole
            before = whole or []


def _written_out(row: list[Any], before: list[str]) -> list[str] | None:
    """`.` stands for the value above, `...` for all that are missing."""
    if "..." in row:
        place = row.index("...")
        missing = len(before) - (len(row) - 1)
        if missing < 0 or row.count("...") > 1:
            return None
        row = [*row[:place], *before[place : place + missing], *row[place + 1 :]]
    if any(each == "." and index >= len(before) for index, each in enumerate(row)):
        return None
    whole = [before[index] if each == "." else each for index, each in enumerate(row)]
    return (
        whole
        if len(whole) > 1 and len(whole) % 2 == 0 and all(isinstance(each, str) for each in whole)
        else None
    )
