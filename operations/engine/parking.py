"""Parks a run whose credentials have ended, watches for a new login, and lets it go on by itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Hashable
from typing import TYPE_CHECKING

from operations.aws.outcome import (
    CallFailedError,
    Certainty,
    GatewayError,
    OtherAccountError,
    credentials_over,
)
from operations.aws.sessions import Expiring, login_hint
from state.run_events import RunPaused, RunResumed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from operations.aws.outcome import Answer
    from operations.engine.context import RunContext

PARKED = "parked: "
"""How the reason of a pause begins that nobody asked for."""
LOOK_SECONDS = 2.0
"""Between two looks at the files that a login changes."""
FIRST_TRY = 4.0
LAST_TRY = 60.0
"""Seconds between tries with new credentials: twice as long each time, from the first to the last."""
MAX_PARKS = 3
"""How often one call may wait for credentials that are then accepted: after that it is the call that is refused."""


class Parking:
    """Where the calls of one run wait together while it has no credentials."""

    def __init__(self) -> None:
        self.parked = False
        self.pause_wanted = False
        self._watch: asyncio.Task[None] | None = None
        self._nudged = False

    def nudge(self) -> None:
        """Try at once: somebody says that they have logged in."""
        self._nudged = True

    async def ended(self, context: RunContext, error: Exception, times: int) -> bool:
        """Wait until the run has credentials again, after a call that failed for want of them for the nth time.

        Returns False when waiting is no help, because new credentials were accepted and the call was refused all
        the same. The run pauses in the journal unless credentials that were read anew hold at once.

        Raises:
            RunStoppedError: the run was asked to stop while it waited.
        """
        if times >= MAX_PARKS:
            return False
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._renew(context, error, at_once=times == 0))
        await asyncio.shield(self._watch)
        return True

    async def _renew(self, context: RunContext, error: Exception, *, at_once: bool) -> None:
        problem = await _try(context) if at_once else error
        if problem is None:
            return
        context.record(RunPaused(why=_why(context, problem, error)))
        self.parked = True
        try:
            await self._watch_for_login(context, problem)
        finally:
            self.parked = False
        context.record(RunResumed(pid=os.getpid()))
        if self.pause_wanted:
            context.record(RunPaused(why="asked for"))

    async def _watch_for_login(self, context: RunContext, problem: Exception) -> None:
        every, waited, seen, told = FIRST_TRY, 0.0, _trace(context), str(problem)
        self._nudged = False
        while True:
            await context.pace.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS
            now = _trace(context)
            changed, self._nudged = now != seen or self._nudged, False
            if not changed and waited < every:
                continue
            every = FIRST_TRY if changed else min(every * 2, LAST_TRY)
            seen, waited = now, 0.0
            found = await _try(context)
            if found is None:
                return
            if isinstance(found, OtherAccountError) and str(found) != told:
                told = str(found)
                context.record(RunPaused(why=_why(context, found, found)))


async def parked_read(context: RunContext, api: str, params: Mapping[str, Any]) -> Answer:
    """One read, which waits for a new login where credentials have ended: no data is not an answer.

    Raises:
        RunStoppedError: the run was asked to stop while it waited.
        GatewayError: as the gateway's `read`.
    """
    times = 0
    while True:
        try:
            return await context.gateway.read(api, params)
        except GatewayError as error:
            if not credentials_over(error):
                raise
            if not await context.parking.ended(context, error, times):
                code = error.code if isinstance(error, CallFailedError) else type(error).__name__
                raise CallFailedError(code, str(error), Certainty.NOT_APPLIED, False) from error
            times += 1


async def _try(context: RunContext) -> GatewayError | None:
    """What is wrong with the credentials that are there now, None when the run has them."""
    try:
        await context.gateway.renew()
    except GatewayError as error:
        return error
    return None


def _trace(context: RunContext) -> Hashable:
    sessions = context.gateway.sessions
    return sessions.trace() if isinstance(sessions, Expiring) else None


def _why(context: RunContext, problem: Exception, error: Exception) -> str:
    if isinstance(problem, OtherAccountError):
        return f"{PARKED}{problem}"
    return f"{PARKED}credentials expired, {login_hint(context.gateway.sessions)} ({error})"
