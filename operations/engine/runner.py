"""The runner: takes the journal's lease, carries a run through, and says in the journal how it ended."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from operations.engine.context import RunContext
from operations.engine.errors import RunRefusedError
from operations.engine.scheduler import Scheduler
from state.events import Direction, RunResult
from state.journal import timestamp
from state.lease import Holder, Lease
from state.projections.progress import Progress, fold_progress
from state.projections.states import PlanStatus, RunState
from state.projections.status import fold
from state.reader import JournalReader
from state.run_events import LeaseReleased, LeaseTaken, RunFinished, RunInterrupted, RunResumed, RunStarted


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a runner is to do: `resumes` takes an earlier run up again."""

    direction: Direction
    operations: tuple[str, ...]
    max_parallel: int
    request: int
    resumes: bool = False


class Runner:
    """Carries one assignment through in this process."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._signal: str | None = None

    async def run(self, assignment: Assignment) -> RunResult:
        """Do it.

        Raises:
            LeaseHeldError: another runner has the journal.
            RunRefusedError: the run to resume was started from another plan.
            JournalUnwritableError: the journal can no longer be written; nothing more was sent.
        """
        me = Holder(os.getpid(), socket.gethostname(), timestamp(self._context.clock()))
        lease = Lease.take(self._context.journal.path, me)
        try:
            self._context.record(LeaseTaken(pid=me.pid, host=me.host))
            with _signals(self._stop):
                result = await self._carry_through(assignment)
            self._context.record(LeaseReleased(pid=me.pid, host=me.host))
        finally:
            lease.release()
        return result

    def _stop(self, name: str) -> None:
        self._signal = name
        self._context.pace.stop.set()

    async def _carry_through(self, assignment: Assignment) -> RunResult:
        started = self._context.monotonic()
        with JournalReader(self._context.journal.path) as reader:
            events = reader.events()
            status, progress = fold(events), fold_progress(events)
            self._context.values.learn(status)
            self._say_start(assignment, status, progress)
            scheduler = Scheduler(self._context, assignment.direction, assignment.max_parallel)
            current = replace(status, seq=max(status.seq, assignment.request))
            result = await scheduler.run(assignment.operations, current, progress, reader)
            after = fold(reader.events())
        self._say_end(assignment, after, result, self._context.monotonic() - started)
        return result

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
        states = {key: after.of(key).state for key in assignment.operations}
        if result is RunResult.CANCELLED:
            done = (
                (lambda s: s.satisfied)
                if assignment.direction is Direction.FORWARD
                else (lambda s: not s.stands)
            )
            left = tuple(key for key, state in states.items() if not done(state))
            self._context.record(RunInterrupted(signal=self._signal or "cancel", left=left))
            return
        counts = Counter(state.value for state in states.values())
        finished = RunFinished(result=result, counts=dict(counts), seconds=round(seconds, 3))
        self._context.record(finished)


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
