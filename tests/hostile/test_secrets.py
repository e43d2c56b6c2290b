"""No secret gets out: canaries in every marked or secret-named member, through the real path, sought in every file."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from console import logs
from console.acts.previews import Previewer
from console.journal.follow import line
from console.logs import LogGuard, guard_logs
from console.output import json_text
from operations.aws.gateway import Access, Gateway
from operations.aws.outcome import GatewayError
from operations.aws.probes.table import ProbeTable
from operations.aws.redaction import Redactor
from operations.checks.evaluate import evaluate
from operations.engine.context import RunContext
from operations.engine.errors import EngineError
from operations.engine.hands import LiveHands, PlannedStep
from operations.engine.pace import Pace
from operations.engine.reads import read
from operations.engine.site import Site
from operations.engine.steps import StepRunner
from operations.engine.values import Values
from operations.plan.digest import Digests
from operations.plan.graph import PlanGraph
from operations.plan.loader import LoadedPlan, load_plan
from operations.plan.steps import ApiStep
from state.events import CheckStage, Direction
from state.journal import Journal, PlanIdentity
from state.operation_events import CheckResult, OperationCheckpoint, OperationFailed
from state.reader import JournalReader
from tests.conftest import Tally
from tests.hostile.canaries import CATALOG, Canaries, credentials_in, every_api, filled, some_apis

ACCOUNT = "123456789012"
SEED = 22
PROBES = ProbeTable()
BATCH = 100
PLAN = f"""
plan: canaries
title: Canaries
account: "{ACCOUNT}"
region: us-east-1
phases:
  - id: "1"
    title: Only phase
    subphases:
      - id: "1.1"
        title: Only sub-phase
        operations:
          - id: op
            title: Operation
            kind: data
            forward: [{{manual: look}}]
            inverse: [{{manual: look}}]
