"""The rooms of the console: a keeper for each opens it and does what its commands ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from console.rooms.by_hand import HandKeeper
from console.rooms.constraints import ConstraintsKeeper
from console.rooms.doctor import DoctorKeeper
from console.rooms.drill import DrillKeeper
from console.rooms.gate import GateKeeper
from console.rooms.journal import JournalKeeper
from console.rooms.metrics import MetricsKeeper
from console.rooms.plan_map import MapKeeper
from console.rooms.roles import RolesKeeper
from console.rooms.verify import VerifyKeeper
from console.rooms.waiving import WaivingKeeper
from console.rooms.way_back import WayBackKeeper

if TYPE_CHECKING:
    from console.app import CutoverApp

Handler = Callable[[str], None]
"""Does a command, given what followed its name."""


class Keeper(Protocol):
    """Opens one room and carries out its commands."""

    def handlers(self) -> Mapping[str, Handler]:
        """A handler for each of the room's commands, by action id; the one that opens it among them."""
        ...


KEEPERS: tuple[Callable[[CutoverApp], Keeper], ...] = (
    WayBackKeeper,
    MapKeeper,
    MetricsKeeper,
    JournalKeeper,
    ConstraintsKeeper,
    GateKeeper,
    VerifyKeeper,
    RolesKeeper,
    WaivingKeeper,
    DrillKeeper,
    DoctorKeeper,
    HandKeeper,
)
"""Every room but the first, in the order in which help lists them."""


def keepers(app: CutoverApp) -> tuple[Keeper, ...]:
    """The keepers of one console."""
    return tuple(make(app) for make in KEEPERS)
