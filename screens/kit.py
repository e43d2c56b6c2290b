"""What every screen and pane is given: the plan, the clock, the glyphs, how fast the link is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from operations.plan.models import Plan
from screens.glyphs import Glyphs
from screens.keys import Keys


class Link(Enum):
    """How far away the terminal is; a slow one is redrawn less often."""

    FAST = "fast"
    SLOW = "slow"

    @property
    def tick_seconds(self) -> float:
        """Between two looks at the clock, for running times and ages."""
        return 1.0 if self is Link.FAST else 5.0

    @property
    def metrics_seconds(self) -> float:
        """Between two looks at the metric poller's last readings."""
        return 5.0 if self is Link.FAST else 15.0


@dataclass(frozen=True, slots=True)
class Kit:
    """Passed to constructors; `clock` answers in UTC, `shut` says why nothing may ever be asked for, None where arming allows it."""

    plan: Plan
    clock: Callable[[], datetime]
    glyphs: Glyphs
    link: Link
    keys: Keys = field(default_factory=Keys)
    shut: str | None = None
