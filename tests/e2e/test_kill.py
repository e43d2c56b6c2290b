"""Real runner processes killed with SIGKILL at one event after the other: the next one goes on, nothing is made twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import threading
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import PATIENCE, Cutover, ServedSandbox

if TYPE_CHECKING:
    from tests.conftest import Tally

Event = dict[str, Any]
EVENTS = 18
"""Lines that a run of the small plan tells before it ends."""


def _runner(cutover: Cutover) -> int:
    connection = sqlite3.connect(f"{cutover.journal.as_uri()}?mode=ro", uri=True)
    try:
        (data,) = connection.execute(
            "SELECT data FROM events WHERE kind = 'run.started' ORDER BY seq DESC"
        ).fetchone()
    finally:
        connection.close()
    return int(json.loads(data)["pid"])


def _kill_after(cutover: Cutover, small: str, sandbox: ServedSandbox, lines: int) -> None:
    """Start a run and kill its runner when the command has told so many lines after the run's start."""
    command = cutover.start("run", small, "--all", "--yes", f"--sandbox={sandbox.url}", "--speed", "6000")
    watchdog = threading.Timer(PATIENCE, command.kill)
    watchdog.start()
    assert command.stderr is not None
    started, told = False, 0
    for line in command.stderr:
        started = started or "run.started" in line
        told += started
        if told > lines:
            break
    with suppress(ProcessLookupError):
        os.kill(_runner(cutover), signal.SIGKILL)
    command.kill()
    command.communicate(timeout=PATIENCE)
    watchdog.cancel()


def _life(cutover: Cutover, small: str, sandbox: ServedSandbox, lines: int) -> str | None:
    """One killed run, what follows it, and what is wrong with it."""
    _kill_after(cutover, small, sandbox, lines)
    resumed = cutover("resume", small, f"--sandbox={sandbox.url}", "--speed", "6000", "--format", "json")
    if resumed.code != 0:
        return f"resume ended with {resumed.code}: {resumed.err[-300:]}"
    verified = cutover("journal", "verify", "--format", "json").json
    if not verified["ok"]:
        return str(verified)
    steps = cutover("journal", "list", "--kind", "step", "--format", "json").json
    forward = [each for each in steps if each["run"] == resumed.json["run"] and _way(each) == "forward"]
    changes = {_step(each) for each in forward if each["data"].get("mutates")}
    applied = Counter(_step(each) for each in forward if each["data"].get("result") == "applied")
    if any(applied[step] > 1 for step in changes):  # a look is made again where it may be old
        return f"applied more than once: {applied}"
    undone = cutover("rollback", small, "--all", "--yes", f"--sandbox={sandbox.url}", "--speed", "6000")
    return None if undone.code == 0 else f"rollback ended with {undone.code}: {undone.err[-300:]}"


def _way(event: Event) -> object:
    return event["data"].get("direction")


def _step(event: Event) -> tuple[str, int]:
    return event["operation"], event["data"]["step"]


@pytest.mark.soak
@pytest.mark.catalogue(1, "kill -9 of real runners at any event", "resumed, chain whole, nothing twice")
def test_a_real_runner_may_die_at_any_event(
    tally: Tally, cutover: Cutover, sandbox: ServedSandbox, small: str
) -> None:
    chance = random.Random(4)
    for _ in range(tally.count(1, 40)):
        lines = chance.randrange(EVENTS)
        problem = _life(cutover, small, sandbox, lines)
        tally.note(f"killed after {lines} lines: {problem}" if problem else None)
