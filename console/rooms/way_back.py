"""The way back, on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from screens.way_back import WayBackRoom

if TYPE_CHECKING:
    from console.app import CutoverApp


class WayBackKeeper:
    """Opens it."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"way-back": lambda _: self.open()}

    def open(self) -> None:
        """Show the way back."""
        self._app.enter(lambda seen, actions: WayBackRoom(self._app.kit, seen, actions))
