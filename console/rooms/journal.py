"""The journal's room, and the search in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from screens.journal import JournalRoom
from screens.journal_port import Found, JournalProblemError
from screens.review_port import PastError
from state.moments import FORMS

if TYPE_CHECKING:
    from console.app import CutoverApp


class JournalKeeper:
    """Opens the room; its marks outlast it."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._marks: set[int] = set()
        self._searching = 0

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {
            "journal": lambda _: self.open(),
            "search": self._ask,
            "match-next": lambda _: self._match(1),
            "match-previous": lambda _: self._match(-1),
            "only-matches": lambda _: self._only(),
            "mark": lambda _: self._in_room(JournalRoom.toggle_mark),
            "mark-next": lambda _: self._mark(1),
            "mark-previous": lambda _: self._mark(-1),
            "jump": self._jump,
            "travel": lambda _: self._travel(),
        }

    @property
    def room(self) -> JournalRoom | None:
        """The room, where it is in sight."""
        room = self._app.room
        return room if isinstance(room, JournalRoom) else None

    def open(self) -> None:
        """Show the journal."""
        book = self._app.ports.journal
        if book is None:
            self._app.say("there is no journal to read here", error=True)
            return
        self._app.enter(
            lambda seen, actions: JournalRoom(self._app.kit, seen, actions, book, self._marks, self._search)
        )

    def _in_room(self, act: Callable[[JournalRoom], object]) -> None:
        if self.room is not None:
            act(self.room)

    def _ask(self, text: str) -> None:
        self._in_room(lambda room: room.start_filter(text))

    def _match(self, step: int) -> None:
        if self.room is not None and not self.room.go_to_match(step):
            self._app.say("no match after this one" if step > 0 else "no match before this one")

    def _mark(self, step: int) -> None:
        if self.room is not None and not self.room.go_to_mark(step):
            self._app.say("no mark after this one" if step > 0 else "no mark before this one; m marks")

    def _only(self) -> None:
        if self.room is not None:
            self._app.say("matches alone" if self.room.toggle_only() else "all events; n and N go to matches")

    def _jump(self, typed: str) -> None:
        past = self._app.ports.past
        if past is None or self.room is None:
            return
        try:
            newest = past.time_of(past.last()) or self._app.clock()
            seq = past.row_of(typed, newest, self._app.travel.zone) if typed else None
            row = past.last() if seq is None and typed else seq
        except PastError as error:
            self._app.say(str(error), error=True)
            return
        if row is None:
            self._app.say(f"where to? {FORMS}")
        else:
            self.room.go_to(row)

    def _travel(self) -> None:
        if self.room is not None and self.room.chosen is not None:
            self._app.travel.show(self.room.chosen)

    # the search

    def _search(self, text: str) -> None:
        """Search in a thread of its own; a new search, and an empty one, ends the one before."""
        self._searching += 1
        if text and self.room is not None:
            self.room.show_found(Found(text))
            work = self._find(self.room, text, self._searching)
            self._app.run_worker(work, group="search", exit_on_error=True)

    async def _find(self, room: JournalRoom, text: str, number: int) -> None:
        book = self._app.ports.journal
        if book is None:
            return
        loop = asyncio.get_running_loop()

        def show(found: Found) -> None:
            if number == self._searching and room.is_attached:
                room.show_found(found)

        def tell(found: Found) -> bool:
            loop.call_soon_threadsafe(show, found)
            return number == self._searching

        try:
            show(await asyncio.to_thread(book.search, text, self._app.travel.zone, tell))
        except JournalProblemError as error:
            if number == self._searching:
                self._app.say(str(error), error=True)
                room.show_found(None)
