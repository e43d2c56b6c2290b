"""The line mode as a person meets it: a pipe and a terminal that can do nothing, on the embedded sandbox."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import COMMAND, Cutover
from tests.screens.journaled import write

PATIENCE = 120.0


class Spoken:
    """A console in lines behind a pipe."""

    def __init__(self, cutover: Cutover, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            env={**cutover.environment, "TERM": "dumb", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said = b""
        self._from = 0
        assert self.process.stdout is not None
        self._out = self.process.stdout.fileno()
        self._watchdog = threading.Timer(PATIENCE, self.process.kill)
        self._watchdog.start()

    def hear(self, wanted: str) -> str:
        """Read until a regular expression was said after the last line that was typed."""
        while not re.search(wanted, self.new):
            data = os.read(self._out, 65536)
            assert data, f"it ended before {wanted!r}:\n{self.said.decode()}"
            self.said += data
        return self.new

    @property
    def new(self) -> str:
        return self.said[self._from :].decode()

    def answer(self, line: str, wanted: str) -> str:
        """Type a line and wait for an answer."""
        assert self.process.stdin is not None
        self._from = len(self.said)
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        return self.hear(wanted)

    def end(self) -> int:
        """Close the input; what is said until the end is kept."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        while data := os.read(self._out, 65536):
            self.said += data
        code = self.process.wait(PATIENCE)
        self._watchdog.cancel()
        return code


@pytest.fixture
def reviewed(cutover: Cutover, tmp_path: Path) -> Iterator[Spoken]:
    journal = write(tmp_path / "old.journal")
    talked = Spoken(cutover, "open", "--review", "--plain", "--journal", str(journal))
    yield from _until_the_end(talked)


def test_rooms_and_the_past_in_lines_over_a_journal_alone(reviewed: Spoken) -> None:
    """No AWS, no credentials, no terminal: what the screens show is said, and nothing acts."""
    reviewed.hear("REVIEW(.|\n)*cutover> ")
    reviewed.answer("list", r"1\. phase")
    reviewed.answer("map", r"3 operations in \d+ waves")
    reviewed.answer("way-back", "cutover> ")
    reviewed.answer("search kind:step", r"\d+ matches")
    reviewed.answer("1", "hash, [0-9a-f]{64}")
    reviewed.answer("at #5", "event 5 of 20(.|\n)*cutover #5> ")
    reviewed.answer("arm", "reviewing .*now to act")
    reviewed.answer("now", "it is now")
    reviewed.answer("run vpc", "this console reviews a journal; nothing can act")
    assert reviewed.end() == 0
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", reviewed.said)


@pytest.fixture
def spoken(cutover: Cutover, small: str) -> Iterator[Spoken]:
    yield from _until_the_end(Spoken(cutover, "drill", "--plain", "--plan", small, "--speed", "3000"))


def _until_the_end(talked: Spoken) -> Iterator[Spoken]:
    yield talked
    talked._watchdog.cancel()
    if talked.process.poll() is None:
        talked.process.kill()
    talked.process.wait()
    assert talked.process.stdout is not None
    talked.process.stdout.close()


@pytest.mark.soak
def test_arm_run_follow_roll_back_and_leave(spoken: Spoken) -> None:
    spoken.hear("cutover> (.|\n)*as user/")
    spoken.answer("run network", "read-only: arm to act")
    spoken.process.send_signal(signal.SIGINT)
    spoken.answer("", "Ctrl.C stops nothing here")
    spoken.answer("arm", "Type mistersmith-prod to arm")
    spoken.answer("mistersmith-prod", "armed: all phases")
    assert "ec2:DeleteVpc" in spoken.answer("run network", "Type yes to run")
    spoken.answer("yes", "Reason")
    spoken.answer("a drill", "the run succeeded")
    assert "network: operation succeeded" in spoken.new
    assert "ec2:DeleteVpc" in spoken.answer("rollback network", "Type yes to roll back")
    spoken.answer("yes", "Reason")
    spoken.answer("", "the rollback succeeded")
    spoken.answer("list 1", r"1\. network: rolled back")
    spoken.answer("inject lag", "Type yes to inject")
    spoken.answer("yes", "injected")
    spoken.answer("drill", "faults in force: 1")
    spoken.answer("clear-faults", "Type yes to clear them")
    spoken.answer("yes", "no faults any more")
    spoken.answer("waive C-99", "nothing called C-99 to waive")
    assert "network" in spoken.answer("map", r"\d+\. wave 1, .*planned")
    assert spoken.end() == 0
    assert "left: the input has ended" in spoken.said.decode()
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", spoken.said)
