"""One durable append, beside what the disk takes for 4 KiB and what SQLite takes without a chain.

The three take turns, so that a disk that is busy for a while slows all of them down.
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3

from state.events import Direction
from state.journal import Journal, PlanIdentity
from state.operation_events import StepIntent
from tests.benchmarks.measure import Line, seconds, spread

APPENDS = 500
INTENT = StepIntent(
    step=1,
    attempt=1,
    direction=Direction.FORWARD,
    api="ec2:CreateVpc",
    params_digest="0" * 64,
    token=None,
    mutates=True,
    params={"CidrBlock": "10.0.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": []}]},
)


def measure() -> Sequence[Line]:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        acts = {
            "4 KiB appended and fdatasync": _raw(Path(folder) / "raw"),
            "SQLite WAL FULL insert, no chain": _plain(Path(folder) / "plain.db"),
            "journal append": _journal(Path(folder) / "bench.journal"),
        }
        times: dict[str, list[float]] = {name: [] for name in acts}
        for _ in range(APPENDS):
            for name, act in acts.items():
                times[name].append(seconds(act))
    return [spread(name, found) for name, found in times.items()]


def _raw(path: Path) -> Callable[[], object]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    sync = getattr(os, "fdatasync", os.fsync)

    def act() -> None:
        os.write(descriptor, b"\0" * 4096)
        sync(descriptor)

    return act


def _plain(path: Path) -> Callable[[], object]:
    connection: Any = sqlite3.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT")
    text = INTENT.model_dump_json()
    return lambda: connection.execute("INSERT INTO events (data) VALUES (?)", (text,))


def _journal(path: Path) -> Callable[[], object]:
    journal = Journal(
        path, PlanIdentity("bench", "d"), clock=lambda: datetime.now(UTC), new_id=lambda: "B", actor="a@b"
    )
    return lambda: journal.append(
        INTENT, run="R", operation="vpc", identity="arn:aws:iam::123456789012:user/a"
    )
