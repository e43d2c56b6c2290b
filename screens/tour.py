"""A tour of the first room: a few lines above the hints that point at one pane after the other and block nothing."""

from __future__ import annotations

from dataclasses import dataclass

from screens.glyphs import Glyphs
from screens.keys import Keys
from screens.lines import Line, Role, cut, line, piece, spread, wrapped
from screens.widgets.line_view import LineView

ROWS = 4
"""Rows of the tour: its title and the keys, and three of text at 80 columns."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of the tour: what it is about, what to know, and the pane that it points at (None: the lines above)."""

    title: str
    text: str
    pane: int | None = None


STOPS = (
    Stop(
        "Where you are",
        "The first line: the plan, LIVE or DRILL, the account, the region, READ-ONLY or ARMED. The second answers the "
        "first question: can we still go back, how long would it take, what would be lost. The third: what runs.",
    ),
    Stop(
        "1 Plan",
        "Phases and operations, each with a glyph and a word for its state. {down} {up} move, {into} {out} open and close, {top} and {bottom} go "
        "to the ends, {filter} shows only what matches, {map} maps waves and the critical path.",
        1,
    ),
    Stop(
        "2 Operation",
        "What is chosen in the plan: its steps forward, its way back, what it loses, and whether a rehearsal has proven "
        "that way back. {zoom} gives a pane the whole screen, and {zoom} again takes it away.",
        2,
    ),
    Stop(
        "3 Metrics",
        "The last readings against their thresholds, with their age: an old figure says that it is old. {down} {up} choose one, "
        "{metric} draws it large.",
        3,
    ),
    Stop(
        "4 Constraints",
        "What is known to stand in the way, the worst first, and what each of them blocks. {open} reads one whole.",
        4,
    ),
    Stop(
        "5 Journal",
        "Everything that was asked, done and seen, a line each; {bottom} follows it again after you scrolled. It is the truth: "
        "all the rest of the screen is worked out from it. {copy} copies what is chosen.",
        5,
    ),
    Stop(
        "To act",
        "Nothing here acts until you type :arm and the account's alias. Then {run} runs and {rollback} rolls back what is chosen: a "
        "dialog shows the very calls first, Cancel has the focus, and another key than the one that opened it says yes.",
        1,
    ),
    Stop(
        "To get about, and away",
        "{help} lists every key, {command} takes commands, Ctrl+P finds them by name, {back} goes back. {quit} leaves: what runs goes on "
        "without the console, and the next one that you open shows it again.",
        1,
    ),
)
"""The whole tour; what stands in braces is a command, of which the key is shown."""


class TourBand(LineView):
    """Shows one stop at a time."""

    DEFAULT_CSS = f"TourBand {{ height: {ROWS}; background: $head; color: $head-text; }}"

    def __init__(self, glyphs: Glyphs, keys: Keys) -> None:
        """Begin at the first stop."""
        super().__init__(focusable=False, widget_id="tour")
        self._glyphs = glyphs
        self._keys = keys
        self._at = 0

    @property
    def stop(self) -> Stop:
        """Where the tour is."""
        return STOPS[self._at]

    def go_on(self) -> bool:
        """To the next stop; False behind the last one."""
        if self._at + 1 >= len(STOPS):
            return False
        self._at += 1
        self.redraw()
        return True

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.redraw()

    def redraw(self) -> None:
        """The stop as lines."""
        if self.content_size.width > 10:
            self.show(tour_lines(self._at, self._glyphs, self._keys, self.content_size.width))


def tour_lines(at: int, glyphs: Glyphs, keys: Keys, width: int) -> list[Line]:
    """A stop as lines: its title with what to press, then its text, cut where the rows end."""
    stop, last = STOPS[at], at + 1 == len(STOPS)
    left = line(
        piece(f" {glyphs.closed} {stop.title}", Role.HEADING),
        piece(f"  {at + 1} of {len(STOPS)}", Role.MUTED),
    )
    right = line(piece(f"{keys['tour-next']} ", Role.STRONG), piece("ends it " if last else "next  "))
    if not last:
        right = (*right, piece(f"{keys['back']} ", Role.STRONG), piece("ends it "))
    body = wrapped(stop.text.format_map(keys), width - 1, indent=1, most=ROWS - 1)
    return [spread(left, right, width), *(cut(row, width) for row in body)]
