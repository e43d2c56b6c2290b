"""Runs operations in the order of their dependencies, several at once, and stops where it has to."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from operations.engine.by_hand import ByHand, pending
from operations.engine.consents import Consents
from operations.engine.context import RunContext
from operations.engine.inbox import Inbox, Wish
from operations.engine.operation import Ending, OperationRunner
from operations.plan.models import OnFailure, Operation
from state.events import Direction, Event, RunResult
from state.operation_events import OperationBlocked
from state.projections.progress import Progress, fold_progress
from state.projections.states import PlanStatus
from state.projections.status import fold
from state.reader import JournalReader
from state.run_events import RunPaused, RunResumed

LISTEN_SECONDS = 0.2
"""How often the journal is asked for requests while operations run."""
RETRIES = 1
"""How often an operation with `on_failure: retry` is tried again."""


@dataclass(slots=True)
class _State:
    waiting: list[str]
    running: dict[asyncio.Task[Ending], str] = field(default_factory=dict)
    ended: dict[str, Ending] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    by_hand: list[Event] = field(default_factory=list)
    holding: bool = False
    paused: bool = False


class Scheduler:
    """Carries a set of operations out, or back, for one run."""

    def __init__(self, context: RunContext, direction: Direction, max_parallel: int) -> None:
        self._context = context
        self._direction = direction
        self._max_parallel = max_parallel
        self._operations = OperationRunner(context)
        self._consents = Consents(context)
        self._by_hand = ByHand(context, self._operations.checks, direction)
        self._plan = context.loaded.plan

    async def run(
        self, wanted: Sequence[str], status: PlanStatus, progress: Progress, reader: JournalReader
    ) -> RunResult:
        """Carry the wanted operations out as far as possible and say how that ended."""
        inbox = Inbox(reader, status.seq)
        state = _State([key for key in wanted if self._still_to_do(key, status)])
        state.by_hand = pending(reader.events())
        try:
            while True:
                self._listen(inbox, state)
                await self._do_by_hand(state)
                self._start_ready(state, status, progress)
                if not state.running and not state.paused:
                    break
                await self._wait(state)
        except (Exception, asyncio.CancelledError):
            await self._let_finish(state)
            raise
        self._say_blocked(state, status)
        return self._result(state)

    async def _let_finish(self, state: _State) -> None:
        """Whatever ends the run early: what is in flight is not cut off, or its outcome would be lost."""
        self._context.pace.stop.set()
        while pending := [task for task in state.running if not task.done()]:
            with suppress(asyncio.CancelledError):
                await asyncio.wait(pending)
        for task in state.running:
            if not task.cancelled():
                task.exception()

    def _still_to_do(self, key: str, status: PlanStatus) -> bool:
        current = status.of(key).state
        return not current.satisfied if self._direction is Direction.FORWARD else current.stands

    def _needs(self, key: str) -> tuple[str, ...]:
        graph = self._context.graph
        return graph.needs(key) if self._direction is Direction.FORWARD else graph.needed_by(key)

    def _is_ready(self, key: str, state: _State, status: PlanStatus) -> bool:
        return all(self._is_settled(need, state, status) for need in self._needs(key))

    def _is_settled(self, need: str, state: _State, status: PlanStatus) -> bool:
        if need in state.ended:
            return state.ended[need] in (Ending.DONE, Ending.SKIPPED)
        if need in state.waiting or need in state.running.values():
            return False
        current = status.of(need).state
        return current.satisfied if self._direction is Direction.FORWARD else not current.stands

    def _start_ready(self, state: _State, status: PlanStatus, progress: Progress) -> None:
        if state.holding or state.paused or self._context.parking.parked or self._context.pace.stop.is_set():
            return
        for key in list(state.waiting):
            if len(state.running) >= self._max_parallel:
                return
            if self._is_ready(key, state, status) and not self._group_is_full(key, state):
                state.waiting.remove(key)
                known = self._newest() if key in state.again else (status, progress)
                state.running[asyncio.create_task(self._carry_out(key, *known))] = key

    def _group_is_full(self, key: str, state: _State) -> bool:
        """Whether as many operations of its group run as the plan allows at once, either way."""
        group = self._plan.operations[key].group
        cap = next((each.max_parallel for each in self._plan.groups if each.id == group), None)
        if cap is None:
            return False
        return sum(self._plan.operations[other].group == group for other in state.running.values()) >= cap

    async def _carry_out(self, key: str, status: PlanStatus, progress: Progress) -> Ending:
        operation = self._plan.operations[key]
        done = progress.get(key, {})
        if self._direction is Direction.INVERSE:
            return await self._operations.inverse(operation, status.of(key), done)
        refused = self._consents.missing(operation, status)
        if refused is not None:  # somebody may have agreed since the run began
            status, progress = self._newest()
            refused, done = self._consents.missing(operation, status), progress.get(key, {})
        if refused is not None:
            self._consents.expire(operation, status)
        approved = key in status.approvals
        return await self._operations.forward(operation, status.of(key), done, approved, refused)

    async def _wait(self, state: _State) -> None:
        if not state.running:
            await asyncio.sleep(LISTEN_SECONDS)
            return
        finished, _ = await asyncio.wait(
            state.running, timeout=LISTEN_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        for task in [each for each in state.running if each in finished]:
            key = state.running.pop(task)
            await self._ended(self._plan.operations[key], task.result(), state)

    async def _ended(self, operation: Operation, ending: Ending, state: _State) -> None:
        state.ended[operation.id] = ending
        if ending is Ending.GOES_BACK:
            self._context.pace.stop.set()
        if ending in (Ending.DONE, Ending.SKIPPED, Ending.STOPPED) or self._direction is Direction.INVERSE:
            return
        if ending is Ending.FAILED:
            match operation.on_failure:
                case OnFailure.CONTINUE:
                    return
                case OnFailure.RETRY if state.tries.get(operation.id, 0) < RETRIES:
                    state.tries[operation.id] = state.tries.get(operation.id, 0) + 1
                    state.again.add(operation.id)
                    del state.ended[operation.id]
                    state.waiting.insert(0, operation.id)
                    return
                case OnFailure.ROLL_BACK:
                    undone = await self._undo(operation)
                    if undone in (Ending.IN_DOUBT, Ending.STOPPED):
                        state.ended[operation.id] = undone
        state.holding = True

    async def _undo(self, operation: Operation) -> Ending:
        status, progress = self._newest()
        return await self._operations.inverse(
            operation, status.of(operation.id), progress.get(operation.id, {})
        )

    def _newest(self) -> tuple[PlanStatus, Progress]:
        """What the journal says now: what this run has done itself counts when an operation's turn comes again."""
        with JournalReader(self._context.journal.path) as reader:
            events = reader.events()
        return fold(events), fold_progress(events)

    def _listen(self, inbox: Inbox, state: _State) -> None:
        parking = self._context.parking
        for wish in inbox.wishes():
            match wish:
                case Wish.PAUSE if not state.paused:
                    state.paused = True
                    if not parking.parked:
                        self._context.record(RunPaused(why="asked for"))
                case Wish.RESUME if state.paused or parking.parked:
                    state.paused = False
                    parking.nudge()
                    if not parking.parked:
                        self._context.record(RunResumed(pid=os.getpid()))
                case Wish.CANCEL if self._direction is Direction.FORWARD:
                    state.paused = False
                    self._context.pace.stop.set()
        if self._context.pace.stop.is_set():
            state.paused = False
        parking.pause_wanted = state.paused
        state.by_hand += inbox.by_hand()

    async def _do_by_hand(self, state: _State) -> None:
        """Answer what people have settled by hand, where nothing is in flight for it."""
        requests, state.by_hand = state.by_hand, []
        for request in requests:
            key = str(request.operation)
            if key in state.running.values():
                state.by_hand.append(request)
            elif key in state.waiting or key in state.ended:
                status, progress = self._newest()
                doubt = any(step.in_doubt for step in progress.get(key, {}).values())
                operation = self._plan.operations[key]
                settled = await self._by_hand.answer(request, operation, status.of(key), in_doubt=doubt)
                state.ended[key] = Ending.DONE if settled else Ending.HELD
                state.waiting = [other for other in state.waiting if other != key]

    def _say_blocked(self, state: _State, status: PlanStatus) -> None:
        for key in state.waiting:
            by = tuple(need for need in self._needs(key) if not self._is_settled(need, state, status))
            if by and not self._context.pace.stop.is_set():
                self._context.record(OperationBlocked(by=by), key)

    def _result(self, state: _State) -> RunResult:
        endings = set(state.ended.values())
        for ending, result in _WORST_FIRST:
            if ending in endings:
                return result
        if self._context.pace.stop.is_set() and state.waiting:
            return RunResult.CANCELLED
        return RunResult.HELD if state.waiting else RunResult.SUCCEEDED


_WORST_FIRST = (
    (Ending.IN_DOUBT, RunResult.IN_DOUBT),
    (Ending.GOES_BACK, RunResult.FAILED),
    (Ending.STOPPED, RunResult.CANCELLED),
    (Ending.FAILED, RunResult.FAILED),
    (Ending.HELD, RunResult.HELD),
)
