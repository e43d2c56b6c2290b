"""One runner for a journal: a lock that dies with its holder, a number that fences off whoever had it before."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Self

from state.boot import HostIdentity, boot_clock, this_host
from state.errors import JournalUnwritableError, LeaseHeldError, LeaseLostError
from state.lease_lock import is_locked, lock, open_lease, replace_lease, turn
from state.lease_record import LIFE_SECONDS, SIZE, LeaseRecord, Owner


class Standing(Enum):
    """What a lease file and its lock say to somebody who looks."""

    FREE = "nobody has it"
    ENDED = "its process has ended"
    RESTARTED = "its host was started anew"
    HELD = "its runner is at work"
    SILENT = "its runner has not been heard of for longer than its lease lasts"
    FOREIGN = "its runner is on another host"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A lease that was not given back, and why it could be taken all the same."""

    record: LeaseRecord
    why: Standing


def standing(record: LeaseRecord | None, *, locked: bool, here: HostIdentity, now: float) -> Standing:
    """Judge a lease: the lock is believed only about processes of this kernel's current boot."""
    if record is None:
        return Standing.HELD if locked else Standing.FREE
    if here.shares_kernel_with(record.owner.identity):
        if not locked:
            return Standing.FREE if record.released else Standing.ENDED
        silent = not record.released and now - record.beat > record.life
        return Standing.SILENT if silent else Standing.HELD
    if locked:
        return Standing.HELD
    if record.released:
        return Standing.FREE
    return Standing.RESTARTED if here.is_later_boot_of(record.owner.identity) else Standing.FOREIGN


class Lease:
    """Holds a journal for one runner process until it is given back, lost, or the process ends.

    The lock is `flock` on `<journal>.lease`; the file is opened close-on-exec, or a child would keep the lock. Because
    a stopped process keeps its lock too, the file also carries a heartbeat and a fencing number, and whoever takes a
    lease over by hand puts a new file in the old one's place: `check` sees all three.
    """

    def __init__(
        self,
        descriptor: int,
        path: Path,
        record: LeaseRecord,
        took_over: TakenOver | None,
        clock: Callable[[], float],
    ) -> None:
        self._descriptor = descriptor
        self._clock = clock
        self._lost: LeaseLostError | None = None
        self.path = path
        self.record = record
        self.took_over = took_over

    @classmethod
    def take(
        cls,
        journal: Path,
        owner: Owner,
        *,
        above: int = 0,
        take_over: int | None = None,
        life: float = LIFE_SECONDS,
        clock: Callable[[], float] = boot_clock,
    ) -> Self:
        """Take the lease.

        Args:
            journal: the journal's file.
            owner: who takes it.
            above: the greatest fencing number known otherwise (from the journal); the new one is greater.
            take_over: the number of a lease that a person made sure nobody acts under any more.
            life: seconds without a heartbeat after which the lease counts as lost.
            clock: seconds that go on in sleep, comparable between processes of one boot.

        Raises:
            LeaseHeldError: another process has it, or may have it.
            JournalUnwritableError: the lease file cannot be written.
        """
        path = lease_path(journal)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with turn(path.parent) as mine:
                if not mine:
                    raise LeaseHeldError(
                        f"{journal}: other programs ask for its lease all the time; try again"
                    )
                return cls._take(journal, path, LeaseRecord(above, owner, clock(), life), take_over, clock)
        except OSError as error:
            raise JournalUnwritableError(f"{path}: the lease cannot be written: {error.strerror}") from error

    @classmethod
    def _take(
        cls,
        journal: Path,
        path: Path,
        wanted: LeaseRecord,
        take_over: int | None,
        clock: Callable[[], float],
    ) -> Self:
        descriptor = open_lease(path)
        before = _read(descriptor)
        mine = lock(descriptor, tries=1) or (not _at_work(before, wanted) and lock(descriptor))
        before = _read(descriptor)
        found = standing(before, locked=not mine, here=wanted.owner.identity, now=wanted.beat)
        record = replace(wanted, number=max(wanted.number, before.number if before else 0) + 1)
        if found in (Standing.HELD, Standing.SILENT, Standing.FOREIGN):
            os.close(descriptor)
            if found is Standing.HELD or before is None or take_over != before.number:
                raise LeaseHeldError(_line(journal, before, found, wanted.beat))
            descriptor = replace_lease(path, record.encoded())
        else:
            os.pwrite(descriptor, record.encoded(), 0)
            os.ftruncate(descriptor, SIZE)
        took_over = None if before is None or found is Standing.FREE else TakenOver(before, found)
        return cls(descriptor, path, record, took_over, clock)

    def check(self) -> None:
        """See that the lease is still ours; made right before every call that changes something.

        Raises:
            LeaseLostError: it was taken over, it ran out, or its file is gone. Once lost, it stays lost.
        """
        if self._lost is None:
            why = self._loss()
            self._lost = None if why is None else _lost(self.path, why)
        if self._lost is not None:
            raise self._lost

    def _loss(self) -> str | None:
        silent = self._clock() - self.record.beat
        if silent > self.record.life:
            return f"this runner stood still for {silent:.0f} s, its lease lasts {self.record.life:.0f} s"
        try:
            there, ours = self.path.stat(), os.fstat(self._descriptor)
            now = _read(self._descriptor)
        except OSError as error:
            return f"its file cannot be looked at: {error.strerror}"
        if (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino):
            return self._taken_by(_read_path(self.path))
        return None if now == self.record else self._taken_by(now)

    def _taken_by(self, record: LeaseRecord | None) -> str:
        if record is None or record.number <= self.record.number:
            return "its file was changed by something else than a runner"
        return f"runner {record.owner.pid} on {record.owner.host} took it over as number {record.number}"

    def beat(self) -> None:
        """Say that this runner is alive.

        Raises:
            LeaseLostError: the lease is no longer ours.
        """
        self.check()
        fresh = replace(self.record, beat=self._clock())
        try:
            os.pwrite(self._descriptor, fresh.encoded(), 0)
        except OSError as error:
            self._lost = _lost(self.path, f"its heartbeat cannot be written: {error.strerror}")
            raise self._lost from error
        self.record = fresh

    def release(self) -> None:
        """Let the next runner in; a lease that was lost is left to whoever has it."""
        try:
            if self._lost is None and self._loss() is None:
                with suppress(OSError):  # the lock goes with the file: the next runner takes it over as ended
                    os.pwrite(self._descriptor, replace(self.record, released=True).encoded(), 0)
        finally:
            os.close(self._descriptor)


