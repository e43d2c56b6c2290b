"""The console as a person meets it: on a pty, with keys, on the embedded sandbox."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import COMMAND, Cutover
from tests.e2e.terminal import Terminal

Open = Callable[..., Terminal]


@pytest.fixture
def console(cutover: Cutover) -> Iterator[Open]:
    """Opens consoles and ends them."""
    opened: list[Terminal] = []

    def start(*arguments: str, columns: int = 80, lines: int = 24, ignores_hangup: bool = False) -> Terminal:
        command = [*COMMAND, *arguments]
        terminal = Terminal(command, cutover.environment, columns, lines, ignores_hangup=ignores_hangup)
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.close()


def _events(cutover: Cutover, folder: str = "drills") -> list[tuple[str, str | None, dict[str, object]]]:
    journal = next((cutover.home / "state" / "cutover" / folder).glob("*.journal"))
    connection = sqlite3.connect(f"{journal.as_uri()}?mode=ro", uri=True)
    rows = connection.execute("SELECT kind, operation, data FROM events ORDER BY seq").fetchall()
    connection.close()
    return [(kind, operation, json.loads(data)) for kind, operation, data in rows]


def _arm(terminal: Terminal) -> None:
    terminal.press(":")
    terminal.press("arm\r")
    terminal.see("type mistersmith-prod")
    terminal.press("mistersmith-prod")
    _press_until(terminal, "\r", lambda: "ARMED" in terminal.text)


def test_open_arm_run_watch_roll_back_and_leave(console: Open, cutover: Cutover, small: str) -> None:
    terminal = console("drill", "--plan", small, "--speed", "3000")
    terminal.see("READ-ONLY")
    terminal.see("no run yet")
    terminal.press("/network\r")
    terminal.see("2 matches")
    terminal.see("2 network")
    terminal.settle()
    terminal.press("r")
    terminal.see("read-only")
    _arm(terminal)
    terminal.press("r")
    shown = terminal.see("Run network")
    for wanted in ("123456789012", "us-east-1", "ec2:CreateVpc", "ec2:DeleteVpc", "Cancel"):
        assert wanted in shown or terminal.see(wanted)
    _press_until(terminal, "\r", lambda: "Cancel" not in terminal.text)
    assert not any(kind == "request.run" for kind, _, _ in _events(cutover))
    terminal.press("r")
    terminal.see("Run network")
    _confirm(terminal)
    terminal.see("succeeded")
    terminal.press("R")
    terminal.see("Roll back network")
    _confirm(terminal)
    terminal.see("rolled back")
    terminal.see("rollback succeeded")
    terminal.press(":q\r")
    assert terminal.ended() == 0
    kinds = [kind for kind, _, _ in _events(cutover)]
    assert kinds.index("request.arm") < kinds.index("request.run") < kinds.index("step.intent")
    assert (
        kinds.index("operation.succeeded")
        < kinds.index("request.rollback")
        < kinds.index("operation.rolled_back")
    )
    assert b"\x1b[?1049l" in terminal.raw


def _confirm(terminal: Terminal) -> None:
    """Press the confirming key once the dialog takes it: it is deaf for its first 300 ms."""
    terminal.see(r"Cancel +y  r")
    _press_until(terminal, "y", lambda: "╭─ R" not in terminal.text)


def _press_until(terminal: Terminal, key: str, holds: Callable[[], bool], tries: int = 60) -> None:
    """Press a key until something holds: a dialog is deaf for its first 300 ms."""
    for _ in range(tries):
        if holds():
            return
        terminal.press(key)
        terminal.settle()
    raise AssertionError(f"pressing {key!r} never helped:\n{terminal.text}")


def test_a_console_that_is_killed_leaves_the_run_to_its_runner(
    console: Open, cutover: Cutover, small: str
) -> None:
    from tests.e2e.conftest import serve, stop

    sandbox = serve(cutover.home)
    try:
        first = console("open", small, f"--sandbox={sandbox.url}", "--speed", "300")
        first.see("no run yet")
        _arm(first)
        first.press(":run phase 1\r")
        first.see("Run 2 operations|Run ")
        _confirm(first)
        first.see("baking")
        first.process.kill()
        first.process.wait()
        second = console("open", small, f"--sandbox={sandbox.url}")
        second.see("READ-ONLY")
        second.see("run succeeded")
        second.press(":q\r")
        assert second.ended() == 0
    finally:
        stop(sandbox.process)


@pytest.mark.parametrize(("columns", "lines"), [(40, 10), (20, 5)])
def test_no_size_is_refused(console: Open, small: str, columns: int, lines: int) -> None:
    terminal = console("drill", "--plan", small, columns=columns, lines=lines)
    terminal.see("DRILL|network|BACK OUT")
    terminal.press(":q\r")
    assert terminal.ended() == 0


def test_a_runner_that_refuses_is_heard(console: Open, small: str, tmp_path: Path) -> None:
    plan = tmp_path / "changing.yaml"
    plan.write_text(Path(small).read_text())
    terminal = console("drill", "--plan", str(plan))
    terminal.see("no run yet")
    _arm(terminal)
    plan.write_text(Path(small).read_text().replace("title: A network", "title: Another network"))
    terminal.press(":run network\r")
    terminal.see("Run network")
    _confirm(terminal)
    terminal.see("the plan has changed")
