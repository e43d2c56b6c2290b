"""The stage of a rehearsal: a private sandbox that forks, a scratch journal that is copied with it, the real runner."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from console import compose, openers
from console.compose import Setting
from operations.aws.gateway import Gateway
from operations.aws.outcome import GatewayError
from operations.drill.inventory import inventory
from operations.drill.rehearsal import Carried
from operations.drill.worlds import WorldDoor
from operations.engine.runner import Assignment, Runner
from operations.plan.loader import LoadedPlan
from state.events import Direction, RunResult
from state.kinds import Kind
from state.reader import JournalReader
from state.request_events import RequestRollback, RequestRun

SIDE_FILES = ("-wal", "-shm")


@dataclass(slots=True)
class SandboxStage:
    """Carries operations out on a sandbox with the runner that a real run has."""

    loaded: LoadedPlan
    setting: Setting
    gateway: Gateway
    folder: Path
    _depth: int = field(default=0)

    @property
    def _journal(self) -> Path:
        return self.folder / f"world-{self._depth}.journal"

    async def forward(self, operations: Sequence[str]) -> Carried:
        """Carry operations out, verification and bake included."""
        return await self._carry(Direction.FORWARD, operations)

    async def back(self, operations: Sequence[str]) -> Carried:
        """Undo them."""
        return await self._carry(Direction.INVERSE, operations)

    @asynccontextmanager
    async def fork(self) -> AsyncIterator[None]:
        """Fork the sandbox and copy the journal; both are dropped in the end."""
        source = self._journal
        self._door.begin()
        self._depth += 1
        if source.exists():
            shutil.copyfile(source, self._journal)
        try:
            await self._reconnect()
            yield
        finally:
            self._door.end()
            for suffix in ("", *SIDE_FILES):
                self._journal.with_name(self._journal.name + suffix).unlink(missing_ok=True)
            self._depth -= 1
            await self._reconnect()

    def look(self) -> Mapping[str, str]:
        """What stands in the account."""
        return inventory(self._endpoint)

    @property
    def _door(self) -> WorldDoor:
        return WorldDoor(self._endpoint)

    @property
    def _endpoint(self) -> str:
        return self.setting.sessions.endpoint or ""

    async def _reconnect(self) -> None:
        """Meet the connections that ended with the other world in a read, which may be asked again."""
        for _ in range(2):
            try:
                await self.gateway.read("sts:GetCallerIdentity", {})
            except GatewayError:
                continue
            return

    async def _carry(self, direction: Direction, operations: Sequence[str]) -> Carried:
        ask = RequestRun if direction is Direction.FORWARD else RequestRollback
        started = time.monotonic()
        with openers.open_journal(self._journal, self.loaded) as journal:
            asked = journal.append(ask(operations=tuple(operations), confirmed="rehearsal"))
            context = compose.run_context(self.loaded, journal, self.gateway, self.setting, openers.new_id())
            slots = self.loaded.plan.limits.max_parallel
            result = await Runner(context).run(Assignment(direction, tuple(operations), slots, asked.seq))
        problem = None if result is RunResult.SUCCEEDED else self._why(asked.seq, result)
        return Carried(problem, round(time.monotonic() - started, 3))

    def _why(self, after: int, result: RunResult) -> str:
        """The first event that says why a run did not succeed."""
        with JournalReader(self._journal) as reader:
            events = reader.events(after)
        for event in events:
            if event.kind in (Kind.OPERATION_FAILED, Kind.OPERATION_HELD, Kind.OPERATION_IN_DOUBT):
                step = event.data.get("step")
                said = event.data.get("error") or event.data.get("why")
                return f"{event.operation}: {f'{step}: ' if isinstance(step, str) else ''}{said}"
        return result.value
