"""Looks at the terminal: its name, colours, size, character set, tmux, and what it answered."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from console.doctor.asking import Replies
from screens.doctor_port import Area, Finding, Verdict

SIZE = (80, 24)
"""The size that the console is designed for; smaller ones show one pane at a time."""
TMUX_SECONDS = 2.0
OLD_TMUX = (3, 2)
"""Before it `load-buffer -w`, which hands a copy on to the outer terminal, is not there."""

Tmux = Callable[[tuple[str, ...]], str | None]
"""Runs tmux with some words; what it printed, None when it failed."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the looks need to know."""

    environment: Mapping[str, str]
    encoding: str
    size: tuple[int, int] | None
    replies: Replies
    tmux: Tmux


def run_tmux(words: tuple[str, ...]) -> str | None:
    """What tmux prints."""
    try:
        done = subprocess.run(
            ("tmux", *words), capture_output=True, text=True, timeout=TMUX_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def look_at_terminal(terminal: Terminal) -> Iterator[Finding]:
    """Everything about a terminal."""
    yield _name(terminal)
    yield _colours(terminal)
    yield _encoding(terminal)
    yield _size(terminal)
    yield _link(terminal)
    yield from _in_tmux(terminal)
    yield _sync(terminal)
    yield _clipboard(terminal)


def _found(name: str, verdict: Verdict, message: str, fix: str = "") -> Finding:
    return Finding(name, Area.TERMINAL, verdict, message, fix if verdict is not Verdict.PASS else "")


def _name(terminal: Terminal) -> Finding:
    name = terminal.environment.get("TERM", "")
    if name in ("", "dumb", "unknown"):
        fix = "use the commands (`cutover status`, `cutover run`), or set TERM to what your terminal is"
        return _found("term", Verdict.FAIL, f"TERM is `{name}`: the console cannot draw on it", fix)
    program = terminal.environment.get("TERM_PROGRAM")
    return _found("term", Verdict.PASS, f"TERM is {name}{f', in {program}' if program else ''}")


def _colours(terminal: Terminal) -> Finding:
    environment = terminal.environment
    if "NO_COLOR" in environment:
        return _found("colours", Verdict.PASS, "none: NO_COLOR is set; glyphs and words tell everything")
    name, depth = environment.get("TERM", ""), environment.get("COLORTERM", "")
    if depth in ("truecolor", "24bit"):
        return _found("colours", Verdict.PASS, f"16 million (COLORTERM is {depth})")
    if "256" in name or "direct" in name:
        return _found("colours", Verdict.PASS, "256 (ssh does not carry COLORTERM; that is enough)")
    fix = 'set TERM to a 256-colour name such as xterm-256color or tmux-256color, or the setting theme = "ansi-16"'
    return _found("colours", Verdict.WARN, f"16 at most, by TERM `{name}`", fix)


def _encoding(terminal: Terminal) -> Finding:
    plain = terminal.encoding.replace("-", "").replace("_", "").lower()
    if plain == "utf8":
        return _found("locale", Verdict.PASS, "the locale is UTF-8")
    fix = "set LANG to a UTF-8 locale such as C.UTF-8; until then ASCII is drawn"
    return _found("locale", Verdict.WARN, f"the locale's character set is {terminal.encoding}", fix)


def _size(terminal: Terminal) -> Finding:
    if terminal.size is None:
        return _found(
            "size", Verdict.WARN, "no terminal to measure", "run this in the terminal that you mean to use"
        )
    width, height = terminal.size
    small = width < SIZE[0] or height < SIZE[1]
    return _found(
        "size",
        Verdict.WARN if small else Verdict.PASS,
        f"{width} x {height}",
        "below 80 x 24 some panes show one at a time; make the window larger if you can",
    )


def _link(terminal: Terminal) -> Finding:
    environment = terminal.environment
    far = bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"))
    said = "over SSH: the slow preset unless `link` says otherwise" if far else "local, or not over SSH"
    return _found("link", Verdict.PASS, said)


def _in_tmux(terminal: Terminal) -> Iterator[Finding]:
    if not terminal.environment.get("TMUX"):
        fix = "start it in tmux: a lost link then costs you nothing but the attach"
        far = terminal.environment.get("SSH_CONNECTION")
        yield _found("tmux", Verdict.WARN if far else Verdict.PASS, "not in tmux", fix)
        return
    said = terminal.tmux(("-V",))
    version = _version(said)
    if version is None:
        yield _found("tmux", Verdict.WARN, "TMUX is set, tmux does not answer", "is tmux on the PATH?")
        return
    old = version < OLD_TMUX
    yield _found(
        "tmux",
        Verdict.WARN if old else Verdict.PASS,
        f"{said}",
        "copies stay in tmux's own buffer before tmux 3.2",
    )
    yield _set_clipboard(terminal.tmux(("show", "-gv", "set-clipboard")))
    yield _passthrough(terminal.tmux(("show", "-gv", "allow-passthrough")))


def _version(said: str | None) -> tuple[int, int] | None:
    found = re.search(r"(\d+)\.(\d+)", said or "")
    return (int(found[1]), int(found[2])) if found else None


def _set_clipboard(value: str | None) -> Finding:
    if value in ("on", "external"):
        return _found("tmux-clipboard", Verdict.PASS, f"set-clipboard is {value}: copies reach your terminal")
    fix = "`tmux set -g set-clipboard on`"
    said = f"set-clipboard is {value or 'not known'}: copies stay in tmux"
    return _found("tmux-clipboard", Verdict.WARN, said, fix)


def _passthrough(value: str | None) -> Finding:
    if value in ("on", "all"):
        return _found(
            "tmux-passthrough", Verdict.PASS, f"allow-passthrough is {value}: notifications get through"
        )
    fix = "`tmux set -g allow-passthrough on` for desktop notifications; the bell works without"
    return _found("tmux-passthrough", Verdict.WARN, f"allow-passthrough is {value or 'not there'}", fix)


def _sync(terminal: Terminal) -> Finding:
    replies = terminal.replies
    if not replies.answered:
        fix = "run `cutover doctor` in the foreground of the terminal that you mean to use"
        return _found("sync", Verdict.WARN, "the terminal was not asked, or did not answer", fix)
    if replies.sync:
        return _found("sync", Verdict.PASS, "synchronised output (mode 2026) is known: nothing flickers")
    said = "synchronised output (mode 2026) is not known: a large change may flicker, nothing else"
    return _found("sync", Verdict.PASS, said)


def _clipboard(terminal: Terminal) -> Finding:
    if terminal.environment.get("TMUX"):
        return _found("osc52", Verdict.PASS, "copies go through tmux's buffer")
    if terminal.replies.clipboard:
        return _found("osc52", Verdict.PASS, "the terminal says that it takes copies (OSC 52)")
    fix = "try `y` in the console and paste; the text is always shown too, to be marked by hand"
    return _found("osc52", Verdict.WARN, "the terminal does not say whether it takes copies (OSC 52)", fix)
