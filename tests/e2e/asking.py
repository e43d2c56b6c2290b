"""A console's desk in a process of its own: it asks for everything when it is told to, and waits for what comes of it.

`python -m tests.e2e.asking PLAN JOURNAL ENDPOINT`; it says `ready`, waits for a line, and says how it went as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.conftest import PATIENCE, Cutover

__all__ = ["Asked", "answer", "ask", "at_once"]


@dataclass(frozen=True)
class Asked:
    """How asking went: why the desk refused (None: it did not), and the exit codes of the runners it started."""

    refused: str | None
    codes: tuple[int, ...]
    said: str | None


def ask(home: Path, plan: Path, journal: Path, endpoint: str) -> subprocess.Popen[str]:
    """Start a desk; it does nothing until `at_once`."""
    command = [sys.executable, "-m", "tests.e2e.asking", str(plan), str(journal), endpoint]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=Cutover(home).environment,
        cwd=Path(__file__).parents[2],
    )


def at_once(desks: Sequence[subprocess.Popen[str]]) -> None:
    """Have desks ask in the same moment, once all of them stand."""
    for desk in desks:
        assert desk.stdout is not None
        line = desk.stdout.readline()
        assert line == "ready\n", desk.communicate(timeout=PATIENCE)
    for desk in desks:
        assert desk.stdin is not None
        desk.stdin.write("go\n")
        desk.stdin.flush()


def answer(desk: subprocess.Popen[str]) -> Asked:
    """Wait for a desk's end."""
    out, err = desk.communicate(timeout=PATIENCE)
    assert desk.returncode == 0, err
    said = json.loads(out)
    return Asked(said["refused"], tuple(said["codes"]), said["said"])


def main(plan: str, journal: str, endpoint: str) -> None:
    """What the process does."""
    from console.behind import put_behind
    from console.opening import ConsoleOptions
    from console.settings import load_settings
    from screens.ports import DeskError

    with ExitStack() as stack:
        options = ConsoleOptions(journal=journal, sandbox=endpoint, speed=6000.0, max_parallel=4)
        behind = put_behind(plan, options, load_settings(os.environ), stack)
        behind.feed.poll()
        preview = behind.desk.preview_run(tuple(behind.loaded.plan.operations))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        refused = None
        try:
            behind.desk.run(preview, "")
        except DeskError as error:
            refused = str(error)
        codes = [runner.wait(PATIENCE) for runner in behind.desk._runners]
        json.dump({"refused": refused, "codes": codes, "said": behind.desk.trouble()}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