"""


class OneAnswer:
    """Sessions whose every call gets the same answer or the same error."""

    name = "LIVE"
    endpoint = None
    account = ACCOUNT
    region = "us-east-1"

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.error: str | None = None

    @asynccontextmanager
    async def client(self, service: str) -> AsyncIterator[Any]:
        yield _Client(self)


class _Client:
    def __init__(self, sessions: OneAnswer) -> None:
        self._sessions = sessions

    def __getattr__(self, action: str) -> Any:
        async def call(**params: Any) -> dict[str, Any]:
            if action == "get_caller_identity":
                return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/kim"}
            if self._sessions.error is not None:
                answer = {"Error": {"Code": "ValidationException", "Message": self._sessions.error},
                          "ResponseMetadata": {"HTTPStatusCode": 400}}  # fmt: skip
                raise ClientError(answer, action)
            return dict(self._sessions.answer)

        return call


class Scene:
    """One journal and one log file into which calls write."""

    def __init__(self, folder: Path, guard: LogGuard) -> None:
        self.path = folder / "canaries.journal"
        file = folder / "plan.yaml"
        file.write_text(PLAN)
        self.loaded: LoadedPlan = load_plan(file)
        self._ids = (f"01J{number:023d}" for number in itertools.count(1))
        identity = PlanIdentity(self.loaded.plan.plan, self.loaded.digest)
        self.journal = Journal(
            self.path,
            identity,
            clock=lambda: datetime.now(UTC),
            new_id=lambda: next(self._ids),
            actor="kim@here",
        )
        self._guard = guard
        self._seen: list[str] = []

    async def call(self, api: str, canaries: Canaries) -> None:
        """Everything that a run does with a call, its answer and its error."""
        params = filled(CATALOG.input_shape(api), canaries, f"{api} request")
        answer = credentials_in(CATALOG.output_shape(api), canaries, f"{api} answer")
        sessions = OneAnswer(answer)
        redactor = Redactor(CATALOG, tell=self._guard.learn)
        gateway = Gateway(sessions, Access.ARMED, CATALOG, redactor, monotonic=time.monotonic)
        step = ApiStep(api=api, params=params, save={"all": "@"})
        async with gateway:
            context = self._context(gateway)
            steps = StepRunner(context)
            logging.getLogger("botocore.endpoint").debug("Making request for %s with params: %s", api, params)
            await self._step(context, steps, step)
            logging.getLogger("botocore.parsers").debug("Response body:\n%s", answer)
            outcome = await evaluate(
                step.model_copy(update={"expect": "to_string(@) == 'x'"}),
                context.values.scope("op"),
                lambda name, sent: read(context, name, sent),
                mask=redactor.redact_value,
            )
            context.record(
                CheckResult(stage=CheckStage.VERIFY, check=outcome.check, verdict=outcome.verdict, message=outcome.message),
                "op",
            )  # fmt: skip
            context.record(OperationCheckpoint(evidence={"read": answer | {"said": str(answer)}}), "op")
            sessions.error = f"Value(s) {' and '.join(canaries.loud)} at 'x' failed to satisfy the constraint"
            await self._step(context, steps, step, trace=canaries.seed % 10 == 0)
        plan = self.loaded.plan
        previewer = Previewer(plan, PlanGraph.of(plan), None, Redactor(CATALOG), Digests(plan))  # type: ignore[arg-type]
        self._seen.append(previewer._params(step, str))

    async def _step(
        self, context: RunContext, steps: StepRunner, step: ApiStep, *, trace: bool = False
    ) -> None:
        try:
            await steps.run(Site("op", Direction.FORWARD, 1), PlannedStep(step))
        except (EngineError, GatewayError) as error:
            logging.getLogger("cutover").warning("failed: %s", error, exc_info=trace)
            context.record(OperationFailed(step=step.api, error=str(error)), "op")

    def _context(self, gateway: Gateway) -> RunContext:
        plan = self.loaded.plan
        values = Values(
            plan, "01J", ACCOUNT, "us-east-1", lambda: datetime.now(UTC), lambda name, _: f"made-up-{name}"
        )
        return RunContext(
            loaded=self.loaded,
            graph=PlanGraph.of(plan),
            journal=self.journal,
            gateway=gateway,
            probes=PROBES,
            hands=LiveHands(),
            values=values,
            pace=Pace(1e9),
            clock=lambda: datetime.now(UTC),
            monotonic=time.monotonic,
            chance=random.Random(1),
            run="01J",
        )

    def all_bytes(self, log: Path) -> dict[str, bytes]:
        """Everything that was written: database and write-ahead log, log, previews, what exports and screens would show."""
        files = {path.name: path.read_bytes() for path in self.path.parent.glob("canaries.journal*")}
        with JournalReader(self.path) as reader:
            events = reader.events()
        self.journal.close()
        return {
            **files,
            "log": log.read_bytes(),
            "previews": "\n".join(self._seen).encode(),
            "export": "\n".join(json_text(asdict(event)) for event in events).encode(),
            "lines": "\n".join(map(line, events)).encode(),
        }


@contextmanager
def everything_logged(path: Path) -> Iterator[LogGuard]:
    """A process whose logs are guarded, and then forced to DEBUG by somebody, into a file."""
    factory, root = logging.getLogRecordFactory(), logging.getLogger()
    level, handler = root.level, logging.FileHandler(path)
    logs._guard = None
    guard = guard_logs({"AWS_SECRET_ACCESS_KEY": "CANARYin-the-environment"})
    names = ("botocore", "aiobotocore", "urllib3")
    before = {name: logging.getLogger(name).level for name in names}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield guard
    finally:
        root.removeHandler(handler)
        handler.close()
        root.setLevel(level)
        for name, old in before.items():
            logging.getLogger(name).setLevel(old)
        logging.setLogRecordFactory(factory)
        logs._guard = None


def used_by_the_reference_plan() -> tuple[str, ...]:
    """The calls of the bundled plan."""
    plan = load_plan("reference").plan
    steps = [step for op in plan.operations.values() for part in op.sections().values() for step in part]
    inner = [call for step in steps for call in getattr(step, "stand_in", None) or ()]
    return tuple(sorted({step.api for step in (*steps, *inner) if isinstance(step, ApiStep)}))


@pytest.mark.catalogue(
    22, "canary in each marked or secret-named member", "0 in db, -wal, logs, screen, exports"
)
def test_no_canary_gets_out(tally: Tally, tmp_path: Path) -> None:
    """In requests, answers, error messages and DEBUG logs; sought plain and as base64.

    In a process of its own: logging is a process's own, and other tests have set it up otherwise.
    """
    apis = list(every_api()) if tally.whole else [*used_by_the_reference_plan(), *some_apis(SEED, 12, 6)]
    with_canaries = 0
    process = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    for number in range(0, len(apis), BATCH):
        folder = tmp_path / str(number)
        folder.mkdir()
        batch = apis[number : number + BATCH]
        every = process.submit(carried_out, folder, batch, number).result()
        found = every[1]
        for api, canaries in every[0].items():
            with_canaries += bool(canaries.places)
            leaks = {name: canaries.found_in(raw) for name, raw in found.items()}
            leaked = {name: places for name, places in leaks.items() if places}
            tally.note(f"{api}: {leaked}" if leaked else None)
    process.shutdown()
    assert with_canaries > len(apis) / 20, "hardly any call had a canary, so nothing was shown"


def carried_out(
    folder: Path, apis: Sequence[str], number: int
) -> tuple[dict[str, Canaries], dict[str, bytes]]:
    """Make a batch of calls; their canaries, and everything that was written."""
    log = folder / "debug.log"
    all_canaries = {api: Canaries(SEED + number + index) for index, api in enumerate(apis)}

    async def make(scene: Scene) -> None:
        for api, canaries in all_canaries.items():
            await scene.call(api, canaries)

    with everything_logged(log) as guard:
        scene = Scene(folder, guard)
        asyncio.run(make(scene))
        logging.getLogger("urllib3").debug("Authorization: CANARYin-the-environment")
    return all_canaries, scene.all_bytes(log)
