"""Walking the chain of a long sealed journal, and folding it into a status.

No two rows say the same, and a head is signed every hundred rows: what a verifier has to do with a journal of a real run.
Processor time stands beside the time that passed: where several processes share the work it is more, on a busy machine less.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.commands.journal import MOST_PIECES
from state import chain
from state.chain import Row
from state.events import CheckStage, Direction, Payload, Result, Verdict
from state.journal import Journal, PlanIdentity
from state.operation_events import StepIntent, StepOutcome, TriggerSample
from state.projections.status import fold
from state.reader import JournalReader
from state.run_events import HeadReason
from state.seal_cadence import EVENTS as HEAD_EVERY
from state.seals import SignedHead, sealed
from tests.benchmarks.measure import Line, rate, seconds

EVENTS = 1_000_000
FOLDED = 100_000
PIECES = min((os.cpu_count() or 1) + 1, MOST_PIECES)
BEGAN = datetime(2026, 11, 20, 3, tzinfo=UTC)
JOURNAL_ID = "01JBENCH00000000000000000"


def measure() -> Sequence[Line]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.journal"
        write_sealed(path, EVENTS)
        with JournalReader(path) as reader:
            alone, spent_alone = _both(lambda: _verified(reader))
            shared, spent = _both(lambda: _verified(reader, PIECES))
            events = reader.events(limit=FOLDED)
            read = seconds(lambda: reader.events(limit=FOLDED))
        return [
            Line("chain verified", f"{rate('', EVENTS, alone).figures}   cpu {spent_alone:.2f} s"),
            Line(
                "  as the command does", f"{rate('', EVENTS, shared).figures}   cpu {spent:.2f} s, target 5 s"
            ),
            rate("events read", FOLDED, read),
            rate("events folded into a status", FOLDED, seconds(lambda: fold(events))),
        ]


def _verified(reader: JournalReader, processes: int = 1) -> None:
    report = reader.verify(processes=processes)
    if not report.ok:
        sys.exit(f"the benchmark's own journal is not sound: {report.problem}")


def _both(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds that passed, and seconds of processor time with those of child processes."""
    before, started = os.times(), time.perf_counter()
    act()
    took, after = time.perf_counter() - started, os.times()
    return took, sum(after[:4]) - sum(before[:4])


def write_sealed(path: Path, events: int) -> None:
    """A sound journal, sealed to its last row, in one transaction: the appends are not what is measured here."""
    with Journal(
        path, PlanIdentity("bench", "d"), clock=lambda: BEGAN, new_id=lambda: JOURNAL_ID, actor="a@b"
    ):
        pass
    connection = sqlite3.connect(str(path))
    (prev,) = connection.execute("SELECT hash FROM events").fetchone()
    connection.executemany("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?)", _rows(prev, events))
    connection.commit()
    connection.close()


def _rows(prev: str, events: int) -> Iterator[Row]:
    key, newest = Ed25519PrivateKey.from_private_bytes(b"b" * 32), 0
    public = key.public_key().public_bytes_raw().hex()
    for seq in range(2, events + 1):
        at = (BEGAN + timedelta(milliseconds=seq)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        payload, operation = _payload(seq), f"op-{seq // 60 % 60}"
        if seq - newest > HEAD_EVERY or seq == events:
            head = SignedHead(JOURNAL_ID, seq - 1, prev, newest or None, at, public, "")
            payload, newest = sealed(head, key.sign, HeadReason.COUNT, ()), seq
        text = chain.canonical(payload.model_dump(mode="json"))
        row: Row = (seq, at, "R", payload.kind.value, operation, "a@b", None, text, prev, "")
        prev = chain.row_hash(row)
        yield (*row[:9], prev)


def _payload(seq: int) -> Payload:
    step: dict[str, Any] = {"step": seq % 7, "attempt": 1, "direction": Direction.FORWARD}
    if seq % 3 == 0:
        expect = "length(MetricAlarms[?StateValue == 'ALARM']) == `0`"
        return TriggerSample(
            stage=CheckStage.WATCH,
            check="cloudwatch:DescribeAlarms",
            verdict=Verdict.PASS,
            expect=expect,
            seconds=seq / 1e4,
        )
    if seq % 3 == 1:
        return StepIntent(
            api="ec2:CreateSubnet",
            params_digest=f"{seq:064x}",
            token=f"t-{seq}",
            mutates=True,
            params={"CidrBlock": f"10.0.{seq % 256}.0/24", "VpcId": f"vpc-{seq:017x}"},
            **step,
        )
    saved = {"subnet_id": f"subnet-{seq:017x}"}
    return StepOutcome(
        result=Result.APPLIED, seconds=seq / 1e4, request_id=f"{seq:052X}", saved=saved, **step
    )
