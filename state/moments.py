"""Moments as people type them: `#1842`, `01:31:44Z`, `2026-11-22 01:31`, `-5m`, `now`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

FORMS = "#SEQ, 01:31[:44][Z], 2026-11-22T01:31[:44][Z], -5m or now"
_SEQ = re.compile(r"#?(\d{1,15})")
_AGO = re.compile(r"-(\d{1,9})([smhd])")
_TIME = re.compile(
    r"(?:(\d{4})-(\d\d)-(\d\d)[T ])?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:\d\d)?"
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class MomentError(ValueError):
    """A text that names no moment, in one line."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A row of the journal, or a time; with neither it is the newest row."""

    seq: int | None = None
    at: datetime | None = None

    @property
    def now(self) -> bool:
        """Whether it is the newest row, whichever that is."""
        return self.seq is None and self.at is None


def parse_moment(text: str, reference: datetime, zone: tzinfo = UTC) -> Moment:
    """Read a moment.

    Args:
        text: what was typed.
        reference: what `-5m` counts back from; a time without a day is the last such time up to it.
        zone: of times that name none.

    Raises:
        MomentError: it is none of the forms.
    """
    typed = text.strip()
    if typed.lower() == "now":
        return Moment()
    if found := _SEQ.fullmatch(typed):
        return Moment(seq=int(found[1]))
    if found := _AGO.fullmatch(typed):
        try:
            return Moment(at=reference - timedelta(seconds=int(found[1]) * _SECONDS[found[2]]))
        except OverflowError as error:
            raise MomentError(f"`{typed}` is longer ago than there are dates") from error
    if found := _TIME.fullmatch(typed):
        try:
            return Moment(at=_time(found, reference, zone))
        except (ValueError, OverflowError) as error:
            raise MomentError(f"`{typed}` is no time of any day") from error
    raise MomentError(f"`{typed}` is no moment: give {FORMS}")


def _time(found: re.Match[str], reference: datetime, zone: tzinfo) -> datetime:
    year, month, day, hour, minute, second, part, named = found.groups()
    where = (
        zone
        if named is None
        else UTC
        if named == "Z"
        else datetime.fromisoformat(f"2000-01-01T00:00{named}").tzinfo
    )
    here = reference.astimezone(where)
    today = here if year is None else here.replace(year=int(year), month=int(month), day=int(day))
    moment = today.replace(
        hour=int(hour),
        minute=int(minute),
        second=int(second or 0),
        microsecond=int((part or "0").ljust(6, "0")),
    )
    if year is None and moment > here:
        moment -= timedelta(days=1)
    return moment.astimezone(UTC)


def event_time(moment: datetime) -> str:
    """A time as events have it: UTC, microseconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
