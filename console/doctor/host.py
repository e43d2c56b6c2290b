"""Looks at the host: Python, SQLite, libraries, the clock, and the place where journals lie."""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from screens.doctor_port import Area, Finding, Verdict
from state.filesystem import NETWORK, FilesystemOf, filesystem_of

LIBRARIES = ("textual", "boto3", "aiobotocore", "pydantic", "plotext", "cryptography", "click")
EXTRAS = {"moto": "drills and `--sandbox`", "textual-serve": "`cutover serve`", "apprise": "notifications"}
"""Distributions of the extras, and what each is for."""
OLDEST_PYTHON = (3, 11)
LITTLE_SPACE = 200_000_000
"""Bytes below which a long run may fill a disk: a journal of a million events is about 700 MB, a usual one 5 MB."""
NO_SPACE = 20_000_000
UNSYNCHRONISED = 5
"""What adjtimex(2) answers where the clock is not kept by anybody (TIME_ERROR)."""
PRIVATE = 0o077


def clock_state() -> int | None:
    """What the kernel says of its clock (adjtimex(2)), None where it cannot be asked."""
    try:
        call = ctypes.CDLL(None).adjtimex
        room = ctypes.create_string_buffer(512)  # a struct timex of zeros asks and sets nothing
        return int(call(room))
    except (OSError, AttributeError):
        return None


@dataclass(frozen=True, slots=True)
class Host:
    """What the looks need to know.

    Attributes:
        journal: the journal that would be used; it need not exist.
        now: the time in UTC.
        clock: what the kernel says of its clock.
        kind_of: names the file system of a folder.
    """

    journal: Path
    now: datetime
    clock: Callable[[], int | None] = clock_state
    kind_of: FilesystemOf = filesystem_of


def look_at_host(host: Host) -> Iterator[Finding]:
    """Versions and the clock."""
    yield _python()
    yield _sqlite()
    yield _libraries()
    for name, use in EXTRAS.items():
        yield _extra(name, use)
    yield _clock(host)


def look_at_journal(host: Host) -> Iterator[Finding]:
    """Where the journal lies, who can read it, whether it can grow, and its last time."""
    folder = next(each for each in (host.journal.parent, *host.journal.parent.parents) if each.exists())
    yield _filesystem(host, folder)
    yield from _permissions(host.journal, folder)
    yield _space(folder)
    yield _last_time(host)


def _found(name: str, area: Area, verdict: Verdict, message: str, fix: str = "") -> Finding:
    return Finding(name, area, verdict, message, fix if verdict is not Verdict.PASS else "")


def _python() -> Finding:
    good = sys.version_info >= OLDEST_PYTHON
    said = f"{sys.version.split()[0]}, {sys.executable}"
    verdict = Verdict.PASS if good else Verdict.FAIL
    return _found("python", Area.HOST, verdict, said, "install Python 3.11 or newer")


def _sqlite() -> Finding:
    import pysqlite3.dbapi2 as sqlite3

    from state.database import require_safe_sqlite
    from state.errors import JournalError

    try:
        require_safe_sqlite()
    except JournalError as error:
        return _found("sqlite", Area.HOST, Verdict.FAIL, str(error), "install pysqlite3")
    return _found("sqlite", Area.HOST, Verdict.PASS, f"SQLite {sqlite3.sqlite_version}")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _libraries() -> Finding:
    found = {name: _version(name) for name in LIBRARIES}
    missing = [name for name, number in found.items() if number is None]
    own = _version("cutover-console") or "from a checkout"
    said = f"cutover {own}; " + ", ".join(f"{name} {number}" for name, number in found.items() if number)
    verdict = Verdict.FAIL if missing else Verdict.PASS
    return _found(
        "libraries", Area.HOST, verdict, said, f"not installed: {', '.join(missing)}; install again"
    )


def _extra(name: str, use: str) -> Finding:
    number = _version(name)
    if number is not None:
        return _found(f"extra-{name}", Area.HOST, Verdict.PASS, f"{name} {number}, for {use}")
    return _found(f"extra-{name}", Area.HOST, Verdict.PASS, f"{name} is not installed, so no {use}")


