"""The floor: the least Textual app with as many widgets as the console's first screen, of the same kinds and with fixed text.

What it takes to start and to move a cursor is what Textual itself takes; nothing of this project is imported.
"""

import os

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static, Tree

READY = "Phase 1"
"""Stands on the screen when it is painted."""
WORDS = "a line of fixed text, as long as those of the console are"


class Floor(App[None]):
    """Three lines at the top, a tree, three panes beside it and one below, a hidden input, a line of keys."""

    AUTO_FOCUS = "Tree"
    CSS = """
    Screen { overflow: hidden; }
    #heading { height: auto; }
    .line { height: 1; }
    .body, Tree { height: 1fr; scrollbar-size: 0 0; }
    .pane { height: 1fr; }
    #bottom { height: 4; }
    """

    def compose(self) -> ComposeResult:
        with Vertical(id="heading"):
            for number in range(3):
                yield Static(f"{number} {WORDS}", classes="line", markup=False)
        with Vertical():
            with Horizontal():
                with Vertical(), Vertical(classes="pane"):
                    yield Static("1 Plan", classes="line")
                    yield self._tree()
                with Vertical():
                    for number in range(2, 5):
                        yield from self._pane(number)
            with Vertical(id="bottom"):
                yield from self._pane(5)
        hidden = Input()
        hidden.display = False
        yield hidden
        yield Static(WORDS, classes="line", markup=False)

    def _tree(self) -> Tree[None]:
        tree: Tree[None] = Tree("plan")
        tree.show_root = False
        for number in range(1, 20):
            phase = tree.root.add(f"Phase {number}  of a plan, ready", expand=number == 5)
            phase.add_leaf("an operation  ready")
        return tree

    def _pane(self, number: int) -> ComposeResult:
        with Vertical(classes="pane"):
            yield Static(f"{number} Pane", classes="line")
            yield Static("\n".join([WORDS] * 8), classes="body", markup=False)


if __name__ == "__main__":
    Floor().run(mouse=False)
