"""The constraints, the waiving of them, and the order of lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from console.acts.asking import Asking
from console.acts.waiver_form import SIGNS_NOTHING, waiver_form
from operations.plan.registers import Constraint
from screens.constraints import ConstraintsRoom
from screens.list_room import ListRoom

if TYPE_CHECKING:
    from console.app import CutoverApp


class ConstraintsKeeper:
    """Opens the constraints, sorts lists, and has waivers of constraints signed."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._asking = Asking(app)

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"constraints": self.open, "sort": self.sort}

    def open(self, argument: str = "") -> None:
        """Show the constraints, with the cursor on the one that is named."""
        app = self._app
        room = app.enter(lambda seen, actions: ConstraintsRoom(app.kit, seen, actions))
        if argument and isinstance(room, ConstraintsRoom):
            room.call_after_refresh(self._choose, room, argument)

    def _choose(self, room: ConstraintsRoom, key: str) -> None:
        if not room.list.choose(key):
            self._app.say(f"no constraint {key}", error=True)

    def sort(self, argument: str = "") -> None:
        """Sort the list of the room in sight by something, or by the next thing."""
        room = self._app.room
        if not isinstance(room, ListRoom) or not room.ORDERS:
            self._app.say("there is nothing to sort in this room", error=True)
        elif room.sort_by(argument) is None:
            self._app.say(f"sort by {', '.join(room.ORDERS)}", error=True)

    def waive(self, constraint: Constraint, until: str, reason: str) -> None:
        """Ask to sign a waiver."""
        app, signatory = self._app, self._app.ports.signatory
        if signatory is None:
            app.say(SIGNS_NOTHING, error=True)
            return
        said = (until, reason)
        self._asking.open(lambda: waiver_form(app.plan, app.status, constraint, signatory, app.clock, said))
