"""Leaving the console: asks while a run is going, and says in the journal that nobody is armed any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from screens.quit import QuitScreen
from state.projections.states import RunState

if TYPE_CHECKING:
    from console.acts.requests import Requests
    from console.app import CutoverApp


class Quitting:
    """The end of one console. A keeper of its command, as rooms have them."""

    def __init__(self, app: CutoverApp, requests: Requests) -> None:
        self._app = app
        self._requests = requests

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"quit": lambda _: self.ask()}

    def ask(self) -> None:
        """Leave, after a question where a run is going."""
        app, run = self._app, self._app.status.run
        if isinstance(app.screen, QuitScreen):
            return
        if run is None or run.state not in (RunState.RUNNING, RunState.PAUSED):
            self._leave()
            return
        name = "A rollback" if run.direction.value == "inverse" else "A run"
        screen = QuitScreen(name, app.monotonic, outlives=app.outlives)
        app.push_screen(screen, lambda answer: self._leave() if answer else None)

    def _leave(self) -> None:
        if self._app.armed:
            self._app.run_worker(self._disarm_and_leave(), exit_on_error=True)
        else:
            self._app.exit(0)

    async def _disarm_and_leave(self) -> None:
        await self._requests.leave()
        self._app.exit(0)
