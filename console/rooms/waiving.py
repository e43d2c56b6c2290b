"""`:waive`: of a constraint, or of a criterion at a gate; the id says which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from console.acts.waiver_form import USAGE, parsed
from console.rooms.constraints import ConstraintsKeeper
from console.rooms.gate import GateKeeper

if TYPE_CHECKING:
    from console.app import CutoverApp


class WaivingKeeper:
    """Finds out what is to be waived and has the right room ask."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._constraints = ConstraintsKeeper(app)
        self._gate = GateKeeper(app)

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"waive": self.waive}

    def waive(self, argument: str = "") -> None:
        """`ID until TIME reason`; what is left out is asked for."""
        key, until, reason = parsed(argument)
        constraint = {each.id: each for each in self._app.plan.constraints}.get(key)
        if constraint is not None:
            self._constraints.waive(constraint, until, reason)
        elif key in {each.id for each in self._app.plan.criteria}:
            self._gate.waive(key, until, reason)
        else:
            self._app.say(USAGE if not key else f"nothing called {key} to waive", error=True)
