"""Follows a run through the journal until it ends, whoever carries it out."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from console.exit_codes import ExitCode
from console.output import clean
from state.errors import JournalMissingError
from state.events import Event
from state.kinds import Kind
from state.lease import is_held
from state.projections.timeline import timeline
from state.reader import JournalReader

POLL_SECONDS = 0.1
QUIET = {Kind.LEASE_TAKEN, Kind.LEASE_RELEASED, Kind.JOURNAL_HEAD, Kind.PLAN_LOADED, Kind.TRIGGER_SAMPLE}
ENDS = {Kind.RUN_FINISHED, Kind.RUN_INTERRUPTED}
UNWRITABLE = "journal unwritable"
STOPPED = {"SIGTERM": ExitCode.TERMINATED, UNWRITABLE: ExitCode.REFUSED}
"""By what `run.interrupted` names as its signal."""
CODES = {
    "succeeded": ExitCode.DONE,
    "failed": ExitCode.NO,
    "held": ExitCode.NO,
    "in_doubt": ExitCode.IN_DOUBT,
    "cancelled": ExitCode.INTERRUPTED,
}


@dataclass(slots=True)
class Interruption:
    """Turns SIGINT and SIGTERM into a word while a command follows a run; the second one ends the command."""

    on_first: Callable[[], None]
    code: ExitCode | None = None
    again: bool = False
    _wake: threading.Event = field(default_factory=threading.Event)

    def install(self) -> None:
        """Take the signals over."""
        signal.signal(signal.SIGINT, self._handle)
        signal.signal(signal.SIGTERM, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self.code is not None:
            self.again = True
        else:
            self.code = ExitCode.INTERRUPTED if number == signal.SIGINT else ExitCode.TERMINATED
            self.on_first()
        self._wake.set()

    def wait(self, seconds: float) -> None:
        """Wait a while, shorter when a signal comes."""
        self._wake.wait(seconds)
        self._wake.clear()


@dataclass(frozen=True, slots=True)
class Followed:
    """How following ended: the run's result, or the runner's own exit code when the run has not ended in the journal.

    `died` says that a runner ended without having ended its run: it lost its lease, could not write, or was killed.
    """

    code: ExitCode
    started: bool
    run: str | None = None
    died: bool = False


def follow(
    journal: Path,
    after: int,
    say: Callable[[str], None],
    interruption: Interruption,
    process: subprocess.Popen[bytes] | None,
    *,
    until_started: bool = False,
    leave_at_once: bool = False,
) -> Followed:
    """Print events after a seq until the run among them has ended, or only until it has started.

    `leave_at_once` ends following at the first signal rather than at the second.
    """
    seen, started, run, fired = after, False, None, False
    while True:
        ended = process is not None and process.poll() is not None
        gone = ended if process is not None else not is_held(journal)
        for event in _new_events(journal, seen):
            seen = event.seq
            if event.kind not in QUIET:
                say(line(event))
            if event.kind in (Kind.RUN_STARTED, Kind.RUN_RESUMED):
                started, run = True, event.run
                if until_started:
                    return Followed(ExitCode.DONE, True, run)
            if _goes_back(event):
                fired = True
            elif event.kind in ENDS:
                _reap(process)
                unwritable = event.data.get("signal") == UNWRITABLE
                how = _code(event, interruption)
                how = ExitCode.NO if fired and how is ExitCode.DONE else how
                return Followed(how, True, run, died=unwritable)
        if interruption.again or (leave_at_once and interruption.code is not None):
            return Followed(interruption.code or ExitCode.INTERRUPTED, started, run)
        if gone:
            code = process.returncode if process is not None else ExitCode.NO
            known = ExitCode(code) if code in set(ExitCode) else ExitCode.NO
            return Followed(known, started, run, died=started and process is not None)
        interruption.wait(POLL_SECONDS)


def _goes_back(event: Event) -> bool:
    """Whether the same runner goes on with the way back that a trigger asks for."""
    return event.kind == Kind.RUN_INTERRUPTED and str(event.data["signal"]).startswith("trigger ")


def _code(event: Event, interruption: Interruption) -> ExitCode:
    if event.kind == Kind.RUN_INTERRUPTED:
        return interruption.code or STOPPED.get(event.data["signal"], ExitCode.INTERRUPTED)
    return CODES[event.data["result"]]


def _reap(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None:
        process.wait(timeout=30)


def _new_events(journal: Path, after: int) -> list[Event]:
    try:
        with JournalReader(journal) as reader:
            return reader.events(after)
    except JournalMissingError:
        return []


def line(event: Event) -> str:
    """An event as a line of text: time to the second, kind, operation, what is worth knowing."""
    entry = timeline([event])[0]
    text = f"{entry.at[11:19]}Z  {entry.kind:<22} {entry.operation or '-':<22} {entry.text}"
    return clean(text).rstrip()
