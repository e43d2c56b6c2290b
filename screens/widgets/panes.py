"""The five numbered panes of the main screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from screens.widgets.stage import PaneStage


class Panes(PaneStage):
    """Plan at the left; operation, metrics, constraints at the right; journal below."""

    COLUMNS = (("left", (1,)), ("right", (2, 3, 4)), ("middle", (1, 2, 3, 4)), ("bottom", (5,)))
    EDGED = (2, 3, 4)

    def compose(self) -> ComposeResult:
        """Two columns, and the journal under both."""
        with Horizontal(id="middle"):
            with Vertical(id="left", classes="column"):
                yield self.all[0]
            with Vertical(id="right", classes="column"):
                yield from self.all[1:4]
        with Vertical(id="bottom", classes="column"):
            yield self.all[4]

    def _mark(self) -> None:
        self.set_class(self._current == 3, "-metrics-first")
        self.set_class(self._current == 4, "-constraints-first")
