"""Complaints: thirty of them, each met by a module that is there and held by a test that is there."""

import ast
import re

import pytest

from tests.docs.reading import ROOT, page

ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \| `([^`]+)` \| ((?:`[^`]+` ?)+) \|$", re.MULTILINE)
ROWS = [match.groups() for match in ROW.finditer(page("complaints.md"))]


def test_there_are_thirty() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 31))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_names_a_module_and_tests_that_there_are(row: tuple[str, ...]) -> None:
    *_, module, tests = row
    assert (ROOT / module).is_file(), f"{module} is gone"
    named = re.findall(r"`([^`:]+)::(\w+)`", tests)
    assert len(named) == tests.count("`") / 2
    for file, name in named:
        _look_for(file, name)


def _look_for(file: str, name: str) -> None:
    source = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    found = {
        each.name for each in ast.walk(source) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert name in found, f"{file} has no {name}"
