"""The console over a wire: first paint, keys, bytes and processor time, beside the least Textual app of the same widgets.

The two take turns in one sitting on the same kind of pseudo-terminal, so that a machine that is busy slows both. Processor
time stands beside each time: on a busy machine it is the one to believe.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from state.boot import boot_clock
from state.lease import Lease
from state.lease_record import Owner
from tests.benchmarks import floor_app
from tests.benchmarks.long_worlds import write_journal, write_plan
from tests.benchmarks.measure import Line
from tests.benchmarks.wire import Answer, Paint, Rest, Wire, p95

RUNS = 5
"""Starts of each kind."""
OPERATIONS, EVENTS = 10_000, 1_000_000
METRICS = 12
IDLE_SECONDS = 10.0
STREAM_SECONDS = 60.0
KEYS = ("\x1b[B", "\x1b[B", "\x1b[B", "\x1b[A", "\x1b[B", "\x1b[A", "\x1b[A", "\x1b[A")
"""Down and up over rows that are in sight, as somebody looks through them."""
ROUNDS = 4
USEFUL = r"BACK OUT +(YES|NO|nothing).*(Analysis|Stage 1)"
"""Whether everything can be undone, and the plan's first phase."""
ANSWERS = r"Tab pane"
"""Stands in the line of keys when they are answered."""
READ = r"#[0-9]+ [0-9a-f]{8}"
"""The journal's newest row: stands there when all of it has been read."""
NOBODY = "http://127.0.0.1:9"
PYTHON = (sys.executable, "-P")


@dataclass
class Found:
    """What was measured of one program."""

    paints: list[Paint] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)

    def wall(self) -> float:
        return median(paint.wall for paint in self.paints)

    def cpu(self) -> float:
        return median(paint.cpu for paint in self.paints)


def measure() -> Sequence[Line]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [*_starts(folder), *_keys(folder), *_long(folder), *_streams(folder)]


