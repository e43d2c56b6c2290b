"""Waivers of constraints, written into the journal; and the times that people give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from console import openers
from console.exit_codes import CommandError, ExitCode
from console.journal.journals import read_status
from operations.plan.loader import LoadedPlan
from operations.plan.obstacles import Waiving, blocked_by, constraint_digest, waiving_of
from operations.plan.registers import Constraint
from state.events import Event
from state.journal import timestamp
from state.request_events import ConstraintWaived
from state.text import clean


class WaiverDesk:
    """Writes waivers for one plan and journal. Every refusal is a CommandError of one line."""

    def __init__(
        self,
        loaded: LoadedPlan,
        path: Path,
        clock: Callable[[], datetime] = openers.now,
        actor: Callable[[], str] = openers.actor,
    ) -> None:
        """Write for one plan and journal."""
        self._loaded = loaded
        self._path = path
        self._clock = clock
        self._actor = actor

    @property
    def actor(self) -> str:
        """Who signs, as events name people."""
        return self._actor()

    def waive(
        self, constraint: str, role: str | None, owner: str, until: datetime, reason: str
    ) -> tuple[Event, Waiving]:
        """Sign a waiver of a constraint, and say how it stands then.

        Raises:
            CommandError: there is nothing to waive, the moment is past, or the role is none of the plan's.
        """
        plan = self._loaded.plan
        wanted = self._constraint(constraint)
        if until <= self._clock():
            raise CommandError(f"a waiver ends in the future, not at {timestamp(until.astimezone(UTC))}")
        if wanted.status.settled:
            raise _refused(f"{constraint} is {wanted.status.word}: there is nothing to waive")
        if not blocked_by(plan, wanted):
            raise _refused(f"{constraint} blocks no operation: there is nothing to waive")
        roles = [each.id for each in plan.roles]
        if role is not None and role not in roles:
            raise CommandError(f"the plan has no role `{role}`; there are: {', '.join(roles)}")
        waived = ConstraintWaived(
            constraint=constraint,
            role=role,
            owner=owner,
            until=timestamp(until.astimezone(UTC)),
            reason=reason,
            digest=constraint_digest(wanted),
        )
        with openers.open_journal(self._path, self._loaded) as journal:
            event = journal.append(waived)
        return event, waiving_of(wanted, read_status(self._path).waivers, self._clock())

    def _constraint(self, key: str) -> Constraint:
        found = {each.id: each for each in self._loaded.plan.constraints}
        if key not in found:
            raise CommandError(f"no constraint `{key}`; there are: {', '.join(found) or 'none'}")
        return found[key]


def moment(text: str, now: datetime) -> datetime:
    """A time as people give it: RFC 3339, a day (its end, UTC), or from now on: `90m`, `4h`, `7d`.

    Raises:
        CommandError: it is none of these.
    """
    said = text.strip()
    number, unit = said[:-1], said[-1:]
    try:
        if number.isdecimal() and unit in _UNITS:
            return now + timedelta(minutes=int(number) * _UNITS[unit])
        found = datetime.fromisoformat(said)
        if len(said) == len("2026-12-01"):
            found += timedelta(days=1, seconds=-1)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise CommandError(
            f"`{clean(said)}` is no time: give 2026-12-01T06:00Z, 2026-12-01, or from now on 90m, 4h, 7d"
        ) from error


_UNITS = {"m": 1, "h": 60, "d": 1440}
"""Minutes of each."""


def _refused(message: str) -> CommandError:
    return CommandError(message, ExitCode.REFUSED)
