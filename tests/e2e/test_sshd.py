"""A console over a real sshd on loopback, in a tmux of sixteen colours and without: a cut link loses nothing."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from state.projections.states import RunState
from tests.e2e.conftest import COMMAND, PATIENCE
from tests.e2e.loopback import Held, Loopback
from tests.e2e.runners import CHAIN, Runners, wait_for
from tests.e2e.sshd import Sshd, descendants
from tests.e2e.terminal import Terminal
from tests.e2e.test_signals import run_all
from tests.e2e.tmux import Tmux, needs_tmux
from tests.screens.test_looks import SIXTEEN, WITHOUT_COLOUR, parameters

pytestmark = pytest.mark.soak

ORPHAN_SECONDS = 2.0
"""From the moment at which the link is cut to the console's end."""
MOUSE = re.compile(rb"\x1b\[\?(?:1000|1002|1003|1006)h")
KITTY = re.compile(rb"\x1b\[>\d+u")
TRUE_COLOUR = re.compile(rb"\x1b\[[0-9;]*[34]8;2;")
CONFIG = 'set -g default-terminal "screen"\nset -g status off\nset -s escape-time 50\n'
"""A tmux that says of itself that it has eight colours, and their bright form."""
SHELL = (
    'before=$(stty -g); "$@"; code=$?; [ "$(stty -g)" = "$before" ] && modes="as before"; '
    'echo "ENDED $code, modes $modes"; read -r line'
)
"""Runs the console and says how it has ended."""


class Far:
    """A host that is reached by ssh, with a plan, a journal and an AWS that holds a call back."""

    def __init__(self, home: Path, aws: Loopback, sshd: Sshd) -> None:
        self.now = Runners(home, aws)
        self.sshd = sshd
        self.opened: list[Terminal] = []

    @property
    def environment(self) -> dict[str, str]:
        """What a login knows: nothing of the one who called."""
        home = self.now.home
        return {
            "LC_ALL": "C.UTF-8",
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def console(self) -> list[str]:
        """The console on the chain plan."""
        command = [*COMMAND, "open", str(CHAIN), f"--sandbox={self.now.aws.url}", "--speed", "6000"]
        return [*command, "--journal", str(self.now.journal)]

    def login(self, *command: str, term: str = "xterm") -> Terminal:
        """Log in and run a command."""
        terminal = Terminal(self.sshd.login(command, self.environment, term), dict(os.environ))
        self.opened.append(terminal)
        return terminal

    def hold(self) -> Held:
        """Have the second operation's call wait for its answer."""
        return self.now.aws.hold("PutParameter", "/chain/2")

    def well_ended(self) -> None:
        """The run has ended, every call came once, and the journal is whole."""
        wait_for(self._succeeded, "a run that has succeeded")
        assert self.now.chain().ok
        assert len(self.now.aws.changes) == len(self.now.events("step.intent")) == 4
        assert len(self.now.events("step.outcome")) == 4
        assert not self.now.aws.twice()

    def _succeeded(self) -> bool:
        run = self.now.status().run
        return run is not None and run.state is RunState.SUCCEEDED

    def close(self) -> None:
        for terminal in self.opened:
            terminal.close()
        self.now.end()


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Far]:
    keys = tmp_path / "keys"
    keys.mkdir(0o700)
    with Sshd(keys) as sshd, Loopback() as aws:
        made = Far(tmp_path, aws, sshd)
        yield made
        made.close()


def clean(terminal: Terminal, before: list[object]) -> None:
    """A terminal is as it was before the login."""
    assert terminal.ended() == 0, terminal.text
    assert terminal.modes == before
    assert not terminal.left_on()


@needs_tmux
def test_in_tmux_detach_cut_attach(far: Far, tmp_path: Path) -> None:
    """Open, arm, run, detach, attach, lose the link, attach: the same console, the same run, sixteen colours."""
    held, sent = far.hold(), tmp_path / "sent"
    with Tmux(config=CONFIG) as tmux:
        attach = [*tmux.command, "attach"]
        first = far.login(*tmux.command, "new-session", "--", "sh", "-c", SHELL, "sh", *far.console)
        before = first.modes
        first.see("no run yet")
        tmux.ask("pipe-pane", f"cat > {sent}")
        run_all(first)
        assert held.arrived.wait(PATIENCE)
        first.see("running")
        assert tmux.told("mouse_any_flag") == "0"
        first.press("\x02d")
        clean(first, before)

        second = far.login(*attach)
        assert "ARMED" in second.see("running")
        far.sshd.cut(second.process)
        held.go.set()
        far.well_ended()

        third = far.login(*attach)
        third.see("run succeeded")
        third.press(":q\r")
        third.see("ENDED 0, modes as before")
        third.press("\r")
        clean(third, before)
        raw = sent.read_bytes()
    assert len(raw) > 1000
    assert parameters(raw) - WITHOUT_COLOUR - SIXTEEN == set()
    assert parameters(raw) & set(range(30, 38))
    assert not MOUSE.search(raw)
    assert not KITTY.search(raw)
    for terminal in far.opened:
        assert not MOUSE.search(terminal.raw)
        assert parameters(terminal.raw) - WITHOUT_COLOUR - SIXTEEN == set()


@pytest.mark.parametrize(
    ("term", "here"), [("xterm", True), ("xterm-256color", False)], ids=["client", "server"]
)
def test_without_tmux_a_cut_link_ends_the_console_and_not_the_run(far: Far, term: str, here: bool) -> None:
    """The console is gone in 2 s, the run goes on, and the next console shows it."""
    held = far.hold()
    first = far.login(*far.console, term=term)
    run_all(first)
    assert held.arrived.wait(PATIENCE)
    first.see("running")
    console = console_of(far)
    began = time.monotonic()
    far.sshd.cut(first.process, here=here, there=not here)
    wait_for(lambda: not runs(console), "the console's end")
    assert time.monotonic() - began < ORPHAN_SECONDS

    second = far.login(*far.console, term=term)
    before = second.modes
    assert "READ-ONLY" in second.see("running")
    held.go.set()
    second.see("run succeeded")
    second.press(":q\r")
    clean(second, before)
    far.well_ended()
    for terminal in far.opened:
        assert not MOUSE.search(terminal.raw)
        assert not KITTY.search(terminal.raw)
        assert not TRUE_COLOUR.search(terminal.raw)
        if term == "xterm":
            assert parameters(terminal.raw) - WITHOUT_COLOUR - SIXTEEN == set()


def console_of(far: Far) -> int:
    """The process of the console that somebody has logged in to; what it has begun comes behind it."""
    program = Path(COMMAND[0]).name
    return next(each for session in far.sshd.sessions for each in descendants(session, program))


def runs(process: int) -> bool:
    """Whether a process is there; one that only waits for its end to be noted is not."""
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"
