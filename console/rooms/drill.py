"""The drill's room; where there is no sandbox there is no drill."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from console.acts.asking import Asking
from console.acts.drill_forms import NOT_HERE, clear_form, inject_form, named_choice
from console.acts.forms import Form
from screens.drill_port import DrillDesk
from screens.drill_room import DrillRoom

if TYPE_CHECKING:
    from console.app import CutoverApp

LOOK_SECONDS = 5.0
"""Between two looks at the wire while the room is open."""


class DrillKeeper:
    """Opens the room; asks before it changes what is on the wire."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._asking = Asking(app)

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {
            "drill": lambda _: self.open(),
            "inject": self._inject,
            "clear-faults": lambda _: self._clear(),
        }

    def open(self) -> None:
        """Show the room, and look at the wire as long as it is there."""
        desk = self._app.ports.drill
        if desk is None:
            self._app.say(NOT_HERE)
            return
        room = self._app.enter(lambda seen, actions: DrillRoom(self._app.kit, seen, actions, desk.choices()))
        if isinstance(room, DrillRoom):
            self._app.run_worker(self._watch(desk, room), group="drill", exclusive=True, exit_on_error=True)

    async def _watch(self, desk: DrillDesk, room: DrillRoom) -> None:
        while room in self._app.rooms:
            state = await asyncio.to_thread(desk.state)
            if room.is_attached:
                room.show_state(state)
            await asyncio.sleep(LOOK_SECONDS)

    def _inject(self, argument: str) -> None:
        desk, room = self._app.ports.drill, self._app.room
        if desk is None or not isinstance(room, DrillRoom):
            return
        chosen = room.chosen if not argument.strip() else None
        self._ask(lambda: inject_form(desk, chosen or named_choice(desk, argument)))

    def _clear(self) -> None:
        desk = self._app.ports.drill
        if desk is not None:
            self._ask(lambda: clear_form(desk))

    def _ask(self, make: Callable[[], Form]) -> None:
        self._asking.open(make, lambda said, _given: self._done(said))

    def _done(self, said: str) -> None:
        self._app.say(said)
        self.open()
