"""When a head is due: worked out from rows alone, so that a verifier can tell a head that is late or missing."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

from state.kinds import Kind
from state.run_events import HeadReason

EVENTS = 100
SECONDS = 60.0
"""Every so many rows and seconds: RELIABILITY.md, section 3, after CloudTrail's hourly digests."""
RUN_ENDS = frozenset({Kind.RUN_FINISHED.value, Kind.RUN_INTERRUPTED.value})
TIME_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"
Quiet = tuple[int, str, str]
"""Before which row, and between which times, nothing is due, unless a run ends."""
UNBOUNDED: Quiet = (sys.maxsize, "", chr(sys.maxunicode))


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often heads are signed: after so many rows, and after so many seconds while a run goes on."""

    events: int = EVENTS
    seconds: float = SECONDS


class DueAfter:
    """What is due after a head that stands in row `seq` and was written `at`.

    A clock that was set back by more than the cadence makes a head due too: nothing may put it off for long.

    Raises (on construction):
        ValueError: `at` is no time as events carry it.
    """

    __slots__ = ("_early", "_late", "_limit", "seq")

    def __init__(self, seq: int, at: str, cadence: Cadence) -> None:
        self.seq = seq
        self._limit = seq + cadence.events
        moment, gap = datetime.strptime(at, TIME_FORM), timedelta(seconds=cadence.seconds)  # noqa: DTZ007 - UTC
        try:
            self._late, self._early = (moment + gap).strftime(TIME_FORM), (moment - gap).strftime(TIME_FORM)
        except OverflowError as error:
            raise ValueError(f"{at}: no time that anybody lives in") from error

    def reason(self, seq: int, at: str, run: str | None, kind: str) -> HeadReason | None:
        """Why a head must follow this row directly, None when none must."""
        if kind in RUN_ENDS:
            return HeadReason.RUN_END
        if seq >= self._limit:
            return HeadReason.COUNT
        return HeadReason.TIME if run is not None and self.past(at) else None

    @property
    def quiet(self) -> Quiet:
        """Where `reason` has none for sure."""
        return self._limit, self._early, self._late

    def past(self, at: str) -> bool:
        """Whether the cadence's time is over."""
        return at >= self._late or at <= self._early
