"""Walking the chain of a long journal, and folding it into a status."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3.dbapi2 as sqlite3
import rfc8785

from state import chain
from state.chain import Row
from state.events import Direction, Result
from state.journal import Journal, PlanIdentity
from state.operation_events import StepIntent, StepOutcome
from state.projections.status import fold
from state.reader import JournalReader
from tests.benchmarks.measure import Line, rate, seconds

EVENTS = 100_000


def measure() -> Sequence[Line]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.journal"
        _write(path)
        with JournalReader(path) as reader:
            verify = seconds(reader.verify)
            events = reader.events()
            read = seconds(reader.events)
        return [
            rate("chain verified", EVENTS, verify),
            rate("events read", EVENTS, read),
            rate("events folded into a status", EVENTS, seconds(lambda: fold(events))),
        ]


def _write(path: Path) -> None:
    """A sound journal written in one transaction: the appends are not what is measured here."""
    with Journal(
        path, PlanIdentity("bench", "d"), clock=lambda: datetime.now(UTC), new_id=lambda: "B", actor="a@b"
    ):
        pass
    connection = sqlite3.connect(str(path))
    (prev,) = connection.execute("SELECT hash FROM events").fetchone()
    connection.executemany("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?)", _rows(prev))
    connection.commit()
    connection.close()


def _rows(prev: str) -> Iterator[Row]:
    common = {"step": 1, "attempt": 1, "direction": Direction.FORWARD}
    intent = StepIntent(
        api="ec2:CreateVpc",
        params_digest="0" * 64,
        token=None,
        mutates=True,
        params={"CidrBlock": "10.0.0.0/16"},
        **common,
    )
    outcome = StepOutcome(result=Result.APPLIED, seconds=0.1, saved={"vpc_id": "vpc-1"}, **common)
    payloads = [(each.kind.value, each.model_dump(mode="json")) for each in (intent, outcome)]
    texts = [chain.canonical(data) for _, data in payloads]
    for seq in range(2, EVENTS + 1):
        kind, data = payloads[seq % 2]
        head = [seq, "2026-11-20T03:00:00.000000Z", "R", kind, f"op-{seq % 60}", "a@b", None]
        digest = hashlib.sha256(rfc8785.dumps([*head, data, prev])).hexdigest()
        yield (*head, texts[seq % 2], prev, digest)  # type: ignore[misc]
        prev = digest
