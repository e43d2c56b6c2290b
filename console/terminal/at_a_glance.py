"""What is known of a plan and its journal before anything heavy is imported: an outline, and what the journal said last.

It is checked first, and only then believed: a plan's outline belongs to the digest of its files as they are, what the
journal says to a row with the hash that the journal has there. Anything else is said to be not known yet.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

APP: Final = "cutover"
BUNDLED: Final = Path(__file__).parents[2] / "operations" / "plans"
LONGEST: Final = 20_000_000
"""Bytes of a plan; a larger one is refused anyway."""
LOOKED_BACK: Final = 5000
"""Newest rows among which the last word about a run is looked for; SQLite reads them in milliseconds."""
_RUNS: Final = {
    "run.resumed": "going on",
    "run.paused": "paused",
    "run.interrupted": "interrupted",
    "run.finished": "ended:",
}
"""Kinds of rows that say how a run stands, and in which word; a run that has started says itself which way it goes."""
_LAST_OF_A_RUN: Final = (
    "SELECT seq, kind, data FROM events WHERE seq > ? AND kind IN (?, ?, ?, ?, ?) ORDER BY seq DESC LIMIT 1"
)
_HEAD: Final = re.compile(r"^(plan|account|alias|region): *[\"']?([^\"'#\n]*)", re.MULTILINE)
_PHASE: Final = re.compile(
    r"^  - id: *[\"']?([^\"'#\n]*)[\"']?\n    title: *[\"']?([^\"'#\n]*)", re.MULTILINE
)


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
    """What the journal said when it was looked at last, if it is still the same journal and the same plan.

    How the run stands is read from the journal's own newest rows, so that whoever comes back sees it at once.
    """
    if journal is None or not journal.exists():
        return NEW
    kept = _kept(picture_file(folder, journal), outline)
    try:
        now = _now(journal, outline.head.get("plan", ""), int(kept["seq"]) if kept else 0)
        if kept is None or now.hash_there != kept["hash"]:
            return Standing(UNKNOWN.answer, now.run or UNKNOWN.run)
        rows = tuple((str(glyph), str(name), str(word)) for glyph, name, word in kept["rows"])
        seen = Standing(str(kept["answer"]), str(kept["run"]), str(kept["done"]), rows)
    except (ValueError, KeyError, TypeError):
        return UNKNOWN
    if now.newest == kept["seq"]:
        return seen
    return Standing(f"at row {kept['seq']}: {seen.answer}", now.run or "reading newer rows", seen.done, rows)


def _kept(file: Path, outline: Outline) -> dict[str, Any] | None:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return kept if kept["plan"] == outline.digest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class _Now:
    """A journal's newest row, the hash of a row that was asked for, and how its last run stands."""

    newest: int
    hash_there: str | None
    run: str


def _now(journal: Path, plan: str, seq: int) -> _Now:
    import pysqlite3.dbapi2 as sqlite3

    try:
        connection = sqlite3.connect(f"{journal.absolute().as_uri()}?mode=ro", uri=True, timeout=0.5)
        try:
            (newest,) = connection.execute("SELECT max(seq) FROM events").fetchone()
            found = connection.execute("SELECT hash FROM events WHERE seq = ?", (seq,)).fetchone()
            of = connection.execute("SELECT value FROM meta WHERE key = 'plan'").fetchone()
            last = connection.execute(
                _LAST_OF_A_RUN, (newest - LOOKED_BACK, "run.started", *_RUNS)
            ).fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise ValueError(str(error)) from error
    run = _said(*last) if last is not None and of == (plan,) else ""
    return _Now(newest, found[0] if found else None, run)


def _said(seq: int, kind: str, data: str) -> str:
    """How a run stands by the last row about it, in words."""
    content = json.loads(data)
    back = content.get("direction") == "inverse"
    word = {"run.started": "rolling back" if back else "running", **_RUNS}.get(kind, "")
    return f"{word} {content.get('result', '')}".strip() + f", says row {seq}; reading the rest"


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
