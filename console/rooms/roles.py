"""The roles, and the handing over of the watch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from console.asking import REFUSALS, Asking
from screens.form import Entry, FormScreen
from screens.lines import Line, Role, wrapped
from screens.preview_lines import place_lines
from screens.reading import ReadingScreen
from screens.roles import RolesRoom
from screens.times import age_of
from screens.watch_lines import pending_approvals
from screens.watch_port import WatchDesk
from screens.words import state_word
from state.projections.states import OperationState
from state.projections.watch import Handover, Watch

if TYPE_CHECKING:
    from console.app import CutoverApp

ABSENT = "this console hands nothing over"


class RolesKeeper:
    """Opens the roles, offers the watch and accepts it."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._asking = Asking(app)

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"roles": lambda _: self.open(), "handover": self.hand_over, "accept": lambda _: self.accept()}

    def open(self) -> None:
        """Show the roles, with those of what is chosen first."""
        app = self._app
        about = app.chosen_operations
        app.enter(lambda seen, actions: RolesRoom(app.kit, seen, actions, about))

    # offering

    def hand_over(self, argument: str = "") -> None:
        """Ask to offer the watch: `TO SUMMARY`; a summary of where it stands is offered."""
        desk = self._app.ports.watch
        if desk is None:
            self._app.say(ABSENT, error=True)
        else:
            to, _, summary = argument.strip().partition(" ")
            self._asking.start(partial(self._hand_over, desk, to, summary.strip()))

    async def _hand_over(self, desk: WatchDesk, to: str, summary: str) -> None:
        app = self._app
        texts = (
            f"You are {desk.actor}. Whoever takes over sees this summary, and accepts it with the phrase that you read out.",
            "A run goes on meanwhile: a runner carries it, not this console. This console goes back to read-only.",
        )
        entries = (
            Entry("to", "who takes over", to),
            Entry("summary", "where it stands and what comes next", summary or self._summary()),
        )
        screen = FormScreen("Hand over", partial(self._lines, texts), entries, "offer", app.monotonic)
        given = await self._asking.form(screen)
        if given is None:
            return
        try:
            phrase = await asyncio.to_thread(desk.offer, given["to"], given["summary"])
        except REFUSALS as error:
            app.say(str(error), error=True)
            return
        if app.armed:
            app.do("disarm", f"the watch was offered to {given['to']}")
        said = (
            f"Read this out to {given['to']}:",
            phrase,
            "They type it after :accept, and then have the watch.",
        )
        app.push_screen(ReadingScreen("Hand over", partial(self._read_out, said)))

    def _read_out(self, said: tuple[str, str, str], width: int) -> list[Line]:
        first, phrase, last = said
        rows: list[Line] = wrapped(first, width)
        return [*rows, (), *wrapped(phrase, width, Role.STRONG, 2), (), *wrapped(last, width)]

    def _summary(self) -> str:
        """Where it stands, in a line: the run, what needs somebody, whether one can go back."""
        app, status = self._app, self._app.status
        parts = []
        if status.run is not None:
            done = sum(status.of(key).state.satisfied for key in status.run.operations)
            parts.append(f"run {state_word(status.run.state)} {done}/{len(status.run.operations)}")
        for state in (
            OperationState.IN_DOUBT,
            OperationState.FAILED,
            OperationState.HELD,
            OperationState.RUNNING,
        ):
            keys = status.in_state(state)
            if keys:
                parts.append(f"{state_word(state)}: {', '.join(keys[:4])}")
        waiting = pending_approvals(app.plan, status, app.clock())
        if waiting:
            parts.append(f"to approve: {', '.join(each.operation for each in waiting)}")
        update = app.main.update_seen
        if update is not None:
            back = update.back_out
            parts.append(f"back out in {back.minutes:.0f} min" if back.possible else "no way back")
        return "; ".join(parts) or "nothing has been run yet"

    # accepting

    def accept(self) -> None:
        """Ask for the phrase of the open offer."""
        desk, update = self._app.ports.watch, self._app.main.update_seen
        watch = update.watch if update else Watch()
        offer = watch.offer
        if desk is None:
            self._app.say(ABSENT, error=True)
        elif offer is None:
            self._app.say("nobody offers the watch", error=True)
        elif offer.actor == desk.actor:
            self._app.say("you offered it yourself: somebody else must accept it", error=True)
        else:
            self._asking.start(partial(self._accept, desk, offer))

    async def _accept(self, desk: WatchDesk, offer: Handover) -> None:
        app = self._app
        texts = (
            f"{offer.actor} offers the watch to {offer.to}, {age_of(offer.at, app.clock())} ago: {offer.summary}",
            f"You take over as {desk.actor}. Let {offer.actor} read the phrase of row {offer.head} out, and type it.",
            "It is compared with this journal's row: so you both know that you look at the same.",
            "A run that is going is not touched.",
        )
        entries = (Entry("phrase", "four words with hyphens, as you hear them"),)
        screen = FormScreen("Accept the watch", partial(self._lines, texts), entries, "accept", app.monotonic)
        given = await self._asking.form(screen)
        if given is None:
            return
        try:
            lease = await asyncio.to_thread(desk.accept, offer.seq, given["phrase"])
        except REFUSALS as error:
            app.say(str(error), error=True)
            return
        app.say(f"you have the watch; {lease}")

    def _lines(self, texts: tuple[str, ...], width: int) -> list[Line]:
        rows = [*place_lines(self._app.banner, width), ()]
        return rows + [row for text in texts for row in wrapped(text, width)]
