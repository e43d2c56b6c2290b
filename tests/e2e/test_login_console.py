"""`:login` on a real terminal: the console steps aside, the login reads and prints, the console comes back."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import COMMAND, Cutover
from tests.e2e.terminal import Terminal
from tests.e2e.test_console import _press_until
from tests.operations.aws.aws_stub import serving

SCRIPT = """#!/bin/sh
echo "Open https://device.invalid and type ABCD"
read answer
echo "$answer:$#:$1" > ANSWER
test "$answer" = yes
"""
ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
"""What puts a terminal into full screen and back."""


@pytest.fixture
def terminal(cutover: Cutover, small: str, tmp_path: Path) -> Iterator[Terminal]:
    """A console on live sessions whose endpoint is on loopback, with a script as its login command."""
    script = tmp_path / "log in"
    script.write_text(SCRIPT.replace("ANSWER", str(tmp_path / "answer")))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    with serving() as url:
        own = {
            "CUTOVER_LOGIN_COMMAND": f"'{script}' '$(id); two words'",
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "AKIA",
            "AWS_SECRET_ACCESS_KEY": "s",
        }
        opened = Terminal([*COMMAND, "open", small], {**cutover.environment, **own})
        yield opened
        opened.close()


def _log_in(terminal: Terminal, answer: str) -> str:
    """Have the console step aside and answer the script; what stood on the screen then."""
    left = terminal.raw.count(LEAVE)
    terminal.press(":login\r")
    while terminal.raw.count(LEAVE) == left:
        terminal.see("")
        terminal.settle()
    shown = terminal.see("type ABCD")
    terminal.press(answer)
    return shown


def _come_back(terminal: Terminal, entered: int) -> None:
    while terminal.raw.count(ENTER) == entered:
        terminal.settle()
    terminal.see("5 Journal")
    terminal.settle()


def test_the_console_steps_aside_comes_back_and_is_read_only(terminal: Terminal, tmp_path: Path) -> None:
    terminal.see("as user/kim")
    terminal.press(":arm\r")
    terminal.see("type mistersmith-prod")
    terminal.press("mistersmith-prod")
    _press_until(terminal, "\r", lambda: "ARMED" in terminal.text)
    entered = terminal.raw.count(ENTER)
    shown = _log_in(terminal, "yes\r")
    assert "cutover has stepped aside for" in shown
    _come_back(terminal, entered)
    assert "stepped aside" not in terminal.text
    assert "READ-ONLY" in terminal.text
    assert (tmp_path / "answer").read_text() == "yes:1:$(id); two words\n"
    for answer in ("no\r", "\x03"):
        entered = terminal.raw.count(ENTER)
        _log_in(terminal, answer)
        terminal.see("Press Enter to go back")
        terminal.press("\r")
        _come_back(terminal, entered)
        terminal.see("nobody is logged in")
    terminal.press(":q\r")
    assert terminal.ended() == 0
