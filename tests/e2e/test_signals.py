"""How a console ends that is told to, cut off or broken: at once, with the terminal in order and no run lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from state.projections.states import RunState
from tests.conftest import Tally
from tests.e2e.conftest import COMMAND, PATIENCE, Cutover
from tests.e2e.runners import CHAIN, Runners
from tests.e2e.terminal import Terminal

CODES = {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGHUP: 129}
ORPHAN_SECONDS = 2.0
"""From the moment at which its terminal is gone to the console's end; a process that is gone takes no CPU either."""
REATTACH_SECONDS = 1.0
"""From a new console's own first paint to the state of the run on it; how fast consoles start, `tests/benchmarks` measures."""


@pytest.fixture
def opened() -> Iterator[list[Terminal]]:
    """Terminals that are closed at the end."""
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        terminal.close()


def console(runners: Runners, opened: list[Terminal], *, ignores_hangup: bool = False) -> Terminal:
    """A console on the chain plan and the loopback AWS."""
    command = [*COMMAND, "open", str(CHAIN), f"--sandbox={runners.aws.url}", "--speed", "6000"]
    command += ["--journal", str(runners.journal)]
    terminal = Terminal(command, Cutover(runners.home).environment, ignores_hangup=ignores_hangup)
    opened.append(terminal)
    return terminal


def press_until(terminal: Terminal, keys: str, holds: Callable[[], bool]) -> None:
    """Press keys until something holds: a dialog is deaf for its first 300 ms."""
    for _ in range(60):
        if holds():
            return
        terminal.press(keys)
        terminal.settle()
    raise AssertionError(f"pressing {keys!r} never helped:\n{terminal.text}")


def run_all(terminal: Terminal) -> None:
    """Arm the console and run everything."""
    terminal.see("no run yet")
    terminal.press(":arm\r")
    terminal.see("type mistersmith-prod")
    terminal.press("mistersmith-prod")
    press_until(terminal, "\r", lambda: "ARMED" in terminal.text)
    terminal.press(":run phase 1\r")
    terminal.see(r"Cancel +y  r")
    press_until(terminal, "y", lambda: "╭─ R" not in terminal.text)


@pytest.mark.catalogue(
    15, "pty closed in mid-operation", "op ends, 0 lost; reattach <= 1 s; orphan ends in 2 s"
)
def test_a_lost_terminal_loses_nothing(runners: Runners, opened: list[Terminal], tally: Tally) -> None:
    for number in range(tally.count(1, 100)):
        home = runners.home / str(number)
        home.mkdir()
        runners.aws.parameters.clear()
        runners.aws.changes.clear()
        now = Runners(home, runners.aws)
        held = now.aws.hold("PutParameter", "/chain/2")
        held.go.clear()
        held.arrived.clear()
        first = console(now, opened, ignores_hangup=number % 2 == 0)
        run_all(first)
        assert held.arrived.wait(PATIENCE)
        first.hang_up()
        orphan = _orphan(first.process, ORPHAN_SECONDS if tally.whole else PATIENCE)
        took, problem = _reattach(now, opened, held.go.set)
        problem = orphan or problem
        late = tally.whole and took > REATTACH_SECONDS
        tally.note(problem or (f"it took {took:.1f} s to see the run again" if late else None))


def _orphan(process: "subprocess.Popen[bytes]", seconds: float) -> str | None:
    began = time.monotonic()
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"an orphan is left after {time.monotonic() - began:.1f} s"
    return None if code == CODES[signal.SIGHUP] else f"it ended with {code}"


def _reattach(now: Runners, opened: list[Terminal], go: Callable[[], None]) -> tuple[float, str | None]:
    """Seconds from the console's first picture to the run in it, and what is wrong with the run's end."""
    second = console(now, opened)
    second.see("READ-ONLY")
    began = time.monotonic()
    second.see("running")
    took = time.monotonic() - began
    go()
    second.see("run succeeded")
    second.press(":q\r")
    assert second.ended() == 0
    run = now.status().run
    outcomes = len(now.events("step.outcome"))
    if run is None or run.state is not RunState.SUCCEEDED or not now.chain().ok:
        return took, f"the run ended as {run}"
    if len(now.events("step.intent")) != outcomes or now.aws.twice() or len(now.aws.changes) != 4:
        return took, f"{outcomes} outcomes, calls {now.aws.changes}"
    return took, None


