"""Comma-separated values: every cell comes back, and none is a formula or a control character."""

from __future__ import annotations

import csv

from console.csv_text import csv_lines


def test_cells_come_back_and_are_no_formulas() -> None:
    rows = [
        {"a": 'one, "two"', "b": None, "c": 1.5},
        {"a": "=1+1", "b": {"k": [1]}, "c": True},
        {"a": "\x1b[31m-x"},
    ]
    found = list(csv.reader(csv_lines(rows, ("a", "b", "c"))))
    assert found[0] == ["a", "b", "c"]
    assert found[1] == ['one, "two"', "", "1.5"]
    assert found[2] == ["'=1+1", '{"k": [1]}', "True"]
    assert "\x1b" not in found[3][0]
