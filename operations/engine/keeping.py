"""Keeps a runner's lease alive while it works, and stops the run when the lease is lost."""

from __future__ import annotations

import asyncio
from datetime import datetime
from types import TracebackType
from typing import Self

from state.errors import LeaseLostError
from state.journal import Journal, timestamp
from state.lease import Lease
from state.lease_record import Owner
from state.run_events import LeaseLost, LeaseReleased, LeaseTaken

BEATS_PER_LIFE = 6
"""Heartbeats in one life of a lease: several may come late before it is lost."""


class Keeper:
    """Beats while it is open (`async with`). It shares the run's loop: a loop that stands still must not seem alive."""

    def __init__(self, lease: Lease, stop: asyncio.Event) -> None:
        self._lease = lease
        self._stop = stop
        self._task: asyncio.Task[None] | None = None

    def check(self) -> None:
        """The guard of every call that changes something.

        Raises:
            LeaseLostError: the lease is no longer ours; the run has been asked to stop.
        """
        try:
            self._lease.check()
        except LeaseLostError:
            self._stop.set()
            raise

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._beat_on(), name="lease")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        assert self._task is not None  # noqa: S101 - entered before
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(self._lease.record.life / BEATS_PER_LIFE)
            try:
                self._lease.beat()
            except LeaseLostError:
                self._stop.set()
                return


def taken(lease: Lease) -> LeaseTaken:
    """What the journal says of a lease that was taken."""
    owner, before = lease.record.owner, lease.took_over
    over: dict[str, str | int] | None = None
    if before is not None:
        was = before.record.owner
        over = {
            "number": before.record.number,
            "pid": was.pid,
            "host": was.host,
            "boot": was.boot,
            "why": before.why.value,
        }
    return LeaseTaken(
        pid=owner.pid, host=owner.host, number=lease.record.number, boot=owner.boot, took_over=over
    )


def released(lease: Lease) -> LeaseReleased:
    """What the journal says of a lease that is given back."""
    owner = lease.record.owner
    return LeaseReleased(pid=owner.pid, host=owner.host, number=lease.record.number)


def lost(lease: Lease, error: LeaseLostError) -> LeaseLost:
    """What the journal says of a lease that was lost, by the one who lost it."""
    owner = lease.record.owner
    why = str(error).rpartition("the lease was lost: ")[2]
    return LeaseLost(pid=owner.pid, host=owner.host, number=lease.record.number, why=why)


def free(journal: Journal, now: datetime, number: int) -> None:
    """Take over a lease under which nothing is to be done, and give it back, so that others may have the journal.

    Raises:
        LeaseHeldError: its owner is at work, or it has another number.
    """
    lease = Lease.take(journal.path, Owner.here(timestamp(now)), take_over=number)
    try:
        journal.append(taken(lease))
        journal.append(released(lease))
    finally:
        lease.release()
