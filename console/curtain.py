"""The first thing on the screen: what is known of plan and journal, drawn before anything heavy is imported.

Textual, the plan's models and AWS take a second or more to load; an operator who comes back over a bad link reads meanwhile.
What is drawn is checked first, and only then believed: a plan's outline belongs to the digest of its files as they are, what
the journal says to a row with the hash that the journal has there. Anything else is said to be not known yet. The console
draws itself over it as soon as it can.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import sys
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

APP: Final = "cutover"
BUNDLED: Final = Path(__file__).parent.parent / "operations" / "plans"
LONGEST: Final = 20_000_000
"""Bytes of a plan; a larger one is refused anyway."""
SMALLEST: Final = (40, 8)
"""Columns and rows without which nothing is drawn yet."""
ENTER: Final = "\x1b[?1049h"
LEAVE: Final = "\x1b[?25h\x1b[?1049l"
_BEGIN: Final = f"{ENTER}\x1b[?25l\x1b[2J"
_HEAD: Final = re.compile(r"^(plan|account|alias|region): *[\"']?([^\"'#\n]*)", re.MULTILINE)
_PHASE: Final = re.compile(
    r"^  - id: *[\"']?([^\"'#\n]*)[\"']?\n    title: *[\"']?([^\"'#\n]*)", re.MULTILINE
)
_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@dataclass(slots=True)
class _Stage:
    """The one terminal of this process: whether the curtain is up, and the line's modes before."""

    up: bool = False
    modes: list[Any] | None = None
    handlers: dict[signal.Signals, Any] = field(default_factory=dict)


_stage = _Stage()


@dataclass(frozen=True, slots=True)
class Outline:
    """What a plan's files say of it at a glance: `rows` are its phases, id and title each."""

    digest: str
    head: Mapping[str, str]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a journal said: the answer to the way back, how much is done, a row for each phase: glyph, name, word."""

    answer: str
    run: str = ""
    done: str = ""
    rows: tuple[tuple[str, str, str], ...] = ()


NEW: Final = Standing("nothing to undo", "no run yet")
UNKNOWN: Final = Standing("not known yet", "reading the journal")


def cache_place(environment: Mapping[str, str]) -> Path:
    """Where pictures are kept, as `console.settings.cache_folder` says."""
    if environment.get("XDG_CACHE_HOME"):
        return Path(environment["XDG_CACHE_HOME"]) / APP / "first"
    from platformdirs import user_cache_path

    return user_cache_path(APP) / "first"


def picture_file(folder: Path, journal: Path) -> Path:
    """The file with what a journal said last."""
    return folder / f"{hashlib.sha256(str(journal.absolute()).encode()).hexdigest()[:32]}.json"


def plan_bytes(origin: Path) -> bytes:
    """All files of a plan in their order; nothing where there is none, or they are too large."""
    files = sorted(origin.glob("*.yaml")) if origin.is_dir() else [origin]
    if not files or sum(file.stat().st_size for file in files) > LONGEST:
        return b""
    return b"\n".join(file.read_bytes() for file in files if file.is_file())


def outline_of(name: str) -> Outline | None:
    """The outline of a plan by path or bundled name, None where there is no such plan."""
    bundled = BUNDLED / name
    try:
        origin = Path(name) if Path(name).exists() else bundled
        content = plan_bytes(origin)
    except (OSError, ValueError):
        return None
    if not content:
        return None
    return Outline(hashlib.sha256(content).hexdigest(), *_glance(content.decode("utf-8", "replace")))


def _glance(text: str) -> tuple[dict[str, str], tuple[tuple[str, ...], ...]]:
    """What can be seen of a plan without reading it: its first lines and its phases, where they are written as usual."""
    head = {key: value.strip() for key, value in _HEAD.findall(text)}
    blocks = [
        block for block in re.split(r"^(?=\w)", text, flags=re.MULTILINE) if block.startswith("phases:")
    ]
    phases = [found for block in blocks for found in _PHASE.findall(block)]
    return head, tuple((number.strip(), title.strip()) for number, title in phases)


def standing_of(folder: Path, journal: Path | None, outline: Outline) -> Standing:
    """What the journal said when it was looked at last, if it is still the same journal and the same plan."""
    if journal is None or not journal.exists():
        return NEW
    try:
        kept = json.loads(picture_file(folder, journal).read_text(encoding="utf-8"))
        if kept["plan"] != outline.digest:
            return UNKNOWN
        newest, hash_there = _row(journal, int(kept["seq"]))
        if hash_there != kept["hash"]:
            return UNKNOWN
        rows = tuple((str(glyph), str(name), str(word)) for glyph, name, word in kept["rows"])
        seen = Standing(str(kept["answer"]), str(kept["run"]), str(kept["done"]), rows)
    except (OSError, ValueError, KeyError, TypeError):
        return UNKNOWN
    if newest == kept["seq"]:
        return seen
    return Standing(f"at row {kept['seq']}: {seen.answer}", "reading newer rows", seen.done, rows)


def _row(journal: Path, seq: int) -> tuple[int, str | None]:
    """The journal's newest row, and the hash of a row."""
    import pysqlite3.dbapi2 as sqlite3

    try:
        connection = sqlite3.connect(f"{journal.absolute().as_uri()}?mode=ro", uri=True, timeout=0.5)
        try:
            (newest,) = connection.execute("SELECT max(seq) FROM events").fetchone()
            found = connection.execute("SELECT hash FROM events WHERE seq = ?", (seq,)).fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise ValueError(str(error)) from error
    return newest, found[0] if found else None


def picture(
    outline: Outline, standing: Standing, ground: str, columns: int, rows: int, *, plain: bool
) -> list[str]:
    """The lines of the screen: those that always stand, then the phases."""
    head = outline.head
    where = f" {head.get('plan', '')}   {ground}   {head.get('alias', '')}  {head.get('account', '')}  {head.get('region', '')}"
    phases = standing.rows or tuple((" ", " ".join(row), "") for row in outline.rows)
    rule = "-" if plain else "─"
    done = f" {standing.done} " if standing.done else ""
    lines = [
        _spread(where, "READ-ONLY ", columns),
        f" {' ' if plain else '↩'} BACK OUT  {standing.answer}",
        f" {standing.run}",
        f"{rule} 1 Plan {done:{rule}>{max(0, columns // 2 - 10)}}{rule}".ljust(columns, rule),
    ]
    lines += [_spread(f"  {glyph} {name}", f"{word} ", columns // 2) for glyph, name, word in phases]
    lines = [_clean(each, plain=plain)[:columns] for each in lines[: rows - 1]]
    return [*lines, *[""] * (rows - 1 - len(lines)), " starting"]


def _spread(left: str, right: str, width: int) -> str:
    room = max(0, width - len(right) - 1)
    return f"{left[:room]:<{room}} {right}"


def _clean(text: str, *, plain: bool) -> str:
    shown = "".join(char if char.isprintable() else " " for char in text)
    return shown.encode("ascii", "replace").decode() if plain else shown


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

    Told once is enough: a second signal must not break off what puts the terminal in order.
    """
    for each in _stage.handlers:
        signal.signal(each, signal.SIG_IGN)
    _stage.handlers.clear()
    lower()
    raise SystemExit(128 + number)


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
