"""The engine in this process on a sandbox over real HTTP: for tests that need faults on the wire and no command."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from console.compose import made_up_secrets
from operations.aws.gateway import Access, Gateway
from operations.aws.model.catalog import ApiCatalog
from operations.aws.probes.table import ProbeTable
from operations.aws.redaction import Redactor
from operations.aws.sessions import SandboxSessions
from operations.engine.context import RunContext
from operations.engine.hands import StandIns
from operations.engine.pace import Pace
from operations.engine.runner import Assignment, Runner
from operations.engine.values import Values
from operations.plan.graph import PlanGraph
from operations.plan.loader import LoadedPlan
from state.events import Direction, Event, Payload, RunResult
from state.journal import Journal, PlanIdentity
from state.projections.states import PlanStatus
from state.projections.status import fold
from state.reader import JournalReader
from state.request_events import RequestRun

CATALOG = ApiCatalog()
SPEED = 2000.0
"""Plan seconds in a second, the sandbox's too."""


@dataclass
class EngineBench:
    """Runs a plan on the sandbox at `endpoint`; each run as a runner process would, `clock` as it likes."""

    loaded: LoadedPlan
    endpoint: str
    path: Path
    speed: float = SPEED
    parallel: int = 1
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def _new_id(self) -> str:
        return f"01J{next(self._ids):05d}{abs(hash(self.path)) % 10**18:018d}"

    def journal(self) -> Journal:
        """The journal, open for writing."""
        identity = PlanIdentity(self.loaded.plan.plan, self.loaded.digest)
        return Journal(self.path, identity, clock=self.clock, new_id=self._new_id, actor="kim@here")

    def run(self, *operations: str) -> RunResult:
        """Carry operations out, all of them when none is named."""
        return self._go(Direction.FORWARD, operations or tuple(self.loaded.plan.operations))

    def roll_back(self, *operations: str) -> RunResult:
        """Undo operations, all of them when none is named."""
        return self._go(Direction.INVERSE, operations or tuple(self.loaded.plan.operations))

    def resume(self) -> RunResult:
        """Take the last run up again."""
        run = self.status().run
        assert run is not None
        return self._go(run.direction, run.operations, run.id)

    def _go(self, direction: Direction, operations: Sequence[str], run: str | None = None) -> RunResult:
        async def inside() -> RunResult:
            with self.journal() as journal:
                asked = journal.append(RequestRun(operations=tuple(operations), confirmed="test"))
                sessions = SandboxSessions(endpoint=self.endpoint, region=self.loaded.plan.region)
                rates = dict.fromkeys(_services(self.loaded), 1e6)
                redactor = Redactor(CATALOG)
                gateway = Gateway(
                    sessions, Access.ARMED, CATALOG, redactor, monotonic=time.monotonic, rates=rates
                )
                async with gateway:
                    context = self._context(journal, gateway, run or self._new_id())
                    order = Assignment(
                        direction, tuple(operations), self.parallel, asked.seq, run is not None
                    )
                    return await Runner(context).run(order)

        return asyncio.run(inside())

    def _context(self, journal: Journal, gateway: Gateway, run: str) -> RunContext:
        plan = self.loaded.plan
        return RunContext(
            loaded=self.loaded,
            graph=PlanGraph.of(plan),
            journal=journal,
            gateway=gateway,
            probes=ProbeTable(),
            hands=StandIns(),
            values=Values(plan, run, plan.account, plan.region, self.clock, made_up_secrets),
            pace=Pace(self.speed),
            clock=self.clock,
            monotonic=time.monotonic,
            chance=random.Random(1),
            run=run,
        )

    def append(self, payload: Payload, operation: str | None = None) -> None:
        """Write an event as the console would."""
        with self.journal() as journal:
            journal.append(payload, operation=operation)

    def events(self, kind: str = "") -> list[Event]:
        """All events of a kind, or of a family."""
        with JournalReader(self.path) as reader:
            return [event for event in reader.events() if event.kind.startswith(kind)]

    def status(self) -> PlanStatus:
        """What the journal says."""
        return fold(self.events())


def _services(loaded: LoadedPlan) -> set[str]:
    found = {"sts"}
    for operation in loaded.plan.operations.values():
        for steps in operation.sections().values():
            for planned in StandIns().plan_steps(steps):
                name = getattr(planned.step, "api", None) or getattr(planned.step, "wait", "")
                found.add(str(name).partition(":")[0])
    return found
