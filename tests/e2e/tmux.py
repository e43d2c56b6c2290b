"""A tmux server of a test's own: what a person at a tmux window sees, and their keys."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyte
import pytest

PATIENCE = 60.0
"""Seconds after which text that should have come is a failure."""
LOOK_SECONDS = 0.05
"""Between two looks at a window: tmux tells nobody that it has changed."""
KEYS = {
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "BTab",
    "escape": "Escape",
    "backspace": "BSpace",
    "pagedown": "NPage",
    "pageup": "PPage",
}
"""Textual's names of keys, as tmux has them; what has one character goes by itself."""

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")


class Cell(NamedTuple):
    """One place on the screen."""

    data: str
    look: tuple[str, str, bool, bool]
    """Colours of letter and ground, bold, reverse."""


class Tmux:
    """One window of a tmux server that nobody else uses; no terminal need be attached to it. Use with `with`."""

    def __init__(self, columns: int = 80, lines: int = 24, config: str = "") -> None:
        """Name the server; `config` is what its settings file says."""
        self.size = (columns, lines)
        self.folder = Path(tempfile.mkdtemp(prefix="tmux-"))
        self.config = self.folder / "tmux.conf"
        self.config.write_text(config)

    @property
    def command(self) -> list[str]:
        """What calls tmux for this server: whichever server the test itself is in does not count."""
        return [
            "env",
            "-u",
            "TMUX",
            shutil.which("tmux") or "tmux",
            "-S",
            str(self.folder / "socket"),
            "-f",
            str(self.config),
        ]

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a command in the window; what it leaves behind can be looked at when it has ended."""
        columns, lines = map(str, self.size)
        self.ask("new-session", "-d", "-x", columns, "-y", lines, "--", *command, environment=environment)
        self.ask("set-option", "remain-on-exit", "on")

    def ask(self, *words: str, environment: Mapping[str, str] | None = None) -> str:
        """What a command of tmux prints."""
        done = subprocess.run(
            [*self.command, *words],
            env=dict(os.environ if environment is None else environment),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"tmux {' '.join(words)}: {done.stderr}"
        return done.stdout

    def told(self, variable: str) -> str:
        """A variable of the window, such as `pane_pid`."""
        return self.ask("display-message", "-p", f"#{{{variable}}}").strip()

    def press(self, *keys: str) -> None:
        """Press keys, by Textual's names or as characters."""
        for key in keys:
            if key in KEYS or key.startswith("ctrl+"):
                self.ask("send-keys", KEYS.get(key, key.replace("ctrl+", "C-")))
            else:
                self.ask("send-keys", "-l", "--", key)

    @property
    def text(self) -> str:
        """What stands in the window."""
        return self.ask("capture-pane", "-p")

    @property
    def cells(self) -> list[list[Cell]]:
        """What stands in the window, and how it looks."""
        columns, lines = self.size
        screen = pyte.Screen(columns, lines)
        pyte.Stream(screen).feed(
            self.ask("capture-pane", "-p", "-e", "-N").rstrip("\n").replace("\n", "\r\n")
        )
        return [
            [
                Cell(c.data, (c.fg, c.bg, c.bold, c.reverse))
                for c in (screen.buffer[row][column] for column in range(columns))
            ]
            for row in range(lines)
        ]

    def until(self, holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Wait until something holds."""
        if not self.comes(holds, patience):
            raise AssertionError(f"it never came to this: {what}\n{self.text}")

    def comes(self, holds: Callable[[], bool], patience: float) -> bool:
        """Whether something holds within so many seconds."""
        end = time.monotonic() + patience
        while not holds():
            if time.monotonic() > end:
                return False
            time.sleep(LOOK_SECONDS)
        return True

    def see(self, wanted: str) -> str:
        """Wait until a regular expression stands in the window; what stands there is returned."""
        seen = [""]

        def stands() -> bool:
            seen[0] = self.text
            return re.search(wanted, seen[0]) is not None

        self.until(stands, wanted)
        return seen[0]

    def close(self) -> None:
        """End the server and everything in it."""
        subprocess.run([*self.command, "kill-server"], capture_output=True, timeout=PATIENCE, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Tmux:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
