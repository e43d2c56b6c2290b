"""A screen as text: its words, and apart from them its styles, run by run, so that one theme may differ from another."""

from __future__ import annotations

import string
from dataclasses import dataclass
from itertools import groupby

from rich.color import Color
from rich.style import Style
from textual.app import App
from textual.strip import Strip

LETTERS = string.ascii_lowercase + string.ascii_uppercase
PLAIN = Style.null()


@dataclass(frozen=True)
class Run:
    """Some text in one style."""

    text: str
    style: Style


@dataclass(frozen=True)
class Portrait:
    """What the terminal would be sent, row by row."""

    rows: tuple[tuple[Run, ...], ...]

    @classmethod
    def of(cls, app: App[int]) -> Portrait:
        """What an app shows now, after its filters."""
        strips: list[Strip] = (
            app.screen._compositor.render_strips()
        )  # the only place that sees modal and main screen together
        return cls(
            tuple(
                tuple(Run(part.text, part.style or PLAIN) for part in strip if part.text) for strip in strips
            )
        )

    @property
    def runs(self) -> list[Run]:
        """All runs."""
        return [run for row in self.rows for run in row]

    @property
    def text(self) -> str:
        """The words."""
        return "\n".join("".join(run.text for run in row).rstrip() for row in self.rows)

    @property
    def styles(self) -> str:
        """A letter and a length for every run of a style, a line a row, then what the letters stand for."""
        letters: dict[str, str] = {}
        lines = []
        for row in self.rows:
            cells = [described(run.style, blank=char == " ") for run in row for char in run.text]
            for each in cells:
                letters.setdefault(each, LETTERS[len(letters)])
            lines.append(" ".join(f"{letters[each]}{len(list(same))}" for each, same in groupby(cells)))
        return "\n".join([*lines, *(f"{letter} = {style or 'plain'}" for style, letter in letters.items())])


def described(style: Style, *, blank: bool) -> str:
    """A style in words; on a blank only what shows there."""
    reverse = bool(style.reverse)
    words = [
        "" if blank and not reverse else _name(style.color),
        f"on {_name(style.bgcolor)}" if style.bgcolor is not None else "",
        "bold" if style.bold and not blank else "",
        "dim" if style.dim and not blank else "",
        "underline" if style.underline else "",
        "reverse" if reverse else "",
    ]
    return " ".join(word for word in words if word)


def _name(colour: Color | None) -> str:
    return "" if colour is None else colour.triplet.hex if colour.triplet else colour.name
