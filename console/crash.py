"""Tells of a bug: one line on the terminal, and a report for the program's authors, without secrets."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from console.exit_codes import ExitCode
from console.logs import guard_logs
from console.output import say_error
from console.settings import state_folder

PACKAGES = ("cutover-console", "textual", "aiobotocore", "botocore", "pysqlite3")
FOLDER = "crashes"
"""The folder of reports, in the state folder."""


class ConsoleBugError(Exception):
    """A bug that Textual caught in a thread of its own, of which only the trace is left."""


def crashed(error: BaseException, what: str) -> ExitCode:
    """Write a report about a bug and say in one line what happened and where the report is; see `crash_line`."""
    say_error(crash_line(error, what))
    return ExitCode.NO


def crash_line(error: BaseException, what: str) -> str:
    """Write a report about a bug; the line says what happened and where the report is.

    Args:
        error: what was raised and nobody expected.
        what: which part of the program it ended, e.g. `the console`.
    """
    summary = f"a bug ended {what}: {type(error).__name__}: {' '.join(str(error).split())}"
    try:
        where = f"please send the report {write_report(error, what, os.environ)}"
    except OSError as problem:
        where = f"no report could be written: {problem.strerror}"
    return f"{_hidden(summary, os.environ)}; {where}"


def write_report(error: BaseException, what: str, environment: Mapping[str, str]) -> Path:
    """Write a report that its owner alone can read: the trace without variables, and versions.

    Raises:
        OSError: it cannot be written.
    """
    folder = state_folder(environment) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = datetime.now(UTC)
    path = folder / f"crash-{at:%Y%m%dT%H%M%S.%f}-{os.getpid()}.txt"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(_hidden(_report(error, what, at), environment))
    return path


def _report(error: BaseException, what: str, at: datetime) -> str:
    trace = traceback.TracebackException.from_exception(error, capture_locals=False)
    lines = [
        f"a bug ended {what}",
        f"at         {at:%Y-%m-%dT%H:%M:%S.%fZ}",
        f"command    {' '.join(sys.argv[1:2])}",
        f"python     {platform.python_version()} on {platform.platform()}",
        *(f"{name:<10} {_version(name)}" for name in PACKAGES),
        f"terminal   {os.environ.get('TERM', '')} {'over SSH' if 'SSH_CONNECTION' in os.environ else ''}",
        "",
        "".join(trace.format()),
    ]
    return "\n".join(lines)


def _version(package: str) -> str:
    with suppress(PackageNotFoundError):
        return version(package)
    return "not installed"


def _hidden(text: str, environment: Mapping[str, str]) -> str:
    """The text without secrets, and without the name of the user's home."""
    masked = guard_logs(environment).text(text)
    home = environment.get("HOME", "").rstrip("/")
    return masked.replace(home, "~") if len(home) > 1 else masked
