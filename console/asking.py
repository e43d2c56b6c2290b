"""How keepers of rooms ask and act: one question at a time, what blocks in a thread, every refusal in a line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from console.exit_codes import CommandError
from operations.plan.errors import PlanError
from screens.form import FormScreen, Given
from screens.ports import DeskError
from state.errors import JournalError

if TYPE_CHECKING:
    from console.app import CutoverApp

BUSY = "answer the open question first"
REFUSALS = (DeskError, CommandError, PlanError, JournalError, OSError)
"""What may go wrong outside and is told in a line; everything else is a bug and shows as one."""


class Asking:
    """Questions of one console's rooms."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app

    def start(self, question: Callable[[], Coroutine[None, None, None]]) -> None:
        """Begin a question, unless another one is open."""
        if self._app.screen is not self._app.room:
            self._app.say(BUSY, error=True)
            return
        self._app.run_worker(question(), group="asking", exit_on_error=True)

    async def form(self, screen: FormScreen) -> Given | None:
        """What was answered, None when it is not to be."""
        return await self._app.push_screen_wait(screen)

    async def send(self, call: Callable[[], object], done: str) -> bool:
        """Do something that blocks; says that it is done, or why not."""
        try:
            await asyncio.to_thread(call)
        except REFUSALS as error:
            self._app.say(str(error), error=True)
            return False
        self._app.say(done)
        return True
