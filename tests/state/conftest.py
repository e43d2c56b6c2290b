"""Journals to test with, and processes of their own to test from."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from state.journal import Journal
from state.request_events import RequestNote
from state.seal_watch import Trust
from tests.state.making import ROOT, open_journal, written
from tests.state.sealing import sealed_journal, trust


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(tmp_path / "reference.journal") as opened:
        yield opened


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    """A closed journal of row 1 and nine notes."""
    return written(tmp_path / "noted.journal", [RequestNote(text=f"note {n}") for n in range(2, 11)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a module's sealed journal lies, its heads in `anchors` beside it."""
    return tmp_path_factory.mktemp("sealed")


@pytest.fixture(scope="module")
def sound(folder: Path) -> Path:
    """A sealed journal that nobody has touched; what is changed is a copy of it."""
    return sealed_journal(folder / "sound.journal", folder / "anchors")


@pytest.fixture(scope="module")
def known(sound: Path, folder: Path) -> Trust:
    """What its owner knows of it: the key and the heads that are kept elsewhere."""
    return trust(folder / "anchors")


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
