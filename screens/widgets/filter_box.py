"""The line in which a room's lines are looked for."""

from __future__ import annotations

from screens.widgets.field import Field


class FilterBox(Field):
    """Hidden until it is asked for; the filter goes on after Enter hides it again."""

    def __init__(self, hint: str) -> None:
        """Make it; `hint` says what may be typed."""
        super().__init__(widget_id="filter", placeholder=hint)
        self.display = False

    def open(self, text: str) -> None:
        """Filter by a text at once, or ask for one; the focus moves before the next key is looked at."""
        self.value = text
        if not text:
            self.display = True
            self.screen.set_focus(self)

    def close(self) -> None:
        """Hide it; what it filters stays filtered."""
        self.display = False

    def end(self) -> bool:
        """Show everything again; answers whether there was anything to end."""
        filtered = bool(self.value) or self.display
        self.value = ""
        self.close()
        return filtered