def _clock(host: Host) -> Finding:
    said = f"{host.now:%Y-%m-%dT%H:%M:%SZ}"
    state = host.clock()
    if state is None:
        return _found("clock", Area.HOST, Verdict.PASS, f"{said}; whether it is kept right is not known here")
    if state == UNSYNCHRONISED:
        fix = "see to NTP (`timedatectl`); AWS refuses calls whose time is 5 minutes off; `--online` measures it"
        return _found(
            "clock", Area.HOST, Verdict.WARN, f"{said}; the kernel says that nobody keeps it right", fix
        )
    return _found("clock", Area.HOST, Verdict.PASS, f"{said}, kept right")


def _filesystem(host: Host, folder: Path) -> Finding:
    kind = host.kind_of(folder)
    where = f"{host.journal} on {kind or 'a file system that is not named here'}"
    if NETWORK.fullmatch(kind):
        fix = "use a local disk: --journal FILE, CUTOVER_JOURNAL or XDG_STATE_HOME"
        return _found(
            "journal-filesystem", Area.JOURNAL, Verdict.FAIL, f"{where}: its locks are not reliable", fix
        )
    if kind in ("tmpfs", "ramfs"):
        fix = "use a disk: --journal FILE, CUTOVER_JOURNAL or XDG_STATE_HOME"
        return _found(
            "journal-filesystem", Area.JOURNAL, Verdict.WARN, f"{where}: gone after a power cut", fix
        )
    return _found("journal-filesystem", Area.JOURNAL, Verdict.PASS, where)


def _permissions(journal: Path, folder: Path) -> Iterator[Finding]:
    if not os.access(folder, os.W_OK | os.X_OK):
        yield _found(
            "journal-folder",
            Area.JOURNAL,
            Verdict.FAIL,
            f"{folder} cannot be written",
            "choose another folder",
        )
        return
    mode = folder.stat().st_mode
    open_to_all = mode & stat.S_IWOTH and not mode & stat.S_ISVTX
    yield _found(
        "journal-folder",
        Area.JOURNAL,
        Verdict.FAIL if open_to_all else Verdict.PASS,
        f"{folder} {stat.filemode(mode)}{': others could replace the journal' if open_to_all else ''}",
        f"`chmod go-w {folder}`",
    )
    if not journal.exists():
        yield _found(
            "journal-file", Area.JOURNAL, Verdict.PASS, "no journal yet; it will be its owner's alone"
        )
        return
    mode = journal.stat().st_mode
    readable = bool(mode & PRIVATE)
    yield _found(
        "journal-file",
        Area.JOURNAL,
        Verdict.WARN if readable else Verdict.PASS,
        f"{stat.filemode(mode)}, {journal.stat().st_size:,} bytes",
        f"`chmod 600 {journal}`; the next run does it too",
    )


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    verdict = Verdict.FAIL if free < NO_SPACE else Verdict.WARN if free < LITTLE_SPACE else Verdict.PASS
    return _found("disk", Area.JOURNAL, verdict, f"{free / 1e9:.1f} GB free at {folder}", "make room")


def _last_time(host: Host) -> Finding:
    """A journal with times of the future was written under another clock than this host's now."""
    from state.errors import JournalError
    from state.reader import JournalReader

    if not host.journal.exists():
        return _found("journal-time", Area.JOURNAL, Verdict.PASS, "no journal to compare the clock with")
    try:
        with JournalReader(host.journal) as reader:
            at = reader.head().at
    except JournalError as error:
        fix = "see `cutover journal verify`"
        return _found("journal-time", Area.JOURNAL, Verdict.FAIL, str(error), fix)
    ahead = (datetime.fromisoformat(at) - host.now).total_seconds()
    if ahead > 1:
        said = f"the last event, {at}, lies {ahead:.0f} s in the future: the clock has gone back"
        return _found(
            "journal-time", Area.JOURNAL, Verdict.WARN, said, "see to the clock before you run anything"
        )
    return _found("journal-time", Area.JOURNAL, Verdict.PASS, f"the last event is of {at}")
