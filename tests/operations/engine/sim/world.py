"""A simulated world: one plan, one journal, one AWS, and runner processes that come and die."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from operations.aws.gateway import Access, Gateway
from operations.aws.model.catalog import ApiCatalog
from operations.aws.outcome import Answer
from operations.aws.probes.table import ProbeTable
from operations.aws.redaction import Redactor
from operations.engine.context import RunContext
from operations.engine.pace import Pace
from operations.engine.runner import Assignment, Runner
from operations.engine.values import Values
from operations.plan.graph import PlanGraph
from operations.plan.loader import LoadedPlan
from state.boot import this_host
from state.events import Direction, Event, Payload, RunResult
from state.journal import Journal, PlanIdentity
from state.projections.states import PlanStatus
from state.projections.status import fold
from state.reader import JournalReader
from state.request_events import ApprovalGranted, RequestResume, RequestRollback, RequestRun
from tests.operations.engine.fake_aws import ACCOUNT, CrashError
from tests.operations.engine.sim.aws import CAUSE, SimAws, SimSessions
from tests.operations.engine.sim.clock import Clock, VirtualLoop
from tests.operations.engine.sim.faults import Weather
from tests.operations.engine.sim.tools import SimHands

CATALOG = ApiCatalog()
PROBES = ProbeTable()
PID, HOST, BOOT = 4242, "sim", "00000000-0000-4000-8000-000000000000"
LISTEN_SECONDS = 2.0
"""Virtual seconds between two looks at the journal: less often than a runner does, for the number of events only."""


@dataclass(slots=True)
class Death:
    """When a runner dies: at which journal boundary from now, and on which side of it."""

    boundary: int
    before: bool


@dataclass(slots=True)
class Process:
    """A runner process: once dead, nothing of it runs any more."""

    dead: bool = False
    boundaries: int = 0
    death: Death | None = None
    died_at: str = ""

    def alive(self) -> None:
        if self.dead:
            raise CrashError

    def die(self, where: str = "") -> None:
        self.dead = True
        self.died_at = self.died_at or where
        raise CrashError


class SimJournal(Journal):
    """A journal whose writer may die at any boundary."""

    process: Process | None = None
    acknowledged: list[str] | None = None

    def append(
        self,
        payload: Payload,
        *,
        run: str | None = None,
        operation: str | None = None,
        identity: str | None = None,
    ) -> Event:
        process = self.process
        if process is None:
            return super().append(payload, run=run, operation=operation, identity=identity)
        process.alive()
        process.boundaries += 1
        now = process.death is not None and process.boundaries == process.death.boundary
        if now and process.death is not None and process.death.before:
            process.die(f"before {payload.kind} of {operation}")
        event = super().append(payload, run=run, operation=operation, identity=identity)
        if now:
            process.die(f"after {payload.kind} of {operation}")
        if self.acknowledged is not None:
            self.acknowledged.append(event.hash)
        return event


class SimGateway(Gateway):
    """The gateway itself; it only tells the fake on behalf of which intent a call leaves."""

    async def mutate(self, intent: Event, api: str, params: Any) -> Answer:
        token = CAUSE.set(intent)
        try:
            return await super().mutate(intent, api, params)
        finally:
            CAUSE.reset(token)


@dataclass
class World:
    """Everything that there is. The same seed makes the same world, byte for byte."""

    folder: Path
    loaded: LoadedPlan
    seed: int
    max_parallel: int = 3
    asked: list[tuple[float, Callable[[World], None]]] = field(default_factory=list)
    """What happens while the next process runs: seconds after its start, and what."""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.clock = Clock()
        self.weather = Weather(random.Random(self.seed + 1))
        self.aws = SimAws(self.clock, random.Random(self.seed + 2), self.weather)
        self.hands = SimHands(self.aws)
        self.path = self.folder / f"{self.seed}.journal"
        self.process = Process()
        self.deaths: list[str] = []
        self.acknowledged: list[str] = []
        """Hashes of the events of which a runner was told that they are on the disk."""
        self.death: Death | None = None
        self._ids = (f"01J{number:023d}" for number in itertools.count(1))
        self._seen: list[Event] = []

    # the journal

    @contextmanager
    def journal(self, actor: str = "kim@here") -> Iterator[SimJournal]:
        """The journal, open for writing; not synced, for no power is cut here."""
        identity = PlanIdentity(self.loaded.plan.plan, self.loaded.digest)
        with SimJournal(
            self.path, identity, clock=self.clock.wall, new_id=lambda: next(self._ids), actor=actor
        ) as journal:
            journal._connection.execute("PRAGMA synchronous=OFF")
            yield journal

    def append(self, payload: Payload, operation: str | None = None) -> Event:
        """Write an event as the console would: another process, which does not die. A second person approves."""
        with self.journal("sam@there" if isinstance(payload, ApprovalGranted) else "kim@here") as journal:
            return journal.append(payload, operation=operation)

    def events(self) -> list[Event]:
        """Every event there is."""
        if not self.path.exists():
            return []
        with JournalReader(self.path) as reader:
            self._seen += reader.events(self._seen[-1].seq if self._seen else 0)
        return list(self._seen)

    def status(self) -> PlanStatus:
        """What the journal says."""
        return fold(self.events())

    # runner processes

    def run(self, *operations: str) -> RunResult | None:
        """Carry operations out, all of them when none is named; None when the runner died."""
        return self._begin(Direction.FORWARD, operations or tuple(self.loaded.plan.operations))

    def roll_back(self, *operations: str) -> RunResult | None:
        """Undo operations, all of them when none is named."""
        return self._begin(Direction.INVERSE, operations or tuple(self.loaded.plan.operations))

    def _begin(self, direction: Direction, operations: Sequence[str]) -> RunResult | None:
        kind = RequestRun if direction is Direction.FORWARD else RequestRollback
        asked = self.append(kind(operations=tuple(operations), confirmed="simulated"))
        return self._go(
            Assignment(direction, tuple(operations), self.max_parallel, asked.seq), next(self._ids)
        )

    def resume(self) -> RunResult | None:
        """Take the last run up again."""
        run = self.status().run
        assert run is not None
        asked = self.append(RequestResume())
        again = Assignment(run.direction, run.operations, self.max_parallel, asked.seq, resumes=True)
        return self._go(again, run.id)

    def _go(self, assignment: Assignment, run: str) -> RunResult | None:
        self.process = process = Process(death=self.death)
        self.death = None
        self.aws.alive = process.alive
        self.aws.die = lambda: process.die("in a call")
        loop = VirtualLoop(self.clock)
        for after, act in self.asked:
            loop.call_later(after, self._ask, process, act)
        self.asked = []
        with _same_for_every_process():
            try:
                return loop.run_until_complete(self._inside(assignment, run, process))
            except CrashError:
                process.dead = True
                self.aws.orphaned()
                self.deaths.append(process.died_at)
                return None
            finally:
                process.dead = True
                loop.end()

    def _ask(self, process: Process, act: Callable[[World], None]) -> None:
        if not process.dead:
            act(self)

    async def _inside(self, assignment: Assignment, run: str, process: Process) -> RunResult:
        with self.journal() as journal, _looking(self.path) as look:
            journal.process = process
            journal.acknowledged = self.acknowledged
            self.aws.durable = look
            sessions = SimSessions(self.aws)
            rates = dict.fromkeys(("ssm", "ec2", "rds", "dynamodb", "sns", "sts"), 1e6)
            async with SimGateway(
                sessions,
                Access.ARMED,
                CATALOG,
                Redactor(CATALOG),
                monotonic=self.clock.monotonic,
                rates=rates,
            ) as gateway:
                context = self._context(journal, gateway, run)
                self.runner = Runner(context)
                return await self.runner.run(assignment)

    def _context(self, journal: Journal, gateway: Gateway, run: str) -> RunContext:
        plan = self.loaded.plan
        return RunContext(
            loaded=self.loaded,
            graph=PlanGraph.of(plan),
            journal=journal,
            gateway=gateway,
            probes=PROBES,
            hands=self.hands,
            values=Values(plan, run, ACCOUNT, "us-east-1", self.clock.wall, lambda name, _: f"secret-{name}"),
            pace=Pace(1.0),
            clock=self.clock.wall,
            monotonic=self.clock.monotonic,
            chance=random.Random(self.seed + 3),
            run=run,
        )


@contextmanager
def _same_for_every_process() -> Iterator[None]:
    """What would tell one machine and process from another; which host this is, is remembered and must be forgotten."""
    with (
        patch("os.getpid", lambda: PID),
        patch("socket.gethostname", lambda: HOST),
        patch("state.boot._boot", lambda: BOOT),
        patch("state.boot._machine", lambda: HOST),
        patch("operations.engine.scheduler.LISTEN_SECONDS", LISTEN_SECONDS),
    ):
        this_host.cache_clear()
        try:
            yield
        finally:
            this_host.cache_clear()


@contextmanager
def _looking(path: Path) -> Iterator[Callable[[Event], bool]]:
    """Tells whether an event is in the file, as somebody else who opens it would see it."""
    from state.database import connect_reader

    connection = connect_reader(path)

    def durable(event: Event) -> bool:
        row = connection.execute("SELECT hash FROM events WHERE seq = ?", (event.seq,)).fetchone()
        return row is not None and row[0] == event.hash

    try:
        yield durable
    finally:
        connection.close()