def _lost(path: Path, why: str) -> LeaseLostError:
    return LeaseLostError(f"{path}: the lease was lost: {why}")


def _at_work(record: LeaseRecord | None, wanted: LeaseRecord) -> bool:
    """Whether a lock is surely the owner's own, and not that of a console that looks for an instant."""
    if record is None or record.released or wanted.beat - record.beat > record.life:
        return False
    if not wanted.owner.identity.shares_kernel_with(record.owner.identity):
        return False
    try:
        os.kill(record.owner.pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def lease_path(journal: Path) -> Path:
    """The lock file beside a journal."""
    return journal.with_name(journal.name + ".lease")


def is_held(journal: Path) -> bool:
    """Whether a runner is at work on this journal, or may be: of another host's runner nothing more can be seen."""
    return _look(journal)[1] in (Standing.HELD, Standing.SILENT, Standing.FOREIGN)


def held_by(journal: Path) -> str:
    """One line about who has the lease and what to do."""
    record, found = _look(journal)
    return _line(journal, record, found, boot_clock())


def _look(journal: Path) -> tuple[LeaseRecord | None, Standing]:
    try:
        descriptor = os.open(lease_path(journal), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None, Standing.FREE
    try:
        record = _read(descriptor)
        locked = is_locked(descriptor)
    finally:
        os.close(descriptor)
    return record, standing(record, locked=locked, here=this_host(), now=boot_clock())


def _read(descriptor: int) -> LeaseRecord | None:
    return LeaseRecord.decoded(os.pread(descriptor, SIZE, 0))


def _read_path(path: Path) -> LeaseRecord | None:
    try:
        return LeaseRecord.decoded(path.read_bytes())
    except OSError:
        return None


def _line(journal: Path, record: LeaseRecord | None, found: Standing, now: float) -> str:
    if record is None:
        return f"{journal}: another runner has this journal; follow it with `cutover attach`"
    owner = record.owner
    who = f"{journal}: runner {owner.pid} on {owner.host} since {owner.since}"
    force = f"`cutover resume PLAN --take-over {record.number}`"
    if found is Standing.FOREIGN:
        return f"{who} may have this journal, which cannot be seen from here; make sure there that it has ended, then {force}"
    if found is Standing.SILENT:
        return (
            f"{who} has this journal but was not heard of for {now - record.beat:.0f} s; end it (kill {owner.pid}),"
            f" or make sure that it acts no more, then {force}"
        )
    return f"{who} has this journal; follow it with `cutover attach`"