@pytest.mark.catalogue(16, "console: SIGTERM, SIGHUP, SIGINT, each x2", "tty restored, exit 128 + n")
def test_a_signal_leaves_the_terminal_clean(runners: Runners, opened: list[Terminal], tally: Tally) -> None:
    numbers = list(CODES)
    for number in range(tally.count(2, 60)):
        terminal = console(runners, opened)
        before = terminal.modes
        terminal.see("no run yet")
        assert terminal.modes != before
        assert "?1049" in terminal.left_on()
        which = numbers[number % len(numbers)]
        for _ in range(1 + number % 2):
            terminal.process.send_signal(which)
        code = terminal.ended()
        problem = None
        if code != CODES[which]:
            problem = f"{which.name}: exit code {code}"
        elif terminal.modes != before or terminal.left_on():
            problem = f"{which.name}: left on {terminal.left_on()}"
        tally.note(problem)


STUCK = """
import sys, time
import console.cli, screens.cutover
seen = screens.cutover.CutoverScreen.show_update
def stuck(self, update):
    seen(self, update)
    sys.__stdout__.write("STUCK"); sys.__stdout__.flush()
    while True: time.sleep(0.05)
screens.cutover.CutoverScreen.show_update = stuck
console.cli.main()
"""


def test_a_console_whose_loop_hangs_leaves_all_the_same(runners: Runners, opened: list[Terminal]) -> None:
    command = [sys.executable, "-c", STUCK, "open", str(CHAIN), f"--sandbox={runners.aws.url}"]
    terminal = Terminal(command, Cutover(runners.home).environment)
    opened.append(terminal)
    before = terminal.modes
    while b"STUCK" not in terminal.raw:
        terminal.settle()
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.ended() == 143
    assert terminal.modes == before
    assert not terminal.left_on()


DROPPED = """
import os, signal
import console.cli, console.terminal.curtain as curtain
drawn = curtain._draw
class Finalised:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000): pass
def draw(*args):
    drawn(*args)
    assert curtain.is_up()
    Finalised()
curtain._draw = draw
console.cli.main()
"""
"""The interpreter drops what a signal's handler raises while a finaliser runs."""


def test_a_signal_behind_the_first_picture_is_never_dropped(runners: Runners, opened: list[Terminal]) -> None:
    command = [sys.executable, "-c", DROPPED, "open", str(CHAIN), f"--sandbox={runners.aws.url}"]
    terminal = Terminal(command, Cutover(runners.home).environment)
    opened.append(terminal)
    before = terminal.modes
    assert terminal.ended() == 143
    assert "Exception" not in terminal.text
    assert terminal.modes == before
    assert not terminal.left_on()


BROKEN = """
import sys
import console.cli, console.journal.feed
def poll(self):
    password = "hunter2-local-value"
    raise RuntimeError("boom " + __import__("os").environ["MY_SECRET_TOKEN"])
console.journal.feed.JournalFeed.poll = poll
console.cli.main()
"""


def test_a_bug_in_the_console_is_one_line_and_a_report_without_secrets(
    runners: Runners, opened: list[Terminal]
) -> None:
    environment = {**Cutover(runners.home).environment, "MY_SECRET_TOKEN": "s3cr3t-of-the-environment"}
    command = [sys.executable, "-c", BROKEN, "open", str(CHAIN), f"--sandbox={runners.aws.url}"]
    terminal = Terminal(command, environment, columns=250)
    opened.append(terminal)
    before = terminal.modes
    assert terminal.ended() == 1
    assert terminal.modes == before
    assert not terminal.left_on()
    assert "a bug ended this command: RuntimeError: boom" in terminal.text
    (report,) = (runners.home / "state" / "cutover" / "crashes").iterdir()
    assert str(report) in terminal.text
    assert report.stat().st_mode & 0o777 == 0o600
    told = report.read_text()
    assert "in poll" in told
    assert "textual    8." in told
    assert str(runners.home) not in told
    assert b"Traceback" not in terminal.raw
    for text in (told, terminal.raw.decode(errors="replace")):
        assert "s3cr3t-of-the-environment" not in text
        assert "hunter2-local-value" not in text.replace('password = "hunter2-local-value"', "")


def test_reset_terminal_mends_what_a_killed_console_left(runners: Runners, opened: list[Terminal]) -> None:
    script = (
        f"stty sane; before=$(stty -g); {sys.executable} -m console open {CHAIN} --sandbox={runners.aws.url};"
        f' {sys.executable} -m console reset-terminal; [ "$(stty -g)" = "$before" ] && echo MENDED'
    )
    terminal = Terminal(["/bin/sh", "-c", script], Cutover(runners.home).environment)
    opened.append(terminal)
    terminal.see("no run yet")
    children = Path(f"/proc/{terminal.process.pid}/task/{terminal.process.pid}/children")
    if not children.exists():
        pytest.skip("no way to find the console's process here")
    os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
    terminal.see("MENDED")
    assert terminal.ended() == 0
    assert not terminal.left_on()


def test_reset_terminal_without_a_terminal_says_so(cutover: Cutover) -> None:
    done = subprocess.run(
        [*COMMAND, "reset-terminal"],
        env=cutover.environment,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: there is no terminal to mend")
