"""One thing to type in a question, on screens and in lines alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Given = Mapping[str, str]
"""What was typed, by the field's name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to type.

    Attributes:
        name: its key in the answer, and its label.
        hint: what may be typed.
        value: what stands there at first.
        required: whether it may not be left empty.
        exactly: what has to be typed, letter by letter; None: anything.
    """

    name: str
    hint: str
    value: str = ""
    required: bool = True
    exactly: str | None = None

    def accepts(self, typed: str) -> bool:
        """Whether this will do."""
        if self.exactly is not None:
            return typed.casefold() == self.exactly.casefold()
        return bool(typed) or not self.required