def _environment(folder: Path, **more: str) -> dict[str, str]:
    """An environment of its own; compiled modules are kept, as on any machine where the console has been started before."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("CUTOVER_", "SSH_", "TEXTUAL"))
    }
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    homes = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("STATE", "CONFIG", "CACHE")}
    return {**kept, **homes, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **more}


def _floor(folder: Path) -> Wire:
    return Wire([sys.executable, floor_app.__file__], _environment(folder), folder)


def _console(folder: Path, plan: str, journal: str, ground: str = NOBODY, **more: str) -> Wire:
    command = [
        sys.executable,
        "-m",
        "console",
        "open",
        plan,
        "--journal",
        str(folder / journal),
        "--sandbox",
        ground,
    ]
    return Wire(command, _environment(folder, **more), Path.cwd())


def _starts(folder: Path) -> Iterator[Line]:
    with _console(folder, "reference", "start.journal") as cold:
        first = cold.see(USEFUL)
        cold.see(READ)
    floor, ours, answers = _in_turns(folder, "reference", "start.journal")
    yield Line("first useful paint, floor", _paints(floor))
    yield Line("first useful paint, console", _paints(ours) + _ratio(ours, floor, 1.35))
    yield Line("  the very first time", f"wall {first.wall:6.2f} s   cpu {first.cpu:6.2f} s")
    yield Line("  keys are answered", _paints(answers) + f"   cpu {answers.cpu() / floor.cpu():.2f}x")


def _in_turns(folder: Path, plan: str, journal: str) -> tuple[Found, Found, Found]:
    """Starts of the floor and of the console, one after the other: first paints, and when the console answers keys."""
    floor, ours, answers = Found(), Found(), Found()
    for _ in range(RUNS):
        with _floor(folder) as wire:
            floor.paints.append(wire.see(floor_app.READY))
        with _console(folder, plan, journal) as wire:
            ours.paints.append(wire.see(USEFUL))
            answers.paints.append(wire.see(ANSWERS))
    return floor, ours, answers


def _keys(folder: Path) -> Iterator[Line]:
    floor, ours, plan = Found(), Found(), write_plan(folder / "still", 200)
    with _sandbox(folder, str(plan)) as ground, _floor(folder) as least:
        with _console(folder, "reference", "keys.journal", ground) as console:
            least.see(floor_app.READY)
            console.see(ANSWERS)
            console.settle(2.0)
            for _ in range(ROUNDS):
                floor.answers += [least.press(key) for key in KEYS]
                ours.answers += [console.press(key) for key in KEYS]
        with _console(folder, str(plan), "still.journal", ground) as console:
            console.see(ANSWERS)
            console.settle(3.0)
            floor.rests.append(least.rest(IDLE_SECONDS))
            ours.rests.append(console.rest(IDLE_SECONDS))
    yield from _key_lines(floor, ours)


def _key_lines(floor: Found, ours: Found) -> Iterator[Line]:
    least, late = (p95([each.seconds for each in found.answers]) for found in (floor, ours))
    yield Line("key to paint p95, floor", f"{least * 1e3:6.1f} ms")
    yield Line("key to paint p95, console", f"{late * 1e3:6.1f} ms{_target(late / least, 1.5, 'x')}")
    middle_least, middle = (median(each.seconds for each in found.answers) for found in (floor, ours))
    yield Line("  median", f"{middle * 1e3:6.1f} ms   {middle / middle_least:.2f}x")
    size = median(each.size for each in ours.answers)
    yield Line("bytes per cursor key, floor", f"{median(each.size for each in floor.answers):6.0f}")
    yield Line("bytes per cursor key, console", f"{size:6.0f}{_target(size, 700, '')}")
    still, rest = floor.rests[0], ours.rests[0]
    yield Line("idle, floor", f"{still.rate:6.1f} B/s   {still.cpu:5.2f} % cpu")
    told = _target(rest.rate, 0, " B/s") + _target(rest.cpu, 1, " %")
    yield Line("idle, console", f"{rest.rate:6.1f} B/s   {rest.cpu:5.2f} % cpu{told}")


def _long(folder: Path) -> Iterator[Line]:
    plan = write_plan(folder / "long", OPERATIONS)
    write_journal(folder / "long.journal", plan, EVENTS, NOBODY)
    with _console(folder, str(plan), "long.journal") as wire:
        first = wire.see(USEFUL)
        wire.see(READ)
    floor, ours, answers = _in_turns(folder, str(plan), "long.journal")
    what = f"{OPERATIONS:,} operations, {EVENTS:,} events"
    yield Line(f"first useful paint, {what}", _paints(ours) + _ratio(ours, floor, 1.6))
    yield Line("  keys are answered", _paints(answers) + f"   cpu {answers.cpu() / floor.cpu():.2f}x")
    yield Line("  the very first time, all read", f"wall {first.wall:6.2f} s   cpu {first.cpu:6.2f} s")


def _streams(folder: Path) -> Iterator[Line]:
    """A run is under way, so that its clock runs; a dozen metrics are looked at."""
    plan = write_plan(folder / "metrics", 200, METRICS)
    journal = folder / "metrics.journal"
    more = {"CUTOVER_LINK": "slow", "CUTOVER_METRICS_SECONDS": "60"}
    with _sandbox(folder, str(plan)) as ground:
        write_journal(journal, plan, 400, ground)
        with _held(journal), _console(folder, str(plan), "metrics.journal", ground, **more) as wire:
            wire.see(ANSWERS)
            wire.settle(5.0, 15.0)
            rest = wire.rest(STREAM_SECONDS)
    what = f"{METRICS} metrics and a running clock, slow link"
    yield Line(what, f"{rest.rate:6.1f} B/s   {rest.cpu:5.2f} % cpu{_target(rest.rate, 300, ' B/s')}")


@contextmanager
def _sandbox(folder: Path, plan: str) -> Iterator[str]:
    """A sandbox in a process of its own: what it takes is not the console's."""
    command = [sys.executable, "-m", "console", "sandbox", "--plan", plan]
    process = subprocess.Popen(command, env=_environment(folder), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _held(journal: Path) -> Iterator[None]:
    """The lease of a runner that does nothing."""
    lease = Lease.take(journal, Owner.here("2026-11-20T03:00:00Z"), clock=boot_clock)
    try:
        yield
    finally:
        lease.release()


def _paints(found: Found) -> str:
    return f"wall {found.wall():6.2f} s   cpu {found.cpu():6.2f} s   n {len(found.paints)}"


def _ratio(ours: Found, floor: Found, most: float) -> str:
    return f"   cpu {ours.cpu() / floor.cpu():.2f}x{_target(ours.wall() / floor.wall(), most, 'x')}"


def _target(value: float, most: float, unit: str) -> str:
    return f"   {value:.2f}{unit} of at most {most:g}{unit}{'' if value <= most else '  MISSED'}"
