"""Keys and pastes in the order in which they were typed: each one meets what those before it have brought about.

Textual hands keys to queues of the app, of the screen and of widgets, which keep no order among each other: a key
could reach the pane that the key before it was about to leave.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any, Final

from textual import events
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

ROUNDS: Final = 2
"""Once for the key itself, once for what a widget makes of it, e.g. `Submitted`."""
MOST_ROUNDS: Final = 12
"""A screen that opens a screen and so on is waited for; focus that goes round for ever is not."""
LOOK_SECONDS: Final = 0.1
"""How long one look at a screen that is about to be painted waits."""
LOOKS: Final = 20


class TypeAhead:
    """Lets one key or paste at a time into an app. Ask `admits` for every event, and keep `run` running."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._arrived = asyncio.Event()
        self._turn: events.Key | events.Paste | None = None
        self._target: Widget | None = None

    def admits(self, event: events.Event) -> bool:
        """Whether the app may look at an event now; a key that may not comes again when it is its turn."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            return True
        if event is self._turn:
            self._target = self._focus()
            return True
        self._waiting.append(event)
        self._arrived.set()
        return False

    async def run(self) -> None:
        """Let in what waits, for as long as the app runs."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                self._turn = self._waiting.popleft()
                if self._app.post_message(self._turn):
                    await _through([self._app])
                    if not _only_types(self._turn, self._target):
                        await self._settled()

    async def _settled(self) -> None:
        """Wait until everything that the key has brought about is done, and what it opened has the focus."""
        target, rounds = self._target, 0
        while target is not None and rounds < MOST_ROUNDS:
            for node in target.ancestors_with_self:  # a key, and what comes of it, rises from one to the next
                if not rounds or node.message_queue_size:
                    await _through([node])
            screen = self._screen()
            nodes = screen.walk_children(with_self=True) if screen is not None else ()
            await _through(node for node in nodes if node.message_queue_size)
            await self._painted()
            before, target = target, self._focus()
            rounds += 1
            if rounds >= ROUNDS and target is before:
                return

    async def _painted(self) -> None:
        """Wait for what was put off until the next paint, such as where a cursor goes or the focus."""
        screen = self._screen()
        if screen is None or not screen._callbacks:  # noqa: SLF001 - Textual tells it nowhere else
            return
        done = asyncio.Event()
        self._app.call_after_refresh(done.set)
        for _ in range(LOOKS):
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await done.wait()
            except TimeoutError:
                if self._screen() is screen:
                    continue
            break
        await _through([self._app])

    def _screen(self) -> Screen[Any] | None:
        try:
            return self._app.screen
        except ScreenStackError:
            return None

    def _focus(self) -> Widget | None:
        return self._app.focused or self._screen()


def _only_types(event: events.Event, target: Widget | None) -> bool:
    """Whether a key does nothing but put a letter into a line; the next one then waits behind it in the same queue."""
    return isinstance(event, events.Key) and event.is_printable and isinstance(target, Input)


async def _through(pumps: Iterable[MessagePump]) -> None:
    """Wait until these have done all that they have been given so far."""
    all_done = asyncio.Event()
    left = 1

    def done() -> None:
        nonlocal left
        left -= 1
        if not left:
            all_done.set()

    for pump in pumps:
        left += pump.call_later(done)
    done()
    await all_done.wait()
