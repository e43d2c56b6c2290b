"""Answers by hand: asks about one operation, whatever room the operator is in, and has the answer journaled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from console.acts.asking import BUSY, Asking, worked_out
from console.acts.forms import REFUSALS
from console.acts.meaning import hand_unfit
from screens.by_hand_port import HandAct

if TYPE_CHECKING:
    from console.app import CutoverApp
    from screens.by_hand_port import HandDesk

Told = TypeVar("Told")
ABSENT = "answers by hand are not to be had here"
READ_ONLY = "read-only: :arm to act"


class HandKeeper:
    """Asks one question at a time; what it means is worked out before, which may take reads of the account."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._looking = False

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id, which is the command's name."""
        return {act.value: partial(self.ask, act) for act in HandAct}

    def ask(self, act: HandAct, argument: str = "") -> None:
        """Ask about the operation that is named, or the one that is chosen."""
        app, named = self._app, argument.strip()
        chosen = (named,) if named else app.chosen_operations
        hands = app.ports.hands
        if hands is None:
            app.say(ABSENT, error=True)
        elif not app.armed:
            app.say(app.kit.shut or READ_ONLY, error=True)
        elif (problem := hand_unfit(app.plan, app.arming, act, chosen)) is not None:
            app.say(problem, error=True)
        elif self._looking:
            app.say(BUSY, error=True)
        else:
            Asking(app).start(lambda: self._ask(hands, act, chosen[0]))

    async def _ask(self, hands: HandDesk, act: HandAct, operation: str) -> None:
        from screens.by_hand import HandScreen

        self._looking = True
        try:
            preview = await self._seen(lambda: hands.look(act, operation))
        finally:
            self._looking = False
        if preview is None:
            return
        app = self._app
        answered = await app.ask(HandScreen(preview, app.banner, app.monotonic))
        if answered is None:
            return
        said = await self._tried(lambda: hands.answer(preview, answered.reason, answered.choice))
        if said is not None:
            app.say(said)

    async def _seen(self, look: Callable[[], Told]) -> Told | None:
        try:
            return await worked_out(self._app, look)
        except REFUSALS as error:
            self._app.say(str(error), error=True)
            return None

    async def _tried(self, call: Callable[[], Told]) -> Told | None:
        try:
            return await asyncio.to_thread(call)
        except REFUSALS as error:
            self._app.say(str(error), error=True)
            return None
