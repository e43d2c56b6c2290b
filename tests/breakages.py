"""Breaks the code on purpose, one safeguard at a time, and shows that the tests notice: `python -m tests.breakages`.

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


BREAKAGES: tuple[Breakage, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the tests noticed, and which of them did."""

    caught: bool
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
    """Take the safeguard out of a copy and run its tests.

    Raises:
        ValueError: the safeguard's text does not stand in the file exactly once.
    """
    tree = copy_tree(folder)
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
    failed = tuple(
        line.split(" ", 1)[1].split(" - ")[0]
        for line in done.stdout.splitlines()
        if line.startswith(("FAILED ", "ERROR "))
    )
    return Verdict(done.returncode == 1, failed, done.stdout + done.stderr)


def main() -> int:
    """Make every breakage; print who noticed."""
    missed = 0
    for breakage in BREAKAGES:
        with tempfile.TemporaryDirectory() as folder:
            verdict = break_and_test(breakage, Path(folder))
        missed += not verdict.caught
        print(f"{'caught' if verdict.caught else 'MISSED':7} {breakage.name}: {len(verdict.by)} failed tests")
        for name in verdict.by[:5]:
            print(f"          {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
