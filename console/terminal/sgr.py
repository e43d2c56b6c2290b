"""What text on a terminal looks like, as the numbers of ECMA-48's SGR; and the shortest way from one look to another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

_EXTENDED: Final = {"5": 2, "2": 4}
"""How many numbers follow 38 or 48, by the first of them, that one included."""
_SEEN_ON_BLANKS: Final = frozenset({"4", "7", "9", "21", "53"})
"""Emphasis that shows where there is no letter: lines through, over and under it, and reversal."""


@dataclass(frozen=True, slots=True)
class Style:
    """A look; empty texts are the terminal's own."""

    front: str = ""
    back: str = ""
    emphasis: tuple[str, ...] = ()

    def after(self, numbers: str) -> Style:
        """The look after one `CSI numbers m`."""
        return _after(self, numbers)

    @property
    def on_blank(self) -> Style:
        """What of it can be seen on a blank."""
        shown = tuple(each for each in self.emphasis if each in _SEEN_ON_BLANKS)
        return self if shown else Style(back=self.back)

    def from_(self, before: Style) -> str:
        """What leads from another look to this one."""
        if self == before:
            return ""
        if self == PLAIN:
            return "\x1b[0m"
        begins = self.emphasis[: len(before.emphasis)] == before.emphasis
        if not begins or (before.front and not self.front) or (before.back and not self.back):
            return f"\x1b[0;{self._codes(PLAIN)}m"
        return f"\x1b[{self._codes(before)}m"

    def _codes(self, before: Style) -> str:
        front = self.front if self.front != before.front else ""
        back = self.back if self.back != before.back else ""
        return ";".join(part for part in (*self.emphasis[len(before.emphasis) :], front, back) if part)

    def _after_one(self, code: str) -> Style:
        if code == "":
            return PLAIN
        number = int(code)
        if 30 <= number <= 39 or 90 <= number <= 97:
            return replace(self, front="" if number == 39 else code)
        if 40 <= number <= 49 or 100 <= number <= 107:
            return replace(self, back="" if number == 49 else code)
        return replace(self, emphasis=(*(each for each in self.emphasis if each != code), code))


PLAIN: Final = Style()


@lru_cache(maxsize=2048)
def _after(style: Style, numbers: str) -> Style:
    codes = numbers.split(";")
    at = 0
    while at < len(codes):
        code = codes[at].lstrip("0")
        if code in ("38", "48") and at + 1 < len(codes):
            size = 1 + _EXTENDED.get(codes[at + 1], 1)
            colour = ";".join(codes[at : at + size])
            style = replace(style, front=colour) if code == "38" else replace(style, back=colour)
            at += size
            continue
        style = style._after_one(code)  # noqa: SLF001 - of the same class
        at += 1
    return style
