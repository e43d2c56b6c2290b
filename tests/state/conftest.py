"""Journals to test with, and processes of their own to test from."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from state.journal import Journal
from state.request_events import RequestNote
from tests.state.making import ROOT, open_journal, written


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(tmp_path / "reference.journal") as opened:
        yield opened


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    """A closed journal of row 1 and nine notes."""
    return written(tmp_path / "noted.journal", [RequestNote(text=f"note {n}") for n in range(2, 11)])


@pytest.fixture
def run_python() -> Callable[..., str]:
    """Runs a script in a process of its own, from the root of the repository; returns what it printed."""

    def run(script: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
