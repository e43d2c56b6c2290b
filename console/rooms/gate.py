"""The gate: its verdict taken, criteria attested and waived, the verdict signed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from console.acts.asking import Asking
from console.acts.forms import REFUSALS, Form
from console.acts.gate_forms import ABSENT, GateForms, chosen_gate
from console.exit_codes import CommandError
from screens.gate import GateRoom
from screens.gate_port import GateWork

if TYPE_CHECKING:
    from console.app import CutoverApp


class GateKeeper:
    """Opens a gate and has people decide at it."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._asking = Asking(app)
        self._taking = False

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"gate": self.open, "take": self.take, "sign": self.sign, "attest": self.attest}

    @property
    def _work(self) -> GateWork | None:
        return self._app.ports.gate

    def open(self, argument: str = "") -> None:
        """Show a gate, the plan's first unless one is named."""
        app = self._app
        try:
            gate = chosen_gate(app.plan, argument)
        except CommandError as error:
            app.say(str(error), error=True)
            return
        digest = self._work.digest if self._work else ""
        shown = app.room
        if isinstance(shown, GateRoom) and argument and shown.gate != gate:
            app.leave_to(app.rooms[-2])
        app.enter(lambda seen, actions: GateRoom(app.kit, seen, actions, gate, digest))

    @property
    def _room(self) -> GateRoom | None:
        room = self._app.room
        return room if isinstance(room, GateRoom) else None

    def take(self, _argument: str = "") -> None:
        """Make every criterion now. It reads only, so it needs no arming."""
        room, work = self._room, self._work
        if room is None or work is None:
            self._app.say(ABSENT, error=True)
        elif self._taking:
            self._app.say("the criteria are being made already")
        else:
            self._taking = True
            self._app.run_worker(self._take(room, work), group="gate", exit_on_error=True)

    async def _take(self, room: GateRoom, work: GateWork) -> None:
        from operations.aws.outcome import GatewayError

        room.show_taking(self._app.clock())
        try:
            said = await asyncio.to_thread(work.take, room.gate)
        except (*REFUSALS, GatewayError) as error:
            self._app.say(f"no verdict: {error}", error=True)
        else:
            self._app.say(said)
        finally:
            self._taking = False
            if room.is_attached:
                room.show_taking(None)

    def sign(self, argument: str = "") -> None:
        """Ask to sign the newest verdict, in the role that is named or the first that is missing."""
        self._ask(lambda forms: forms.sign(argument.strip()))

    def waive(self, criterion: str, until: str, reason: str) -> None:
        """Ask to sign a waiver of a criterion; goes to the gate first."""
        if self._room is None:
            self.open()
        self._ask(lambda forms: forms.waive(criterion, until, reason))

    def attest(self, argument: str = "") -> None:
        """Ask for a person's word about a criterion that no machine can make."""
        chosen = (self._room.list.chosen if self._room else None) or ""
        self._ask(lambda forms: forms.attest(argument, chosen))

    def _ask(self, make: Callable[[GateForms], Form]) -> None:
        room, work, app = self._room, self._work, self._app
        if room is None or work is None:
            app.say(ABSENT, error=True)
            return
        forms = GateForms(app.plan, room.gate, room.standing, work, app.clock)
        self._asking.open(lambda: make(forms))
