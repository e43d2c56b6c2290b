"""Runner processes on a loopback AWS: asked for in a journal, started, stopped, waited for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from console import openers
from console.runner_process import RunnerOrder
from state.chain import ChainReport
from state.events import Direction, Event, Payload
from state.projections.states import PlanStatus
from state.projections.status import fold
from state.reader import JournalReader
from state.request_events import RequestResume, RequestRollback, RequestRun
from tests.e2e.conftest import PATIENCE, PLANS, Cutover
from tests.e2e.loopback import Loopback

CHAIN = PLANS / "chain.yaml"


def wait_for(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds that no event tells of."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"it never came to this: {what}"
        time.sleep(0.02)


@dataclass
class Runners:
    """Starts runner processes for the chain plan on one journal."""

    home: Path
    aws: Loopback
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def journal(self) -> Path:
        return self.home / "chain.journal"

    def ask(self, request: Payload) -> Event:
        """Journal a request, as a console does."""
        loaded = openers.open_plan(str(CHAIN))
        with openers.open_journal(self.journal, loaded) as journal:
            return journal.append(request)

    def order(
        self, direction: Direction = Direction.FORWARD, *, run: str | None = None, **more: object
    ) -> RunnerOrder:
        """Ask for everything, and what a runner is then told; with a run, it is resumed."""
        loaded = openers.open_plan(str(CHAIN))
        operations = tuple(loaded.plan.operations)
        kind = RequestRun if direction is Direction.FORWARD else RequestRollback
        request = RequestResume() if run else kind(operations=operations, confirmed="test")
        return RunnerOrder(
            plan=str(CHAIN),
            digest=loaded.digest,
            journal=str(self.journal),
            endpoint=self.aws.url,
            speed=6000.0,
            direction=direction.value,
            operations=operations,
            max_parallel=4,
            request=self.ask(request).seq,
            run=run or openers.new_id(),
            resumes=run is not None,
            **more,  # type: ignore[arg-type]
        )

    def start(self, order: RunnerOrder) -> subprocess.Popen[str]:
        """Start a runner as the console does, with what it says kept."""
        process = subprocess.Popen(
            [sys.executable, "-m", "console.runner_process", json.dumps(asdict(order))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={
                **Cutover(self.home).environment,
                "AWS_ACCESS_KEY_ID": "sandbox",
                "AWS_SECRET_ACCESS_KEY": "sandbox",
            },
        )
        self.started.append(process)
        return process

    def events(self, kind: str = "") -> list[Event]:
        """The journal's events of a kind or family."""
        with JournalReader(self.journal) as reader:
            return [event for event in reader.events() if event.kind.startswith(kind)]

    def status(self) -> PlanStatus:
        """What the journal says."""
        return fold(self.events())

    def chain(self) -> ChainReport:
        """Whether the journal is whole."""
        with JournalReader(self.journal) as reader:
            return reader.verify()

    def end(self) -> None:
        """Leave no process behind."""
        for process in self.started:
            if process.poll() is None:
                os.kill(process.pid, 9)
            process.communicate(timeout=PATIENCE)


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a runner's end; its exit code and what it said."""
    said = process.communicate(timeout=PATIENCE)[1]
    return process.returncode, said
