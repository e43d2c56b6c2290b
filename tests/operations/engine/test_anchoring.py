"""Signed heads on their way to S3: put beside the run with an intent of their own, never in its way."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from operations.aws.anchor_bucket import AnchorBucket
from operations.aws.gateway import Access, Gateway
from operations.aws.redaction import Redactor
from operations.engine.anchor_outbox import Outbox
from operations.engine.anchoring import Anchoring
from operations.engine.context import RunContext
from state.events import RunResult
from state.journal import Journal, PlanIdentity
from state.kinds import Kind
from state.reader import JournalReader
from state.seals import read_head
from tests.operations.engine.conftest import CATALOG, Bench
from tests.operations.engine.fake_aws import FakeAws, FakeSessions, _error
from tests.state.sealing import Moving, parts

OPERATION = """
- id: setting
  title: A setting
  kind: configuration
  forward:
    - {api: "ssm:PutParameter", params: {Name: /a, Value: b, Type: String}}
  inverse:
    - {api: "ssm:DeleteParameter", params: {Name: /a}}
"""


class Bucket(FakeAws):
    """The fake with a bucket: keys are taken once, as `If-None-Match: *` has it."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, dict[str, Any]] = {}

    def put_object(self, Key: str, **params: Any) -> dict[str, Any]:
        if Key in self.objects:
            raise _error("PutObject", "PreconditionFailed", 412)
        self.objects[Key] = params
        return {"ETag": '"e"'}


class Sealing(Bench):
    """A bench whose journal is sealed and whose heads go to a bucket."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, OPERATION)
        self.aws: Bucket = Bucket()
        self.said: list[str] = []
        self._folder = folder
        self._outbox: Outbox | None = None

    def journal(self) -> Journal:
        self._outbox = Outbox(AnchorBucket.at("s3://heads/here", 30), self.said.append)
        return Journal(
            self.path,
            PlanIdentity(self.loaded.plan.plan, self.loaded.digest),
            clock=lambda: datetime.now(UTC),
            new_id=lambda: next(self._ids),
            actor="kim@here",
            seal=parts(self._folder / "anchors", self._outbox),
        )

    def _context(self, journal: Journal, gateway: Gateway, run: str) -> RunContext:
        return replace(super()._context(journal, gateway, run), outbox=self._outbox)

    def anchoring(self) -> list[tuple[str, Any]]:
        """What the journal says about S3: kind, and the result or the key."""
        return [
            (event.kind, event.data.get("result") or event.data["params"]["Key"])
            for event in self.events("step")
            if event.operation is None
        ]


@pytest.fixture
def bench(tmp_path: Path) -> Sealing:
    return Sealing(tmp_path)


def test_the_head_at_a_runs_end_is_put_locked_with_an_intent_before_it(bench: Sealing) -> None:
    assert bench.run() is RunResult.SUCCEEDED
    (head,) = bench.events(Kind.JOURNAL_HEAD)
    (key,) = bench.aws.objects
    put = bench.aws.objects[key]
    assert key.endswith(f"/{head.seq - 1:012d}.json")
    assert key.startswith("here/01J")
    assert (put["ObjectLockMode"], put["IfNoneMatch"], put["Bucket"]) == ("COMPLIANCE", "*", "heads")
    assert timedelta(29) < put["ObjectLockRetainUntilDate"] - datetime.now(UTC) <= timedelta(30)
    assert read_head(json.loads(put["Body"])) == read_head(head.data)
    assert bench.anchoring() == [("step.intent", key), ("step.outcome", "applied")]
    assert bench.events()[-1].kind == Kind.LEASE_RELEASED
    with JournalReader(bench.path) as reader:
        assert reader.verify().ok


@pytest.mark.parametrize(
    ("fault", "results", "word"),
    [
        ("denied", ["not_applied"], "AccessDenied"),
        ("server error", ["unknown"], "InternalError"),
        ("reply lost", ["unknown"], "ReadTimeout"),
    ],
)
def test_a_bucket_that_does_not_answer_stops_nothing(
    bench: Sealing, fault: str, results: list[str], word: str
) -> None:
    bench.aws.faults["put_object"] = [fault]
    assert bench.run() is RunResult.SUCCEEDED
    assert [word for kind, word in bench.anchoring() if kind == "step.outcome"] == results
    assert any(word in said for said in bench.said)
    assert bench.run("setting") is RunResult.SUCCEEDED
    assert len(bench.aws.objects) == (2 if fault == "reply lost" else 1)


def test_a_key_that_somebody_else_took_is_not_ours(bench: Sealing) -> None:
    taken = bench.aws.put_object
    bench.aws.put_object = lambda Key, **params: [taken(Key, **params), taken(Key, **params)][1]  # type: ignore[method-assign, assignment, return-value]
    assert bench.run() is RunResult.SUCCEEDED
    assert [word for kind, word in bench.anchoring() if kind == "step.outcome"] == ["not_applied"]
    assert any("PreconditionFailed" in said for said in bench.said)


def test_an_idle_run_is_sealed_and_anchored_and_a_lost_reply_is_known_again(bench: Sealing) -> None:
    """The same head is put again after a reply was lost, and the object that is there by then is our own."""
    clock = Moving()

    async def idle() -> None:
        again = asyncio.Event()
        bench.aws.on_call = lambda action, _: again.set() if bench.aws.objects else None
        with bench.journal() as journal:
            journal._clock = clock
            gateway = Gateway(
                FakeSessions(bench.aws), Access.ARMED, CATALOG, Redactor(CATALOG), monotonic=time.monotonic
            )
            async with gateway:
                context = replace(bench._context(journal, gateway, "R"), clock=clock)
                async with Anchoring(context, tick_seconds=0.001):
                    clock.on(60)
                    await asyncio.wait_for(again.wait(), 20)

    bench.aws.faults["put_object"] = ["reply lost"]
    asyncio.run(idle())
    assert [event.data["reason"] for event in bench.events(Kind.JOURNAL_HEAD)] == ["time"]
    assert [word for kind, word in bench.anchoring() if kind == "step.outcome"] == ["unknown", "applied"]


@pytest.mark.parametrize("address", ["", "heads", "s3://", "https://heads/x", "s3://heads/x?y"])
def test_what_is_no_bucket_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not a bucket"):
        AnchorBucket.at(address, 1)
