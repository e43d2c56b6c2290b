"""A bench for the engine: plans from YAML, the fake AWS, a journal, and runs that may crash."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from operations.aws.gateway import Access, Gateway
from operations.aws.model.catalog import ApiCatalog
from operations.aws.probes.table import ProbeTable
from operations.aws.redaction import Redactor
from operations.engine.context import RunContext
from operations.engine.hands import Hands, LiveHands
from operations.engine.pace import Pace
from operations.engine.runner import Assignment, Runner
from operations.engine.values import Values
from operations.plan.graph import PlanGraph
from operations.plan.loader import LoadedPlan, load_plan
from state.events import Direction, Event, Payload, RunResult
from state.journal import Journal, PlanIdentity
from state.projections.states import OperationState, PlanStatus
from state.projections.status import fold
from state.reader import JournalReader
from state.request_events import ApprovalGranted, RequestRun
from tests.operations.engine.fake_aws import ACCOUNT, FakeAws, FakeSessions

HEAD = f"""
plan: bench
title: A bench
account: "{ACCOUNT}"
region: us-east-1
phases:
  - id: "1"
    title: Only phase
    subphases:
      - id: "1.1"
        title: Only sub-phase
        operations:
"""
CATALOG = ApiCatalog()


class Bench:
    """Runs a plan on the fake AWS, each run as a runner process would, in this one."""

    def __init__(self, folder: Path, operations: str) -> None:
        text = HEAD + "\n".join(" " * 10 + line for line in operations.strip("\n").splitlines())
        self.file = folder / "plan.yaml"
        self.file.write_text(text)
        self.loaded: LoadedPlan = load_plan(self.file)
        self.path = folder / "bench.journal"
        self.aws = FakeAws()
        self.hands: Hands = LiveHands()
        self._ids = (f"01J{number:023d}" for number in itertools.count(1))

    def journal(self, actor: str = "kim@here") -> Journal:
        """The journal, open for writing."""
        identity = PlanIdentity(self.loaded.plan.plan, self.loaded.digest)
        return Journal(
            self.path,
            identity,
            clock=lambda: datetime.now(UTC),
            new_id=lambda: next(self._ids),
            actor=actor,
        )

    def run(self, *operations: str, max_parallel: int = 4) -> RunResult:
        """Carry operations out, all of them when none is named."""
        return self._go(Direction.FORWARD, operations or tuple(self.loaded.plan.operations), max_parallel)

    def roll_back(self, *operations: str) -> RunResult:
        """Undo operations, all of them when none is named."""
        return self._go(Direction.INVERSE, operations or tuple(self.loaded.plan.operations), 4)

    def resume(self) -> RunResult:
        """Take the last run up again."""
        run = self.status().run
        assert run is not None
        return self._go(run.direction, run.operations, 4, run=run.id)

    def _go(
        self, direction: Direction, operations: Sequence[str], max_parallel: int, run: str | None = None
    ) -> RunResult:
        async def inside() -> RunResult:
            with self.journal() as journal:
                asked = journal.append(RequestRun(operations=tuple(operations), confirmed="test"))
                redactor = Redactor(CATALOG)
                gateway = Gateway(
                    FakeSessions(self.aws),
                    Access.ARMED,
                    CATALOG,
                    redactor,
                    monotonic=time.monotonic,
                    rates={"ssm": 1e6, "ec2": 1e6},
                )
                async with gateway:
                    context = self._context(journal, gateway, run or next(self._ids))
                    assignment = Assignment(
                        direction, tuple(operations), max_parallel, asked.seq, run is not None
                    )
                    return await Runner(context).run(assignment)

        return asyncio.run(inside())

    def _context(self, journal: Journal, gateway: Gateway, run: str) -> RunContext:
        clock = lambda: datetime.now(UTC)  # noqa: E731
        plan = self.loaded.plan
        return RunContext(
            loaded=self.loaded,
            graph=PlanGraph.of(plan),
            journal=journal,
            gateway=gateway,
            probes=ProbeTable(),
            hands=self.hands,
            values=Values(plan, run, ACCOUNT, "us-east-1", clock, lambda name, _: f"secret-{name}"),
            pace=Pace(1e6),
            clock=clock,
            monotonic=time.monotonic,
            chance=random.Random(1),
            run=run,
        )

    def append(self, payload: Payload, operation: str | None = None, actor: str = "kim@here") -> None:
        """Write an event as the console would."""
        with self.journal(actor) as journal:
            journal.append(payload, operation=operation)

    def approve(self, operation: str, actor: str = "sam@there", digest: str | None = None) -> None:
        """A second person's word."""
        granted = ApprovalGranted(role=None, digest=digest or self.loaded.digest, reason="seen")
        self.append(granted, operation, actor)

    def events(self, kind: str = "") -> list[Event]:
        """All events of a kind, or of a family."""
        with JournalReader(self.path) as reader:
            return [event for event in reader.events() if event.kind.startswith(kind)]

    def status(self) -> PlanStatus:
        """What the journal says."""
        return fold(self.events())

    def state(self, operation: str) -> OperationState:
        """The state of one operation."""
        return self.status().of(operation).state


@pytest.fixture
def bench(tmp_path: Path) -> Callable[[str], Bench]:
    """Makes a bench from the YAML of a list of operations."""
    return lambda operations: Bench(tmp_path, operations)
