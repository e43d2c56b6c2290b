"""Gives the terminal to the login command: the console steps aside, the person logs in, the console comes back."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screens.text import clean

if TYPE_CHECKING:
    from textual.app import App


@dataclass(frozen=True, slots=True)
class Login:
    """How a person logs in from within the console.

    Attributes:
        command: an argument vector, never a shell's line.
        refused: why there is nothing to log in to, None when there is.
        after: called when the command has ended well, so that credentials are read anew.
    """

    command: tuple[str, ...] = ()
    refused: str | None = "there is nothing to log in to"
    after: Callable[[], None] = lambda: None


def log_in(app: App[int], login: Login) -> str | None:
    """Carry a login out on the console's own terminal; what went wrong in one line, None when nothing did.

    Blocks the console on purpose: nothing may draw or read while the terminal is somebody else's. The runner and the
    metric poller are not of this thread and go on.
    """
    from textual.app import SuspendNotSupported

    if login.refused is not None:
        return login.refused
    try:
        with app.suspend():
            problem = _on_terminal(login.command)
    except SuspendNotSupported:
        return f"this terminal cannot be lent: run `{' '.join(login.command)}` in another one"
    if problem is None:
        login.after()
    return problem


def log_in_here(login: Login) -> str | None:
    """Carry a login out where nothing has to step aside; what went wrong in one line, None when nothing did."""
    if login.refused is not None:
        return login.refused
    problem = _on_terminal(login.command)
    if problem is None:
        login.after()
    return problem


def _on_terminal(command: Sequence[str]) -> str | None:
    shown = clean(" ".join(command))
    out = sys.__stdout__ or sys.stdout
    out.write(f"\ncutover has stepped aside for: {shown}\n\n")
    out.flush()
    try:
        with _keys_are_the_childs():
            code = subprocess.run(command, check=False).returncode
    except OSError as error:
        return f"`{clean(command[0])}` cannot be started: {error.strerror}; set `login_command`"
    if code == 0:
        return None
    out.write(f"\n{shown}: ended with {code}. Press Enter to go back to cutover. ")
    out.flush()
    with _keys_are_the_childs():
        (sys.__stdin__ or sys.stdin).readline()
    return f"nobody is logged in: the login ended with {code}"


@contextmanager
def _keys_are_the_childs() -> Iterator[None]:
    """Ctrl+C and Ctrl+\\ end the login, not the console. A handler, unlike ignoring, is not handed on to the child."""
    numbers = (signal.SIGINT, signal.SIGQUIT)
    before = {number: signal.signal(number, lambda *_: None) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
