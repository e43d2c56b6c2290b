"""Copies text out of the terminal: OSC 52, or tmux's own buffer, with a cap; it says how far the text got."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from console.terminal.wire_codes import in_tmux, osc52

TMUX_SECONDS = 2.0
"""How long tmux may take; it answers within milliseconds or hangs."""
TMUX_COMMANDS = (("tmux", "load-buffer", "-w", "-"), ("tmux", "load-buffer", "-"))
"""The first also hands the text on to tmux's own terminal (since tmux 3.2); older ones know only the second."""

Feed = Callable[[tuple[str, ...], bytes], bool]
"""Runs a command with some bytes as its input; whether it ended well."""


class Reach(Enum):
    """How far a text got; the value says it to people."""

    TERMINAL = "sent to your terminal's clipboard (OSC 52)"
    TMUX = "in tmux's buffer (prefix ]) and, where set-clipboard allows it, on your terminal's clipboard"
    TMUX_ONLY = "in tmux's buffer (prefix ]); this tmux hands nothing on to your terminal"
    TOO_LONG = "not copied"
    NOWHERE = "not copied: tmux did not take it"


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a text."""

    reach: Reach
    detail: str = ""

    @property
    def told(self) -> str:
        """One line about it."""
        return f"{self.reach.value}{': ' if self.detail else ''}{self.detail}"


def feed(command: tuple[str, ...], text: bytes) -> bool:
    """Run a command with a text on its standard input; False when there is none such, or it fails or hangs."""
    try:
        done = subprocess.run(command, input=text, capture_output=True, timeout=TMUX_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@dataclass(frozen=True, slots=True)
class Clipboard:
    """A way to the operator's clipboard.

    Attributes:
        environment: tells whether tmux is in between.
        limit: bytes of UTF-8 that are copied at most; terminals drop what is longer, silently.
        send: writes a sequence to the terminal.
        feed: runs tmux.
    """

    environment: Mapping[str, str]
    limit: int
    send: Callable[[str], None]
    feed: Feed = feed

    def copy(self, text: str) -> Copied:
        """Copy a text. tmux may take a moment: call it from a worker thread where `needs_thread` says so."""
        raw = text.encode("utf-8", "replace")
        if len(raw) > self.limit:
            return Copied(Reach.TOO_LONG, f"{len(raw):,} bytes, `copy_limit` is {self.limit:,}")
        if not in_tmux(self.environment):
            self.send(osc52(text))
            return Copied(Reach.TERMINAL)
        for command, reach in zip(TMUX_COMMANDS, (Reach.TMUX, Reach.TMUX_ONLY), strict=True):
            if self.feed(command, raw):
                return Copied(reach)
        return Copied(Reach.NOWHERE)

    @property
    def needs_thread(self) -> bool:
        """Whether a copy waits for another program."""
        return in_tmux(self.environment)
