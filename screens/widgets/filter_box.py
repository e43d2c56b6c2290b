"""The line in which operations are looked for."""

from __future__ import annotations

from screens.widgets.field import Field


class FilterBox(Field):
    """Hidden until it is asked for; the filter goes on after Enter hides it again."""

    def __init__(self) -> None:
        super().__init__(widget_id="filter", placeholder="part of an id, a title or a state; Esc shows all")

    def open(self, text: str) -> None:
        """Filter by a text at once, or ask for one."""
        self.value = text
        if not text:
            self.add_class("-open")
            self.call_after_refresh(self.focus)

    def close(self) -> None:
        """Hide it; what it filters stays filtered."""
        self.remove_class("-open")

    def end(self) -> bool:
        """Show everything again; answers whether there was anything to end."""
        filtered = bool(self.value) or self.has_class("-open")
        self.value = ""
        self.close()
        return filtered
