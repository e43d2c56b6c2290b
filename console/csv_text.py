"""Rows as comma-separated values (RFC 4180) for spreadsheets, in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from state.text import as_json, clean

FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula, where it begins a text."""


def csv_lines(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> Iterable[str]:
    """A header, then a line for each row; what is no text, number or truth stands as JSON."""
    yield _line(columns)
    for row in rows:
        yield _line([_cell(row.get(column)) for column in columns])


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool() | int() | float():
            return str(value)
        case str():
            text = clean(value)
        case _:
            text = as_json(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
