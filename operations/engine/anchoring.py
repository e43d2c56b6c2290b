"""Seals a journal while nothing happens, and puts its heads into S3 beside the run, never in its way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from operations.aws.anchor_bucket import PUT, TAKEN, AnchorBucket
from operations.aws.jsonable import jsonable
from operations.aws.outcome import CallFailedError, Certainty, GatewayError
from operations.engine.context import RunContext
from state.errors import JournalError
from state.events import Direction, Event, Result
from state.operation_events import StepIntent, StepOutcome
from state.seals import SignedHead

TICK_SECONDS = 5.0
"""Between looks at whether a head is due: an hour of baking is sealed at most this late."""
RETRY_TICKS = 12
"""Looks after which a put that failed is tried again when no newer head has come."""
LAST_SECONDS = 15.0
"""How long the end of a run waits for the last head to arrive."""


class Anchoring:
    """Open (`async with`) as long as a run lasts. What goes wrong here is said, and the run goes on.

    Args:
        context: the run's parts.
        tick_seconds: between looks.
        last_seconds: how long the end waits for the outbox.
    """

    def __init__(
        self, context: RunContext, *, tick_seconds: float = TICK_SECONDS, last_seconds: float = LAST_SECONDS
    ) -> None:
        self._context = context
        self._outbox = context.outbox
        self._arrived = self._outbox.arrived if self._outbox else asyncio.Event()
        self._tick = tick_seconds
        self._last = last_seconds
        self._ending = False
        self._attempts = (0, 0)
        self._doubt = False
        self._pause = 0
        self._said = ""
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._go_on(), name="anchoring")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        assert self._task is not None  # noqa: S101 - entered before
        self._ending = True
        self._arrived.set()
        await asyncio.wait([self._task], timeout=self._last if error is None else 0)
        self._task.cancel()
        await asyncio.wait([self._task])
        if self._outbox is not None and self._outbox.lags and error is None:
            self._say("the newest head was not put; the next run's will be")

    async def _go_on(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self._arrived.wait(), self._tick)
            except TimeoutError:
                self._pause -= 1
            self._arrived.clear()
            try:
                if not self._ending:
                    self._context.journal.seal_when_due(self._context.run)
                await self._empty()
            except JournalError:
                return  # unwritable, or the lease is lost: the run's own next event or call meets the same
            if self._ending:
                return

    async def _empty(self) -> None:
        """Put the head that waits, if there is one and it is its turn."""
        head = self._outbox.waiting if self._outbox else None
        if self._outbox is None or head is None:
            return
        seq, attempt = self._attempts
        if seq == head.seq and self._pause > 0 and not self._ending:
            return
        if seq != head.seq:
            attempt, self._doubt = 0, False
        self._attempts, self._pause = (head.seq, attempt + 1), RETRY_TICKS
        if await self._put(self._outbox.bucket, head, attempt + 1) and self._outbox.waiting is head:
            self._outbox.waiting = None

    async def _put(self, bucket: AnchorBucket, head: SignedHead, attempt: int) -> bool:
        context = self._context
        params = bucket.put(head, context.clock())
        intent = self._intend(params, head, attempt)
        started = context.monotonic()
        try:
            answer = await context.gateway.mutate(intent, PUT, params)
        except CallFailedError as error:
            return self._failed(intent, error)
        except GatewayError as error:
            self._record(intent, Result.NOT_APPLIED, 0.0, error=str(error))
            self._say(str(error))
            return False
        except JournalError as error:  # the gateway asked whether it may still send, and it did not
            with suppress(JournalError):
                self._record(intent, Result.NOT_APPLIED, 0.0, error=str(error))
            raise
        except asyncio.CancelledError:
            waited = context.monotonic() - started
            self._record(intent, Result.UNKNOWN, waited, error="the run ended before the answer came")
            raise
        self._record(intent, Result.APPLIED, answer.seconds, request_id=answer.request_id)
        return True

    def _failed(self, intent: Event, error: CallFailedError) -> bool:
        """An object of this key is our own when an earlier attempt may have had its effect."""
        ours = error.code == TAKEN and self._doubt
        result = Result.APPLIED if ours else Result.NOT_APPLIED
        if error.certainty is Certainty.UNKNOWN:
            result, self._doubt = Result.UNKNOWN, True
        self._record(intent, result, error.seconds, code=error.code, error=str(error))
        if not ours:
            self._say(str(error))
        return ours

    def _intend(self, params: Mapping[str, Any], head: SignedHead, attempt: int) -> Event:
        gateway = self._context.gateway
        shown = gateway.redactor.redact_params(PUT, params)
        return self._context.record(
            StepIntent(
                step=head.seq,
                attempt=attempt,
                direction=Direction.FORWARD,
                api=PUT,
                params_digest=gateway.digest(PUT, params),
                token=None,
                mutates=True,
                params=jsonable(shown),
            )
        )

    def _record(self, intent: Event, result: Result, seconds: float, **details: str | None) -> None:
        step, attempt = intent.data["step"], intent.data["attempt"]
        self._context.record(
            StepOutcome(
                step=step,
                attempt=attempt,
                direction=Direction.FORWARD,
                result=result,
                seconds=seconds,
                **details,
            )
        )

    def _say(self, why: str) -> None:
        if self._outbox is not None and why != self._said:
            self._said = why
            self._outbox.say(f"anchor s3: {why}; the run goes on")
