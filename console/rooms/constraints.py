"""The constraints, and the waiving of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from console.asking import Asking
from console.exit_codes import CommandError
from console.waivers import moment
from operations.plan.obstacles import binds, blocked_by
from operations.plan.registers import Constraint
from screens.constraints import ConstraintsRoom
from screens.form import Entry, FormScreen
from screens.lines import Line, Role, wrapped
from screens.list_room import ListRoom
from screens.preview_lines import place_lines

if TYPE_CHECKING:
    from console.app import CutoverApp

USAGE = ":waive ID until TIME reason, such as :waive C-04 until 4h the listener is behind the allow list"


class ConstraintsKeeper:
    """Opens the constraints, sorts lists, and has waivers of constraints signed."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._asking = Asking(app)

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"constraints": self.open, "sort": self.sort}

    def open(self, argument: str = "") -> None:
        """Show the constraints, with the cursor on the one that is named."""
        app = self._app
        room = app.enter(lambda seen, actions: ConstraintsRoom(app.kit, seen, actions))
        if argument and isinstance(room, ConstraintsRoom):
            room.call_after_refresh(self._choose, room, argument)

    def _choose(self, room: ConstraintsRoom, key: str) -> None:
        if not room.list.choose(key):
            self._app.say(f"no constraint {key}", error=True)

    def sort(self, argument: str = "") -> None:
        """Sort the list of the room in sight by something, or by the next thing."""
        room = self._app.room
        if not isinstance(room, ListRoom) or not room.ORDERS:
            self._app.say("there is nothing to sort in this room", error=True)
        elif room.sort_by(argument) is None:
            self._app.say(f"sort by {', '.join(room.ORDERS)}", error=True)

    def waive(self, constraint: Constraint, until: str, reason: str) -> None:
        """Ask to sign a waiver."""
        self._asking.start(partial(self._waive, constraint, until, reason))

    async def _waive(self, constraint: Constraint, until: str, reason: str) -> None:
        app, signatory = self._app, self._app.ports.signatory
        if signatory is None:
            app.say("read-only: this console signs nothing", error=True)
            return
        entries = (
            Entry("until", "2026-12-01T06:00Z, a day, or from now on 90m, 4h, 7d", until),
            Entry("owner", "who sees to it meanwhile", constraint.owner or ""),
            Entry("role", "in which role you sign; may stay empty", required=False),
            Entry("reason", "why; it stands in the journal", reason),
        )
        title = f"Waive {constraint.id}"
        screen = FormScreen(
            title, partial(self._lines, constraint, signatory.actor), entries, "sign", app.monotonic
        )
        given = await self._asking.form(screen)
        if given is None:
            return
        try:
            until_when = moment(given["until"], app.clock())
        except CommandError as error:
            app.say(str(error), error=True)
            return
        owner, role = given["owner"], given["role"] or None
        await self._asking.send(
            lambda: signatory.waive(constraint.id, role, owner, until_when, given["reason"]),
            f"waiver of {constraint.id} signed; two people must",
        )

    def _lines(self, constraint: Constraint, actor: str, width: int) -> list[Line]:
        blocked = blocked_by(self._app.plan, constraint)
        waits = [key for key in blocked if not self._app.status.of(key).state.satisfied]
        names = ", ".join(waits[:6]) + (f" and {len(waits) - 6} more" if len(waits) > 6 else "")
        holds = "keeps from starting" if binds(constraint) else "blocks, as a warning only,"
        texts = (
            f"{constraint.severity.value}, {constraint.status.value}: {constraint.title}",
            f"It {holds} {len(waits)} operation{'' if len(waits) == 1 else 's'}: {names or 'none'}.",
            f"You sign as {actor}, for a time. It counts once two people have signed; the journal keeps who and why.",
        )
        rows = [*place_lines(self._app.banner, width), (), *wrapped(texts[0], width, Role.STRONG)]
        return rows + [row for text in texts[1:] for row in wrapped(text, width)]
