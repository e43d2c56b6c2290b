"""How keepers of rooms ask and act: one question at a time, what blocks in a thread, every refusal in a line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, TypeVar

from console.acts.forms import REFUSALS, Form
from console.exit_codes import CommandError
from screens.ask import Answer, AskScreen
from screens.entry import Given
from screens.form import FormScreen
from screens.lines import Line, Role, wrapped
from screens.preview_lines import place_lines

if TYPE_CHECKING:
    from console.app import CutoverApp

BUSY = "answer the open question first"
WORKING = "working out what it would do; nothing is done yet"
PATIENCE = 0.7
"""Seconds after which somebody who pressed a key wonders whether it was heard."""
Worked = TypeVar("Worked")
Then = Callable[[str, Given], None]
"""Told what a question's answer came to, and what was typed."""


async def worked_out(app: CutoverApp, call: Callable[[], Worked]) -> Worked:
    """Do in a thread what may block before a question can be asked; what takes longer than a moment is told of meanwhile.

    Raises:
        Whatever the call raises.
    """
    task = asyncio.create_task(asyncio.to_thread(call))
    done, _ = await asyncio.wait({task}, timeout=PATIENCE)
    if not done:
        app.say(WORKING)
    return await task


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

    def open(self, make: Callable[[], Form], then: Then | None = None) -> None:
        """Ask a question, or say why it makes no sense now; `then` sees to its outcome, which is said otherwise."""
        try:
            form = make()
        except CommandError as error:
            self._app.say(str(error), error=True)
        else:
            self.start(lambda: self._ask(form, then or self._say))

    def _say(self, said: str, _given: Given) -> None:
        self._app.say(said)

    async def _ask(self, form: Form, then: Then) -> None:
        given = await self._given(form)
        if given is None:
            return
        try:
            said = await asyncio.to_thread(form.send, given)
        except REFUSALS as error:
            self._app.say(str(error), error=True)
        else:
            then(said, given)

    async def _given(self, form: Form) -> Given | None:
        """What was typed, None when it is not to be."""
        app = self._app
        if form.entries:
            screen = FormScreen(form.title, self._lines(form), form.entries, form.verb, app.monotonic)
            return await app.ask(screen)
        answer = await app.ask(AskScreen(form.title, form.texts, form.verb, app.monotonic))
        return {} if answer is Answer.YES else None

    def _lines(self, form: Form) -> Callable[[int], list[Line]]:
        def lines(width: int) -> list[Line]:
            head = wrapped(form.head, width, Role.STRONG) if form.head else []
            rows = [*place_lines(self._app.banner, width), (), *head]
            return rows + [row for text in form.texts for row in wrapped(text, width)]

        return lines
