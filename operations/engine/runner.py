"""The runner: takes the journal's lease, carries a run through, and says in the journal how it ended."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from operations.engine.anchoring import Anchoring
from operations.engine.context import RunContext
from operations.engine.errors import RunRefusedError
from operations.engine.far_back import wanted_way_back
from operations.engine.ids import new_run_id
from operations.engine.keeping import Keeper, lost, released, taken
from operations.engine.scheduler import Scheduler
from state.boot import boot_clock
from state.errors import JournalError, JournalUnwritableError, LeaseLostError
from state.events import Direction, Event, RunResult
from state.journal import timestamp
from state.kinds import Kind
from state.lease import Lease
from state.lease_record import LIFE_SECONDS, Owner
from state.projections.progress import Progress, fold_progress
from state.projections.states import PlanStatus, RunState
from state.projections.status import fold
from state.reader import JournalReader
from state.run_events import RunFinished, RunInterrupted, RunResumed, RunStarted

UNWRITABLE = "journal unwritable"
"""In place of a signal's name: the disk was full, and what was in flight has ended."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a runner is to do: `resumes` takes an earlier run up again; `by_trigger`, `request` is a trigger that fired."""

    direction: Direction
    operations: tuple[str, ...]
    max_parallel: int
    request: int
    resumes: bool = False
    by_trigger: bool = False


