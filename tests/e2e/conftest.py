"""Real subprocesses: the command, its runner, a sandbox over HTTP, a state folder of the test's own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.e2e.loopback import Loopback
    from tests.e2e.runners import Runners

COMMAND = [sys.executable, "-m", "console"]
PLANS = Path(__file__).parent / "plans"
PATIENCE = 120.0
"""Seconds after which a subprocess that should have ended is a failure."""


@dataclass
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


@dataclass
class Cutover:
    """Runs the command in an environment of the test's own."""

    home: Path
    extra: dict[str, str] = field(default_factory=dict)
    patience: float = PATIENCE
    """Seconds after which a command counts as hanging."""

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("AWS_", "CUTOVER_", "XDG_", "PYTHONDONT"))
        }
        own = {
            "HOME": str(self.home),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return {**kept, **own, **self.extra}

    def __call__(self, *arguments: str, **environment: str) -> Result:
        done = subprocess.run(
            [*COMMAND, *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=self.patience,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def journal(self) -> Path:
        """The default journal of the only plan that was used."""
        return next((self.home / "state" / "cutover").glob("*.journal"))


def read_until(process: subprocess.Popen[str], wanted: str) -> str:
    """Read a command's stderr until a line holds the wanted text; the line is returned."""
    assert process.stderr is not None
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        for line in process.stderr:
            if wanted in line:
                return line
    finally:
        watchdog.cancel()
    raise AssertionError(f"{wanted!r} was never said")


@pytest.fixture
def cutover(tmp_path: Path) -> Cutover:
    """The command with an empty home."""
    return Cutover(tmp_path)


@dataclass
class ServedSandbox:
    """`cutover sandbox` as a subprocess."""

    process: subprocess.Popen[str]
    url: str


def serve(home: Path, port: int = 0) -> ServedSandbox:
    """Start `cutover sandbox` and wait for its endpoint."""
    process = Cutover(home).start("sandbox", "--port", str(port))
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("http://127.0.0.1:"), process.stderr.read() if process.stderr else url
    return ServedSandbox(process, url)


def stop(process: subprocess.Popen[str]) -> int:
    """End a subprocess with SIGTERM."""
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    return process.returncode


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[ServedSandbox]:
    """A sandbox served for one test."""
    served = serve(tmp_path)
    yield served
    stop(served.process)


@pytest.fixture
def small() -> str:
    """The path of a small plan that runs in a second."""
    return str(PLANS / "small.yaml")


@pytest.fixture
def aws() -> Iterator[Loopback]:
    """An AWS on loopback that counts and can hold its answers back."""
    from tests.e2e.loopback import Loopback

    with Loopback() as served:
        yield served


@pytest.fixture
def runners(tmp_path: Path, aws: Loopback) -> Iterator[Runners]:
    """Runner processes on that AWS; all have ended with the test."""
    from tests.e2e.runners import Runners

    made = Runners(tmp_path, aws)
    yield made
    made.end()
