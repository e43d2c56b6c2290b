"""The doctor's room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from screens.doctor import DoctorRoom
from screens.times import time_of_day

if TYPE_CHECKING:
    from console.app import CutoverApp


class DoctorKeeper:
    """Opens the room and looks anew each time it is asked for."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"doctor": lambda _: self.open()}

    def open(self) -> None:
        """Show the room, and look in a thread of its own: tmux may take a moment."""
        room = self._app.enter(lambda seen, actions: DoctorRoom(self._app.kit, seen, actions))
        if isinstance(room, DoctorRoom):
            self._app.run_worker(self._look(room), group="doctor", exclusive=True, exit_on_error=True)

    async def _look(self, room: DoctorRoom) -> None:
        doctor = self._app.ports.doctor
        sync = self._app._sync_available  # noqa: SLF001 - Textual has asked the terminal already, and reads its answers
        findings = () if doctor is None else await asyncio.to_thread(doctor.examine, sync=sync)
        if room.is_attached:
            room.show_findings(findings, time_of_day(self._app.clock(), room.zone))