class Runner:
    """Carries one assignment through in this process.

    Args:
        context: the parts of the run.
        lease_seconds: how long its lease lasts without a heartbeat.
        take_over: the number of a lease that a person made sure nobody acts under any more.
        boot: the clock of leases: seconds that go on in sleep.
    """

    def __init__(
        self,
        context: RunContext,
        *,
        lease_seconds: float = LIFE_SECONDS,
        take_over: int | None = None,
        boot: Callable[[], float] = boot_clock,
    ) -> None:
        self._boot = boot
        self._context = context
        self._lease_seconds = lease_seconds
        self._take_over = take_over
        self._signal: str | None = None
        self._interrupted = False

    async def run(self, assignment: Assignment) -> RunResult:
        """Do it.

        Raises:
            LeaseHeldError: another runner has the journal.
            LeaseLostError: the lease was lost on the way; nothing was sent after that was seen.
            RunRefusedError: the run to resume was started from another plan, or another run came first.
            JournalUnwritableError: the journal can no longer be written; nothing more was sent.
        """
        lease = self._take()
        try:
            keeper = Keeper(lease, self._context.pace.stop)
            with (
                _signals(self._stop),
                self._context.gateway.permitted(self._context.journal.require_open),
                self._context.gateway.guarded(keeper.check),
            ):
                self._context.record(taken(lease))
                async with keeper, Anchoring(self._context):
                    result = await self._carry_through(assignment, keeper)
                    result = await self._go_back(assignment, keeper) or result
                self._context.record(released(lease))
        except LeaseLostError as error:
            self._context.record(lost(lease, error))
            raise
        except JournalUnwritableError:
            with suppress(JournalUnwritableError):
                self._context.record(released(lease))
            raise
        finally:
            lease.release()
        return result

    @property
    def stopped_by(self) -> str | None:
        """The signal that stopped the run, None when it came to its end or was cancelled by a request."""
        return self._signal if self._interrupted else None

    def _take(self) -> Lease:
        path = self._context.journal.path
        with JournalReader(path) as reader:
            before = reader.newest(1, kind=Kind.LEASE_TAKEN.value)
        return Lease.take(
            path,
            Owner.here(timestamp(self._context.clock())),
            above=max((int(event.data.get("number", 0)) for event in before), default=0),
            take_over=self._take_over,
            life=self._lease_seconds,
            clock=self._boot,
        )

    def _stop(self, name: str) -> None:
        self._signal = name
        self._context.pace.stop.set()

    async def _carry_through(self, assignment: Assignment, keeper: Keeper) -> RunResult:
        started = self._context.monotonic()
        with JournalReader(self._context.journal.path) as reader:
            events = reader.events()
            _refuse_if_overtaken(assignment, events)
            status, progress = fold(events), fold_progress(events)
            self._context.values.learn(status)
            self._say_start(assignment, status, progress)
            fired = wanted_way_back(events)
            if fired is not None and assignment.resumes:
                self._say_interrupted(assignment, status, f"trigger {fired.data['trigger']}")
                return RunResult.FAILED
            scheduler = Scheduler(self._context, assignment.direction, assignment.max_parallel)
            current = replace(status, seq=max(status.seq, assignment.request))
            try:
                result = await scheduler.run(assignment.operations, current, progress, reader)
            except JournalUnwritableError:
                self._say_cut_off(assignment, reader)
                raise
            after = fold(events := reader.events())
        keeper.check()
        fired = wanted_way_back(events)
        if fired is not None:
            self._say_interrupted(assignment, after, f"trigger {fired.data['trigger']}")
        else:
            self._say_end(assignment, after, result, self._context.monotonic() - started)
        return result

    async def _go_back(self, before: Assignment, keeper: Keeper) -> RunResult | None:
        """Undo what a trigger has undone, as a run of its own; None when none asks for it.

        A cancel of the run before does not cancel it; a signal to this process leaves it to be resumed.
        """
        with JournalReader(self._context.journal.path) as reader:
            fired = wanted_way_back(reader.events())
        if fired is None:
            return None
        if self._signal is None:
            self._context.pace.stop.clear()
            keeper.check()
        self._context = replace(self._context, run=new_run_id(self._context.clock(), self._context.chance))
        operations = tuple(fired.data["operations"])
        way_back = Assignment(Direction.INVERSE, operations, before.max_parallel, fired.seq, by_trigger=True)
        result = await self._carry_through(way_back, keeper)
        return RunResult.FAILED if result is RunResult.SUCCEEDED else result

    def _say_start(self, assignment: Assignment, status: PlanStatus, progress: Progress) -> None:
        context = self._context
        if assignment.resumes:
            if status.run is not None and status.run.digest != context.loaded.digest:
                raise RunRefusedError(
                    "the plan has changed since this run started; resume with the plan it was started from"
                )
            doubtful = tuple(
                key
                for key in assignment.operations
                if any(step.in_doubt for step in progress.get(key, {}).values())
            )
            context.record(RunResumed(pid=os.getpid(), in_doubt=doubtful))
            return
        sessions = context.gateway.sessions
        context.record(
            RunStarted(
                direction=assignment.direction,
                operations=assignment.operations,
                digest=context.loaded.digest,
                setting=sessions.name,
                account=sessions.account,
                region=sessions.region,
                endpoint=sessions.endpoint,
                max_parallel=assignment.max_parallel,
                request=assignment.request,
                pid=os.getpid(),
            )
        )

    def _say_end(self, assignment: Assignment, after: PlanStatus, result: RunResult, seconds: float) -> None:
        if result is RunResult.CANCELLED:
            self._say_interrupted(assignment, after, self._signal or "cancel")
            self._interrupted = True
            return
        states = {key: after.of(key).state for key in assignment.operations}
        counts = Counter(state.value for state in states.values())
        finished = RunFinished(result=result, counts=dict(counts), seconds=round(seconds, 3))
        self._context.record(finished)

    def _say_interrupted(self, assignment: Assignment, after: PlanStatus, signal_name: str) -> None:
        done = (
            (lambda s: s.satisfied) if assignment.direction is Direction.FORWARD else (lambda s: not s.stands)
        )
        left = tuple(key for key in assignment.operations if not done(after.of(key).state))
        self._context.record(RunInterrupted(signal=signal_name, left=left))

    def _say_cut_off(self, assignment: Assignment, reader: JournalReader) -> None:
        """A full disk leaves room for the end of the run; after any other error of it nothing can be said."""
        with suppress(JournalError):
            self._say_interrupted(assignment, fold(reader.events()), UNWRITABLE)


def _refuse_if_overtaken(assignment: Assignment, events: Sequence[Event]) -> None:
    """Of two requests made at the same time the second was made without having seen what the first does."""
    begun = (Kind.RUN_STARTED.value, Kind.RUN_RESUMED.value)
    if assignment.resumes or assignment.by_trigger or not assignment.request:
        return
    if any(event.kind in begun and event.seq > assignment.request for event in events):
        raise RunRefusedError("another run was begun since this was asked for; look at it and ask again")


def unfinished(status: PlanStatus) -> RunState | None:
    """The state of a run that can be resumed, None when there is none."""
    return status.run.state if status.run is not None and status.run.state.open else None


class _signals:  # noqa: N801 - reads as what it is in `with`
    """While open, SIGTERM and SIGINT stop the run at the next safe point and SIGHUP does nothing."""

    def __init__(self, stop: Callable[[str], None]) -> None:
        self._stop = stop

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, signal.Signals(number).name)
        loop.add_signal_handler(signal.SIGHUP, lambda: None)

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)
