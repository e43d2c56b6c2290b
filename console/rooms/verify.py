"""The verification library: made in a thread that the room only follows."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from console.acts.forms import REFUSALS
from operations.checks.library import CheckedItem, LibraryCheck
from screens.check_view import named_checks
from screens.verify import Making, VerifyRoom
from screens.verify_port import CheckMaker

if TYPE_CHECKING:
    from console.app import CutoverApp

ABSENT = "this console makes no checks"
NOTHING_MADE = "nothing is being made"


class VerifyKeeper:
    """Opens the library and makes checks; they read only, so nobody needs to arm."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._making: Making | None = None
        self._stop = threading.Event()

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"verify": self.open, "make": self.make, "stop": self.stop}

    def open(self, argument: str = "") -> None:
        """Show the library, only what matches the words that are given."""
        app = self._app
        room = app.enter(lambda seen, actions: VerifyRoom(app.kit, seen, actions, self._making))
        if argument:
            room.call_after_refresh(lambda: room.start_filter(argument))

    @property
    def _room(self) -> VerifyRoom | None:
        return next((room for room in self._app.rooms if isinstance(room, VerifyRoom)), None)

    def make(self, argument: str = "") -> None:
        """Make the chosen check; or `all`, `shown`, a category, or checks by id."""
        room, maker = self._room, self._app.ports.checks
        if room is None or maker is None:
            self._app.say(ABSENT, error=True)
            return
        if self._making is not None:
            self._app.say("checks are being made already; :stop begins no more", error=True)
            return
        wanted = _meant(room, argument.strip())
        if not wanted:
            categories = sorted({check.category for check in room.checks.values()})
            self._app.say(f"no such checks; all, shown, an id, or of: {', '.join(categories)}", error=True)
            return
        self._stop.clear()
        self._making = Making(frozenset(check.id for check in wanted), self._app.clock())
        self._show()
        self._app.run_worker(self._make(maker, wanted), group="checks", exit_on_error=True)

    def stop(self, _argument: str = "") -> None:
        """Begin no more checks."""
        if self._making is None:
            self._app.say(NOTHING_MADE)
            return
        self._stop.set()
        self._making = replace(self._making, stopping=True)
        self._show()
        left = len(self._making.ids - self._making.done)
        self._app.say(
            f"no more are begun; of {left} those in flight end and are kept. Checks only read: there is nothing to undo"
        )

    async def _make(self, maker: CheckMaker, wanted: Sequence[LibraryCheck]) -> None:
        from operations.aws.outcome import GatewayError

        loop = asyncio.get_running_loop()

        def told(item: CheckedItem) -> None:
            loop.call_soon_threadsafe(self._told, item)

        try:
            said = await asyncio.to_thread(maker.make, wanted, told, self._stop.is_set)
        except (*REFUSALS, GatewayError) as error:
            self._app.say(f"not made: {error}", error=True)
        else:
            self._app.say(said)
        finally:
            self._making = None
            self._show()

    def _told(self, item: CheckedItem) -> None:
        if self._making is not None:
            self._making = replace(self._making, done=self._making.done | {item.check.id})
            self._show()

    def _show(self) -> None:
        room = self._room
        if room is not None and room.is_mounted:
            room.show_making(self._making)


def _meant(room: VerifyRoom, words: str) -> tuple[LibraryCheck, ...]:
    """Which checks these words mean."""
    if words == "shown":
        return tuple(room.checks[key] for key in room.shown)
    if not words:
        return () if room.chosen is None else (room.chosen,)
    return named_checks(room.checks.values(), words)
