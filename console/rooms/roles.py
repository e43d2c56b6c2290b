"""The roles, and the handing over of the watch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from console.acts.asking import Asking
from console.acts.watch_forms import ABSENT, accept_form, offer_form, read_out, summary_of
from screens.entry import Given
from screens.lines import Line, Role, wrapped
from screens.reading import ReadingScreen
from screens.roles import RolesRoom
from state.projections.watch import Watch

if TYPE_CHECKING:
    from console.app import CutoverApp


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

    # the watch

    def hand_over(self, argument: str = "") -> None:
        """Ask to offer the watch: `TO SUMMARY`; a summary of where it stands is offered."""
        app, desk = self._app, self._app.ports.watch
        if desk is None:
            app.say(ABSENT, error=True)
            return
        summary = summary_of(app.plan, app.status, app.main.update_seen, app.clock())
        self._asking.open(lambda: offer_form(desk, argument, summary), self._offered)

    def _offered(self, phrase: str, given: Given) -> None:
        app, to = self._app, given["to"]
        if app.armed:
            app.do("disarm", f"the watch was offered to {to}")
        said = read_out(to, phrase)
        app.push_screen(ReadingScreen("Hand over", lambda width: _lines(said, width), app.kit.keys))

    def accept(self) -> None:
        """Ask for the phrase of the open offer."""
        app, desk, update = self._app, self._app.ports.watch, self._app.main.update_seen
        if desk is None:
            app.say(ABSENT, error=True)
        else:
            watch = update.watch if update else Watch()
            self._asking.open(lambda: accept_form(desk, watch, app.clock()))


def _lines(said: tuple[str, str, str], width: int) -> list[Line]:
    first, phrase, last = said
    rows: list[Line] = wrapped(first, width)
    return [*rows, (), *wrapped(phrase, width, Role.STRONG, 2), (), *wrapped(last, width)]
