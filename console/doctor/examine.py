"""Puts the doctor's looks together, for the command and for the room."""

from __future__ import annotations

import locale
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from console.doctor.account import look_at_credentials
from console.doctor.asking import Replies
from console.doctor.host import Host, look_at_host, look_at_journal
from console.doctor.terminal import Terminal, look_at_terminal, run_tmux
from console.exit_codes import code_for
from console.settings import load_settings
from screens.doctor_port import Area, Finding, Verdict


@dataclass(frozen=True, slots=True)
class Doctoring:
    """Adapter of `screens.doctor_port.Doctor`.

    Attributes:
        environment: this process's.
        journal: the journal that would be used.
        clock: the time in UTC.
        replies: asks the terminal; by default nobody does, as within a console, which reads the terminal itself.
    """

    environment: Mapping[str, str]
    journal: Path
    clock: Callable[[], datetime]
    replies: Callable[[], Replies] = Replies

    def examine(self, *, sync: bool | None = None) -> Sequence[Finding]:
        """Look now; asks nobody but this host, its terminal and tmux. `sync` is what is known already."""
        replies = self.replies() if sync is None else Replies(answered=True, sync=sync)
        terminal = Terminal(self.environment, locale.getencoding(), _size(), replies, run_tmux)
        host = Host(self.journal, self.clock())
        return (
            *look_at_terminal(terminal),
            *look_at_host(host),
            *look_at_journal(host),
            *look_at_credentials(self.environment, Path.home(), self.clock()),
            *look_at_settings(self.environment),
        )


def look_at_settings(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Where settings come from, and whether they can be read."""
    try:
        loaded = load_settings(environment)
    except Exception as error:
        if code_for(error) is None:
            raise
        yield Finding(
            "settings", Area.SETTINGS, Verdict.FAIL, str(error), "mend it; `cutover config show --origin`"
        )
        return
    there = "" if loaded.file.exists() else " (not there: defaults)"
    changed = [f"{name} ({origin})" for name, origin in loaded.origins.items() if origin != "default"]
    said = f"{loaded.file}{there}; set: {', '.join(changed) if changed else 'nothing'}"
    yield Finding("settings", Area.SETTINGS, Verdict.PASS, said)
    if loaded.values.read_only:
        origin = loaded.origins["read_only"]
        yield Finding(
            "read-only", Area.SETTINGS, Verdict.PASS, f"read-only by {origin}: nothing can be changed"
        )


def _size() -> tuple[int, int] | None:
    for descriptor in (1, 2, 0):
        try:
            found = os.get_terminal_size(descriptor)
        except OSError:
            continue
        return found.columns, found.lines
    return None
