"""The simulated AWS: faults, delayed replies, stale reads, and an exact history of what caused which effect."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from state.events import Event
from tests.operations.engine.fake_aws import ACCOUNT, CrashError
from tests.operations.engine.sim.clock import Clock
from tests.operations.engine.sim.faults import LATEST, Fault, Weather
from tests.operations.engine.sim.services import Services, State

CAUSE: ContextVar[Event | None] = ContextVar("cause", default=None)
"""The intent that the task at work has just handed to the gateway."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that really changed: when, by which intent (its event), and what."""

    at: float
    cause: Event | None
    action: str
    change: str
    thing: str


@dataclass(slots=True)
class _InFlight:
    """A call that AWS may carry out although nobody waits for it any more."""

    at: float
    apply: Callable[[], object]


class SimAws:
    """The service side of a simulated world. `alive` raises when the runner's process is dead."""

    def __init__(self, clock: Clock, chance: random.Random, weather: Weather) -> None:
        self.clock = clock
        self.chance = chance
        self.weather = weather
        self.history: list[Effect] = []
        self.wire: Counter[int] = Counter()
        self.unasked: list[str] = []
        self.problems: list[str] = []
        self.calls = 0
        self.die: Callable[[], None] = lambda: None
        self.alive: Callable[[], None] = lambda: None
        self.durable: Callable[[Event], bool] = lambda event: True
        self._acting: tuple[Event | None, str] = (None, "")
        self._past: list[tuple[float, State]] = []
        self._late: list[_InFlight] = []
        self._flying: dict[int, _InFlight] = {}
        self.services = Services(State(), clock.monotonic, self._note)
        self._past.append((0.0, State()))

    @property
    def state(self) -> State:
        """What exists now, late effects included as far as they have come."""
        self._land()
        return self.services.state

    def _note(self, change: str, thing: str) -> None:
        cause, action = self._acting
        self.history.append(Effect(self.clock.now, cause, action, change, thing))

    def _apply(self, cause: Event | None, action: str, params: dict[str, Any]) -> dict[str, Any]:
        self._acting = (cause, action)
        try:
            return self.services.act(action, params, self.services.state)
        finally:
            self._past.append((self.clock.now, self.services.state.copy()))

    def _land(self) -> None:
        """Carry out the late requests whose time has come."""
        due = [each for each in self._late if each.at <= self.clock.now]
        self._late = [each for each in self._late if each.at > self.clock.now]
        for each in due:
            _quietly(each.apply)

    def orphaned(self) -> None:
        """The runner has died: of what it had on the wire AWS carries out some."""
        for each in self._flying.values():
            if self.chance.random() < 0.5:
                _quietly(each.apply)
        self._flying.clear()

    def _seen(self) -> State:
        at = self.services.seen_at = self.clock.now - self.weather.age()
        return next((state for when, state in reversed(self._past) if when <= at), self._past[0][1])

    async def handle(self, service: str, action: str, params: dict[str, Any]) -> dict[str, Any]:
        """One call on the wire."""
        self.alive()
        self.calls += 1
        if action == "get_caller_identity":
            return self._answer({"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/kim"})
        read = action.startswith(("get_", "describe_"))
        fault = self.weather.fault(action, read=read)
        if read:
            return await self._read(action, params, fault)
        return await self._change(action, params, fault)

    async def _read(self, action: str, params: dict[str, Any], fault: Fault | None) -> dict[str, Any]:
        await asyncio.sleep(self.chance.uniform(0.01, 0.3))
        self.alive()
        error = fault.error(action) if fault else None
        if error is not None:
            raise error
        self._land()
        return self._answer(self.services.act(action, params, self._seen()))

    async def _change(self, action: str, params: dict[str, Any], fault: Fault | None) -> dict[str, Any]:
        cause = self._caused(action)
        number = self.calls
        self._flying[number] = _InFlight(0.0, lambda: self._apply(cause, action, params))
        await asyncio.sleep(self.chance.uniform(0.01, 1.0))
        self._flying.pop(number, None)
        self.alive()
        self._land()
        answer: dict[str, Any] = {}
        if fault is Fault.PARTIAL:
            self.services.partial = 1
        by_name = action in {"batch_write_item", "delete_parameter"} or params.get("Overwrite")
        if fault is Fault.LATE and by_name:
            fault = (
                Fault.LOST
            )  # no caller can tell a late write or delete of a state from somebody else's newer one
        if fault is Fault.LATE:
            at = self.clock.now + self.chance.uniform(0.1, LATEST)
            self._late.append(_InFlight(at, lambda: self._apply(cause, action, params)))
        elif fault is None or fault.has_effect:
            answer = self._apply(cause, action, params)
        if fault is not None and fault.crashes:
            self.die()
        await asyncio.sleep(self.chance.uniform(0.01, 0.5))
        self.alive()
        error = fault.error(action) if fault else None
        if error is not None:
            raise error
        return self._answer(answer)

    def _caused(self, action: str) -> Event | None:
        cause = CAUSE.get()
        if cause is None:
            self.problems.append(f"{action} left without an intent")
            return None
        if not self.durable(cause):
            self.problems.append(f"{action} left before its intent {cause.seq} was durable")
        self.wire[cause.seq] += 1
        return cause

    def _answer(self, answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "ResponseMetadata": {"RequestId": f"r{self.calls}", "HTTPStatusCode": 200}}


def _quietly(apply: Callable[[], object]) -> None:
    """A late request may be refused; nobody hears it."""
    from botocore.exceptions import ClientError

    try:
        apply()
    except ClientError:
        return


class SimSessions:
    """Sessions whose clients are the simulated AWS."""

    name = "LIVE"
    endpoint = None
    account = ACCOUNT
    region = "us-east-1"

    def __init__(self, aws: SimAws) -> None:
        self._aws = aws

    @asynccontextmanager
    async def client(self, service: str) -> AsyncIterator[Any]:
        yield _Client(self._aws, service)


class _Client:
    def __init__(self, aws: SimAws, service: str) -> None:
        self._aws = aws
        self._service = service

    def __getattr__(self, action: str) -> Any:
        async def call(**params: Any) -> dict[str, Any]:
            return await self._aws.handle(self._service, action, params)

        return call


__all__ = ["CAUSE", "CrashError", "Effect", "SimAws", "SimSessions"]
