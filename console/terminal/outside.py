"""What leaves the terminal: copies, pictures of the screen, the bell and desktop notifications."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from console.terminal.bell import Bell
from console.terminal.clipboard import Clipboard, Copied
from console.terminal.outside_world import OutsideWorld
from screens.copied import CopiedScreen
from screens.ports import Banner, FeedUpdate
from screens.text import clean

if TYPE_CHECKING:
    from console.app import CutoverApp

PHRASE = "phrase"
SCREEN = "screen"


class Outside:
    """Copies, keeps pictures and calls people, for one console."""

    def __init__(self, app: CutoverApp, world: OutsideWorld) -> None:
        self._app = app
        self._world = world
        self.clipboard = Clipboard(world.environment, world.copy_limit, self._send)
        self.bell = Bell(
            world.environment, self._send, app.monotonic, rings=world.rings, notifies=world.notifies
        )

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"copy": self.copy, "screenshot": lambda _: self.screenshot()}

    def _send(self, sequence: str) -> None:
        driver = self._app._driver  # noqa: SLF001 - Textual has no door for sequences of an app's own
        if self._world.send is not None:
            self._world.send(sequence)
        elif driver is not None:
            driver.write(sequence)

    # what arrives

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        self.bell.hear(update.status.seq, update.entries)

    def show_banner(self, banner: Banner) -> None:
        """Where we are may say that a login is due."""
        self.bell.mind_login(banner, self._app.clock())

    def tick(self) -> None:
        """Whoever waits to be called is called now."""
        self.bell.ring()

    # commands

    def copy(self, what: str) -> None:
        """Copy what is chosen, the journal's spoken phrase, or the whole screen; the text is shown as well."""
        if what not in ("", PHRASE, SCREEN):
            self._app.say(f"copy what is chosen, or `:copy {PHRASE}`, or `:copy {SCREEN}`", error=True)
            return
        self._app.run_worker(self._copy(what), group="outside", exit_on_error=True)

    async def _copy(self, what: str) -> None:
        text = await self._text(what)
        if not text:
            nothing = "nobody has written a row yet" if what == PHRASE else "nothing is chosen here"
            self._app.say(f"nothing copied: {nothing}", error=True)
            return
        copied: Copied
        if self.clipboard.needs_thread:
            copied = await asyncio.to_thread(self.clipboard.copy, text)
        else:
            copied = self.clipboard.copy(text)
        self._app.push_screen(CopiedScreen(text, copied.told, self._app.kit.keys))

    async def _text(self, what: str) -> str:
        if what == PHRASE:
            return await asyncio.to_thread(self._world.phrase) or ""
        if what == SCREEN:
            from console.terminal.capture import screen_text

            return screen_text(self._app)
        return self._app.room.chosen_text

    def screenshot(self) -> None:
        """Keep the screen as it is now in two files."""
        if self._world.pictures is None:
            self._app.say("no screenshots are kept from here", error=True)
            return
        from console.terminal.capture import keep, picture

        self._app.clear_notifications()
        try:
            kept = keep(
                picture(self._app, f"cutover {self._app.plan.plan}"),
                self._world.pictures,
                self._app.plan.plan,
                self._app.clock(),
            )
        except OSError as error:
            self._app.say(f"no screenshot: {self._world.pictures}: {error.strerror}", error=True)
            return
        self._app.say(f"{clean(kept.svg)} and .txt")
