"""The drill's room; where there is no sandbox there is no drill."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from screens.ask import Answer, AskScreen
from screens.drill_port import DrillDesk, DrillError
from screens.drill_room import DrillRoom

if TYPE_CHECKING:
    from console.app import CutoverApp

NOT_HERE = "there are no faults to inject here: `cutover drill` has a sandbox"
LOOK_SECONDS = 5.0
"""Between two looks at the wire while the room is open."""


class DrillKeeper:
    """Opens the room; asks before it changes what is on the wire."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._asking = False

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
        named = {name: choice for choice in reversed(desk.choices()) for name in (choice.id, choice.name)}
        choice = named.get(argument.strip()) if argument.strip() else room.chosen
        if choice is None:
            self._app.say(f"there is no fault or scenario {argument}", error=True)
            return
        texts = [
            choice.title,
            *choice.lines,
            "It takes the place of the faults that are in force. The journal tells of it.",
        ]
        self._ask(f"Inject {choice.name}", texts, "inject", lambda: desk.inject(choice.id), "injected")

    def _clear(self) -> None:
        desk = self._app.ports.drill
        if desk is not None:
            texts = ["No call meets a fault any more."]
            self._ask("Clear the faults", texts, "clear them", desk.clear, "no faults any more")

    def _ask(self, title: str, texts: list[str], verb: str, act: Callable[[], object], done: str) -> None:
        if self._asking:
            self._app.say("answer the open question first", error=True)
            return
        self._asking = True
        self._app.run_worker(
            self._asked(title, texts, verb, act, done), group="drill-ask", exit_on_error=True
        )

    async def _asked(
        self, title: str, texts: list[str], verb: str, act: Callable[[], object], done: str
    ) -> None:
        try:
            answer = await self._app.push_screen_wait(AskScreen(title, texts, verb, self._app.monotonic))
            if answer is not Answer.YES:
                return
            await asyncio.to_thread(act)
        except DrillError as error:
            self._app.say(str(error), error=True)
        else:
            self._app.say(done)
            self.open()
        finally:
            self._asking = False
