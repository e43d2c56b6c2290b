"""An app of rooms: the first one, those that were entered, and the way back through them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen

from console.actions import HINTED
from console.dressed import DressedApp
from screens.action import Action
from screens.cutover import CutoverScreen
from screens.kit import Kit
from screens.ports import Banner
from screens.room import Room, Seen
from screens.times import Zone
from state.projections.states import PlanStatus

Answered = TypeVar("Answered")


class RoomedApp(DressedApp):
    """Whoever derives from it says what the rooms are made with."""

    actions: Sequence[Action]
    """The table of commands with the user's keys."""
    kit: Kit
    banner: Banner
    first_zone: Zone
    """Which zone times are shown in at first."""

    def __init__(self) -> None:
        """Nothing is open yet."""
        self._popped = asyncio.Event()
        super().__init__()

    @property
    def hinted(self) -> tuple[Action, ...]:
        """The commands of the hint line, with the user's keys."""
        by_id = {action.id: action for action in self.actions}
        return tuple(by_id[action.id] for action in HINTED)

    def get_default_screen(self) -> Screen[None]:
        """The main screen is the first thing painted."""
        return CutoverScreen(self.kit, self.banner, self.hinted, self.first_zone)

    @property
    def main(self) -> CutoverScreen:
        """The main screen, whatever lies above it."""
        screen = self.screen_stack[0]
        assert isinstance(screen, CutoverScreen)  # noqa: S101 - get_default_screen makes it
        return screen

    @property
    def rooms(self) -> tuple[Room, ...]:
        """The rooms that were entered, the one in sight last; dialogs above it do not count."""
        return tuple(screen for screen in self.screen_stack if isinstance(screen, Room))

    @property
    def room(self) -> Room:
        """The room in sight, perhaps under a dialog."""
        return self.rooms[-1]

    def enter(self, make: Callable[[Seen, tuple[Action, ...]], Room]) -> Room:
        """Go to a room; where it lies below already, back to it."""
        actions = (*self.hinted, *(action for action in self.actions if action.room is not None))
        room = make(self.main.seen, actions)
        below = [each for each in self.rooms if each.NAME == room.NAME]
        if below:
            self.leave_to(below[-1])
            return below[-1]
        room.crumbs = tuple(each.NAME for each in (*self.rooms, room))
        self.push_screen(room)
        return room

    def leave_to(self, room: Room) -> None:
        """Close everything that lies above a room."""
        while self.screen is not room:
            self.pop_screen()

    async def ask(self, dialog: Screen[Answered]) -> Answered | None:
        """Open a dialog and wait for its answer; whoever types in another one meanwhile is left to finish."""
        while self.screen is not self.room:
            self._popped.clear()
            await self._popped.wait()
        return await self.push_screen_wait(dialog)

    def pop_screen(self) -> AwaitComplete:
        """Close what lies on top; a question that waits for it may be asked then."""
        popped = super().pop_screen()
        self._popped.set()
        return popped

    def show_zone(self, zone: Zone) -> None:
        """Times in this zone, in every room."""
        for room in self.rooms:
            room.zone = zone

    @property
    def status(self) -> PlanStatus:
        """What the journal said last."""
        update = self.main.update_seen
        return PlanStatus() if update is None else update.status

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """What the cursor of the room in sight stands for."""
        return self.room.chosen_operations
