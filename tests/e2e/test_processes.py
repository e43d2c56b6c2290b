"""Command, runner and signals as real processes: kills, cancels, detaching, leases."""

from __future__ import annotations

import json
import os
import signal
import sqlite3

import pytest

from tests.e2e.conftest import PATIENCE, Cutover, ServedSandbox, read_until


def _runner_pid(cutover: Cutover) -> int:
    connection = sqlite3.connect(f"{cutover.journal.as_uri()}?mode=ro", uri=True)
    (data,) = connection.execute(
        "SELECT data FROM events WHERE kind = 'run.started' ORDER BY seq DESC"
    ).fetchone()
    connection.close()
    return int(json.loads(data)["pid"])


def _intents(cutover: Cutover) -> list[tuple[str, str]]:
    listed = cutover("journal", "list", "--kind", "step.intent", "--format", "json").json
    return [(event["operation"], event["data"]["api"]) for event in listed if event["data"]["mutates"]]


def test_killed_in_the_middle_it_goes_on_and_nothing_runs_twice(
    cutover: Cutover, sandbox: ServedSandbox, small: str
) -> None:
    command = cutover.start("run", small, "--all", "--yes", f"--sandbox={sandbox.url}", "--speed", "60")
    read_until(command, "trigger.armed")
    os.kill(_runner_pid(cutover), signal.SIGKILL)
    command.kill()
    command.communicate(timeout=PATIENCE)
    interrupted = cutover("status", small, "--format", "json").json
    assert interrupted["state"] == "running"
    resumed = cutover("resume", small, f"--sandbox={sandbox.url}", "--format", "json")
    assert resumed.code == 0, resumed.err
    assert resumed.json["state"] == "succeeded"
    assert resumed.json["operations"]["setting"]["state"] == "succeeded"
    assert _intents(cutover) == [("network", "ec2:CreateVpc"), ("setting", "ssm:PutParameter")]


def test_the_runner_outlives_the_command(cutover: Cutover, sandbox: ServedSandbox, small: str) -> None:
    command = cutover.start("run", small, "--all", "--yes", f"--sandbox={sandbox.url}", "--speed", "600")
    read_until(command, "run.started")
    command.kill()
    command.communicate(timeout=PATIENCE)
    attached = cutover("attach", small, "--format", "json")
    assert attached.code == 0, attached.err
    assert attached.json["operations"]["setting"]["state"] == "succeeded"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.soak)]
)
def test_an_interrupt_says_in_the_journal_what_was_left(
    cutover: Cutover, sandbox: ServedSandbox, small: str, number: signal.Signals, code: int
) -> None:
    command = cutover.start("run", small, "--all", "--yes", f"--sandbox={sandbox.url}", "--speed", "1")
    read_until(command, "trigger.armed")
    command.send_signal(number)
    command.communicate(timeout=PATIENCE)
    assert command.returncode == code
    newest = cutover("journal", "list", "--kind", "run.interrupted", "--format", "json").json[-1]
    assert newest["data"]["left"] == ["setting"]
    rolled = cutover("rollback", small, "--all", "--yes", f"--sandbox={sandbox.url}")
    assert rolled.code == 0, rolled.err


@pytest.mark.soak
def test_one_runner_for_a_journal(cutover: Cutover, sandbox: ServedSandbox, small: str) -> None:
    started = cutover("run", small, "--all", "--yes", f"--sandbox={sandbox.url}", "--speed", "1", "--detach")
    assert started.code == 0, started.err
    second = cutover("run", small, "network", "--yes", f"--sandbox={sandbox.url}")
    assert second.code == 4
    assert "has this journal" in second.err
    os.kill(_runner_pid(cutover), signal.SIGTERM)
    attached = cutover("attach", small)
    assert attached.code in (0, 130, 143)
    resumed = cutover("resume", small, f"--sandbox={sandbox.url}", "--speed", "6000", "--format", "json")
    assert resumed.code == 0, resumed.err


@pytest.mark.soak
def test_what_has_no_way_back_runs_only_when_named(
    cutover: Cutover, sandbox: ServedSandbox, small: str
) -> None:
    everything = cutover(
        "run", small, "--all", "--yes", f"--sandbox={sandbox.url}", "--speed", "6000", "--format", "json"
    )
    assert everything.json["operations"]["farewell"]["state"] == "pending"
    named = cutover("run", small, "farewell", "--yes", f"--sandbox={sandbox.url}", "--format", "json")
    assert named.code == 0, named.err
    assert named.json["rollback"] == {"possible": False, "blocked_by": ["farewell"], "minutes_p95": 3}
    back = cutover("rollback", small, "--all", "--yes", f"--sandbox={sandbox.url}")
    assert back.code == 4
    assert "point of no return" in back.err


def test_a_private_sandbox_lives_as_long_as_the_command(cutover: Cutover, small: str) -> None:
    first = cutover("run", small, "--all", "--yes", "--sandbox", "--speed", "6000", "--format", "json")
    assert first.code == 0, first.err
    second = cutover("run", small, "network", "--yes", "--sandbox", "--format", "json")
    assert second.code == 0, second.err
    assert "put aside" in second.err
    assert second.json["operations"]["setting"]["state"] == "pending"
