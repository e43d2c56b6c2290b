"""The last step before the terminal: what it cannot or must not show never reaches the wire, whoever drew it.

Textual draws toasts, the palette and borders itself, so that no screen of ours could promise this alone.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from screens.text import ascii_only


class AsciiOnly(LineFilter):
    """Everything as ASCII of the same width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments with their text in ASCII."""
        return [
            segment
            if segment.text.isascii()
            else Segment(ascii_only(segment.text), segment.style, segment.control)
            for segment in segments
        ]


class Colourless(LineFilter):
    """No colours at all, not even the terminal's default ones: bold, reverse and underline stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments without colour."""
        return [
            Segment(text, None if style is None else _without_colour(style), control)
            for text, style, control in segments
        ]


class OwnSixteen(LineFilter):
    """Only the terminal's own sixteen colours: a blend that some widget worked out becomes the nearest of them."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments in sixteen colours."""
        return [
            Segment(text, None if style is None else _in_sixteen(style), control)
            for text, style, control in segments
        ]


@lru_cache(2048)
def _without_colour(style: Style) -> Style:
    return style.without_color


@lru_cache(2048)
def _in_sixteen(style: Style) -> Style:
    return style + Style(color=_nearest(style.color), bgcolor=_nearest(style.bgcolor))


def _nearest(colour: RichColor | None) -> RichColor | None:
    return None if colour is None else colour.downgrade(ColorSystem.STANDARD)
