"""Breaks the code on purpose, one safeguard at a time, and shows that the tests notice: `python -m tests.breakages [NAME]...`.

Each breakage is made in a copy of the tree; the tests named with it must then fail, and they must have passed before.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = (
    "console",
    "screens",
    "operations",
    "state",
    "themes",
    "tests",
    "docs",
    "pyproject.toml",
    "README.md",
)


@dataclass(frozen=True, slots=True)
class Breakage:
    """One safeguard taken out: in `file`, `text` becomes `broken`; `tests` have to notice."""

    name: str
    file: str
    text: str
    broken: str
    tests: tuple[str, ...]


BREAKAGES = (
    Breakage(
        "skip the intent",
        "operations/engine/context.py",
        "        try:\n            return self.journal.append(\n",
        """        if payload.kind == "step.intent":
            data = payload.model_dump(mode="json")
            return Event(1, "", self.run, payload.kind.value, operation, "", None, data, "", "")
        try:
            return self.journal.append(
""",
        ("tests/operations/engine/test_machine.py", "tests/operations/engine/test_crash_sweep.py"),
    ),
    Breakage(
        "acknowledge before the commit",
        "state/journal.py",
        """        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
""",
        """        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
""",
        ("tests/state/power/test_power_cut.py", "tests/state/power/test_syncs.py"),
    ),
    Breakage(
        "drop the token",
        "operations/engine/filling.py",
        "        sent.setdefault(member, token)\n",
        "        pass\n",
        ("tests/operations/engine/test_machine.py", "tests/e2e/test_doubt_wire.py"),
    ),
    Breakage(
        "ignore EIO",
        "state/journal.py",
        "            if not (self._latch.fall(error) and closing):\n",
        "            if False:\n",
        ("tests/operations/engine/test_failing_disk.py", "tests/state/power/test_latch.py"),
    ),
    Breakage(
        "skip the sanitiser",
        "state/text.py",
        "    return _without_heaps(text.translate(_ONE_LINE))\n",
        "    return text\n",
        ("tests/screens/test_text.py", "tests/hostile/test_screens.py"),
    ),
)
"""The five of the reliability catalogue."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the tests ran and passed, ran and failed; which of them failed, and what they said."""

    passed: bool
    failed: bool
    by: tuple[str, ...]
    output: str


def copy_tree(folder: Path) -> Path:
    """A copy of everything that the tests need."""
    copy = folder / "tree"
    for name in ROOMS:
        source = ROOT / name
        ignore = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=ignore)
        else:
            shutil.copy(source, copy / name)
    shared = ROOT.parent / "shared"
    if shared.is_dir():
        (folder / "shared").symlink_to(shared)
    return copy


def break_and_test(breakage: Breakage, folder: Path) -> Verdict:
    """Take the safeguard out of a copy, whose tests pass before, and run them again.

    Raises:
        ValueError: the safeguard's text does not stand in the file exactly once, or the tests fail already.
    """
    tree = copy_tree(folder)
    before_it = run_tests(tree, breakage.tests)
    if not before_it.passed:
        raise ValueError(f"{breakage.name}: its tests fail without it:\n{before_it.output[-2000:]}")
    file = tree / breakage.file
    before = file.read_text()
    if before.count(breakage.text) != 1:
        raise ValueError(
            f"{breakage.name}: its text stands {before.count(breakage.text)} times in {breakage.file}"
        )
    file.write_text(before.replace(breakage.text, breakage.broken))
    return run_tests(tree, breakage.tests)


def run_tests(tree: Path, tests: Sequence[str]) -> Verdict:
    """Run tests inside a tree; every failed one is named."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", *tests],
        cwd=tree,
        env={
            **os.environ,
            "PYTHONPATH": str(tree),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(tree / ".hypothesis"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    failed = dict.fromkeys(
        line.split(" ", 1)[1].split(" - ")[0]
        for line in done.stdout.splitlines()
        if line.startswith(("FAILED ", "ERROR "))
    )
    return Verdict(done.returncode == 0, done.returncode == 1, tuple(failed), done.stdout + done.stderr)


def main() -> int:
    """Make every breakage; print who noticed."""
    wanted = sys.argv[1:]
    missed = 0
    for breakage in BREAKAGES:
        if wanted and breakage.name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            verdict = break_and_test(breakage, Path(folder))
        missed += not verdict.failed
        print(f"{'caught' if verdict.failed else 'MISSED':7} {breakage.name}: {len(verdict.by)} failed tests")
        for name in verdict.by[:5]:
            print(f"          {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
