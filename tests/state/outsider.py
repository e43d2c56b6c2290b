"""A journal's verifier as somebody else would write it: the one that `docs/journal.md` shows, and no other."""

import re
import sys
from functools import cache
from pathlib import Path
from types import CodeType
from unittest.mock import patch

from tests.state.making import ROOT

BAD = re.compile(r"row (\d+) is (?:bad|not the row of the kept head)|cut: there is no row (\d+)")


@cache
def script() -> str:
    """The Python in the section that says how to verify a journal."""
    text = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    found = re.search(r"## Verify one.*?```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


@cache
def _code() -> CodeType:
    """The same for this process: two SQLites must not open one file (they drop each other's locks)."""
    ours = script().replace("sqlite3, sys", "sys\nimport pysqlite3.dbapi2 as sqlite3", 1)
    return compile(ours, "docs/journal.md", "exec")


def first_bad(path: Path, heads: Path | None = None) -> int | None:
    """The row that the script names, None when it finds all good."""
    said = _run(["verify.py", str(path), *([str(heads)] if heads else [])])
    if said is None:
        return None
    named = BAD.match(said)
    assert named is not None, said
    return int(named[1] or named[2])


def _run(arguments: list[str]) -> str | None:
    with patch.object(sys, "argv", arguments), patch("builtins.print"):
        try:
            exec(_code(), {"__name__": "__main__"})
        except SystemExit as left:
            return str(left.code)
    return None
