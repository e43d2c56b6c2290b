"""The first thing on the screen: what is known of plan and journal, drawn before anything heavy is imported.

Textual, the plan's models and AWS take a second or more to load; an operator who comes back over a bad link reads meanwhile.
What is drawn is what `console.terminal.at_a_glance` believes. The console draws itself over it as soon as it can.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

from console.terminal.at_a_glance import APP, Outline, cache_place, outline_of, picture, standing_of
from console.terminal.mend import mend

SMALLEST: Final = (40, 8)
"""Columns and rows without which nothing is drawn yet."""
ENTER: Final = "\x1b[?1049h"
LEAVE: Final = "\x1b[?25h\x1b[?1049l"
_BEGIN: Final = f"{ENTER}\x1b[?25l\x1b[2J"
HARD_SECONDS: Final = 1.5
"""How long an orderly end may take, as the console's own (`console.terminal.hangup`)."""
_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@dataclass(slots=True)
class _Stage:
    """The one terminal of this process: whether the curtain is up, the line's modes before, the code to end with."""

    up: bool = False
    modes: list[Any] | None = None
    code: int | None = None
    handlers: dict[signal.Signals, Any] = field(default_factory=dict)


_stage = _Stage()


@dataclass(frozen=True, slots=True)
class Opening:
    """What the command line says of the console that opens; `journal` None: a new one is begun."""

    plan: str
    ground: str
    journal: str | None = None
    new_journal: bool = False
    plain: bool = False


@contextmanager
def raised(opening: Opening, environment: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Draw what is known, and see in the end that the terminal is as before; the console draws over it meanwhile."""
    try:
        with suppress(OSError, ValueError, termios.error):
            if _may_draw(environment):
                _draw(opening, environment)
        yield
    finally:
        lower()


def _may_draw(environment: Mapping[str, str]) -> bool:
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream.isatty() for stream in streams) or environment.get("TERM", "dumb") == "dumb":
        return False
    return not environment.get("CUTOVER_PLAIN") and not _has_looks_of_its_own(environment)


def _has_looks_of_its_own(environment: Mapping[str, str]) -> bool:
    """Whether the user's settings may ask for lines or ASCII: then nothing is drawn before they have been read."""
    named, folder = environment.get("CUTOVER_CONFIG"), environment.get("XDG_CONFIG_HOME")
    if not named and not folder:
        from platformdirs import user_config_path

        folder = str(user_config_path(APP).parent)
    file = Path(named) if named else Path(folder or "") / APP / "config.toml"
    try:
        text = file.read_text(encoding="utf-8")
    except OSError:
        return False
    return "plain" in text or "ascii" in text


def _draw(opening: Opening, environment: Mapping[str, str]) -> None:
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    outline = outline_of(opening.plan)
    if outline is None or columns < SMALLEST[0] or rows < SMALLEST[1]:
        return
    standing = standing_of(cache_place(environment), _journal(opening, outline, environment), outline)
    plain = (
        opening.plain
        or bool(environment.get("CUTOVER_ASCII"))
        or "utf" not in (sys.stdout.encoding or "").lower()
    )
    lines = picture(outline, standing, opening.ground, columns, rows, plain=plain)
    text = "".join(f"\x1b[{row};1H{_look(row)}{line}\x1b[0m" for row, line in enumerate(lines, 1) if line)
    _take_the_terminal()
    os.write(sys.stdout.fileno(), (_BEGIN + text).encode("utf-8", "replace"))


def _look(row: int) -> str:
    return "\x1b[1m" if row <= len(("header", "way back")) else ""


def _journal(opening: Opening, outline: Outline, environment: Mapping[str, str]) -> Path | None:
    named = opening.journal or environment.get("CUTOVER_JOURNAL")
    if named or opening.new_journal:
        return Path(named) if named else None
    if environment.get("XDG_STATE_HOME"):
        folder = Path(environment["XDG_STATE_HOME"]) / APP
    else:
        from platformdirs import user_state_path

        folder = user_state_path(APP)
    return folder / f"{outline.head.get('plan', '')}.journal"


def _take_the_terminal() -> None:
    """Keep what is typed meanwhile from being shown; it waits for the console."""
    descriptor = sys.stdin.fileno()
    _stage.modes = termios.tcgetattr(descriptor)
    quiet = termios.tcgetattr(descriptor)
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    for number in _SIGNALS:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            _stage.handlers[number] = signal.signal(number, _told_to_end)
    termios.tcsetattr(descriptor, termios.TCSANOW, quiet)
    _stage.up = True


def _told_to_end(number: int, _frame: FrameType | None) -> None:
    """End as the console does, with 128 and the signal's number; what was begun behind the curtain is closed on the way.

    Told once is enough: a second signal must not break off what puts the terminal in order. Where the interpreter is in
    a finaliser or a callback of its import system, it drops the exception and goes on; so the end has a limit.
    """
    sys.unraisablehook = lambda _dropped: None
    for each in _stage.handlers:
        signal.signal(each, signal.SIG_IGN)
    _stage.handlers.clear()
    modes = _stage.modes
    lower()
    _stage.code = code = 128 + number
    threading.Thread(target=_end_hard, args=(code, modes), name="curtain-limit", daemon=True).start()
    raise SystemExit(code)


def _end_hard(code: int, modes: list[Any] | None) -> None:
    time.sleep(HARD_SECONDS)
    if modes is not None:
        with suppress(OSError, ValueError):
            mend(modes)
    os._exit(code)


def told_to_end() -> int | None:
    """The code to end with, where a signal asked for the end behind the curtain and the interpreter dropped the exception."""
    return _stage.code


def is_up() -> bool:
    """Whether the console finds the screen entered already, with a picture on it."""
    return _stage.up


def modes_before() -> list[Any] | None:
    """The line's modes before the curtain, None where there is none: those that the terminal must have in the end."""
    return _stage.modes


def hand_over() -> bool:
    """The console draws from here on and leaves the screen itself; answers whether there was a curtain."""
    was, _stage.up = _stage.up, False
    _give_back_signals()
    return was


def lower() -> None:
    """Take the curtain away if it is still there, and give the line's modes back."""
    if _stage.up:
        os.write(sys.stdout.fileno(), LEAVE.encode())
        _stage.up = False
    _give_back_signals()
    if _stage.modes is not None:
        with suppress(OSError, ValueError, termios.error):
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, _stage.modes)
        _stage.modes = None


def _give_back_signals() -> None:
    for number, handler in _stage.handlers.items():
        if signal.getsignal(number) is _told_to_end:
            signal.signal(number, handler)
    _stage.handlers.clear()
