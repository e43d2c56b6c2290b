"""A plan of ten thousand operations, its journal of a million events, and a small plan with a dozen metrics."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain as one_after_another
from itertools import islice
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3

from console import openers
from operations.plan.loader import LoadedPlan, load_plan
from state import chain
from state.chain import Row
from state.events import CheckStage, Direction, Payload, Result, Verdict
from state.operation_events import CheckResult, OperationStarted, OperationSucceeded, StepIntent, StepOutcome
from state.run_events import RunStarted

HEAD = 'plan: long\ntitle: Long\naccount: "123456789012"\nregion: us-east-1\nalias: bench\n'
PHASES, SUBPHASES = 20, 5
BEGAN = datetime(2026, 11, 20, 3, tzinfo=UTC)
ACTOR = "bench@host"
RUN = "01JBENCH"
_DONE_SHARE = 0.9

Draft = tuple[Payload, str | None]


def write_plan(folder: Path, operations: int, metrics: int = 0) -> Path:
    """A plan in a folder, a file for each phase: within a sub-phase each operation depends on the one before."""
    folder.mkdir(parents=True)
    figures = json.dumps([_metric(n) for n in range(metrics)])
    (folder / "plan.yaml").write_text(f"{HEAD}metrics: {figures}\n", encoding="utf-8")
    each = operations // (PHASES * SUBPHASES)
    for phase in range(1, PHASES + 1):
        subs = [
            {
                "id": f"{phase}.{sub}",
                "title": f"Part {sub}",
                "operations": [_operation(f"op-{phase}-{sub}", n) for n in range(each)],
            }
            for sub in range(1, SUBPHASES + 1)
        ]
        text = f'phases:\n  - id: "{phase}"\n    title: Stage {phase}\n    subphases: {json.dumps(subs)}\n'
        (folder / f"phase-{phase:02}.yaml").write_text(text, encoding="utf-8")
    return folder


def _metric(n: int) -> dict[str, Any]:
    return {
        "id": f"m-{n}",
        "title": f"Metric {n}",
        "namespace": "Bench",
        "name": f"Figure{n}",
        "period": 60,
        "threshold": {"op": "<", "value": 5},
    }


def _operation(stem: str, n: int) -> dict[str, Any]:
    key = f"{stem}-{n}"
    return {
        "id": key,
        "title": f"Operation {key}",
        "kind": "compute",
        "depends_on": [f"{stem}-{n - 1}"] if n else [],
        "forward": [
            {"api": "sqs:CreateQueue", "params": {"QueueName": f"queue-{key}"}, "save": {"url": "QueueUrl"}}
        ],
        "inverse": [{"api": "sqs:DeleteQueue", "params": {"QueueUrl": "${url}"}}],
        "verify": [{"api": "sqs:GetQueueAttributes", "params": {"QueueUrl": "${url}"}}],
    }


def write_journal(path: Path, origin: Path, events: int, endpoint: str) -> None:
    """A sound journal of so many events, written in one transaction: nine operations in ten are done, one is under way."""
    loaded = load_plan(origin)
    openers.open_journal(path, loaded).close()
    connection = sqlite3.connect(str(path))
    seq, prev = connection.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    drafts = islice(_drafts(loaded, events, endpoint), events - seq)
    connection.executemany("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?)", _rows(drafts, seq, prev))
    connection.commit()
    connection.close()


def _drafts(loaded: LoadedPlan, events: int, endpoint: str) -> Iterator[Draft]:
    keys = list(loaded.plan.operations)
    yield _run(loaded, keys, endpoint), None
    done = keys[: int(len(keys) * _DONE_SHARE)]
    looks = max(1, events // len(done) - 4)
    yield from one_after_another.from_iterable(_life(key, looks, succeeds=True) for key in done)
    while True:
        yield from _life(keys[len(done)], 50, succeeds=False)


def _run(loaded: LoadedPlan, keys: list[str], endpoint: str) -> RunStarted:
    return RunStarted(
        direction=Direction.FORWARD,
        operations=tuple(keys),
        digest=loaded.digest,
        setting="DRILL",
        account=loaded.plan.account,
        region=loaded.plan.region,
        endpoint=endpoint,
        max_parallel=4,
        pid=1,
        request=1,
    )


_STEP: dict[str, Any] = {"step": 1, "attempt": 1, "direction": Direction.FORWARD}


def _life(key: str, looks: int, *, succeeds: bool) -> Iterator[Draft]:
    yield OperationStarted(attempt=1, estimate_minutes=1, steps=("create",), way_back=("delete",)), key
    intent = StepIntent(
        api="sqs:CreateQueue", params_digest="0" * 64, token=None, mutates=True, params={}, **_STEP
    )
    yield intent, key
    yield StepOutcome(result=Result.APPLIED, seconds=0.1, saved={"url": f"https://sqs/{key}"}, **_STEP), key
    for _ in range(looks):
        yield _LOOK, key
    if succeeds:
        yield OperationSucceeded(seconds=3.0), key


_LOOK = CheckResult(stage=CheckStage.WATCH, check="GetQueueAttributes", verdict=Verdict.PASS)


def _rows(drafts: Iterator[Draft], seq: int, prev: str) -> Iterator[Row]:
    texts: dict[int, str] = {id(_LOOK): chain.canonical(_LOOK.model_dump(mode="json"))}
    for payload, operation in drafts:
        seq += 1
        text = texts.get(id(payload)) or chain.canonical(payload.model_dump(mode="json"))
        at = (BEGAN + timedelta(milliseconds=seq)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        row: Row = (seq, at, RUN, payload.kind.value, operation, ACTOR, None, text, prev, "")
        prev = chain.row_hash(row)
        yield (*row[:9], prev)
