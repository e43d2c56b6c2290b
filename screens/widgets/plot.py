"""A plot of one metric, drawn by plotext into a figure of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from screens.lines import Role
from screens.metric_lines import value_text
from screens.times import Zone, time_of_day
from screens.widgets.roles import role_style
from state.metrics import MetricReading

LEAST_WIDTH = 20
LEAST_HEIGHT = 5
"""Below this there is no room for axes."""
MOST_LEVELS = 5
"""Values that are written beside the upright axis."""
AXIS_ROWS = 3
"""Rows of a plot that its frame and its times take."""
_PLAIN_AXES = str.maketrans("─│┌┐└┘┤┬├┴┼", "-|+++++++++")


class Plot(Widget):
    """Values over time with their threshold. plotext is imported when the first plot is drawn."""

    def __init__(self, *, ascii_only: bool, zone: Zone) -> None:
        super().__init__(markup=False)
        self._ascii = ascii_only
        self._zone = zone
        self._reading: MetricReading | None = None
        self._figure: Any = None
        self._drawn: tuple[object, ...] = ()
        self._rows: list[Text] = []

    def show(self, reading: MetricReading) -> None:
        """Draw this metric; nothing is sent when it is the same as before."""
        if reading != self._reading:
            self._reading = reading
            self.refresh()

    def show_zone(self, zone: Zone) -> None:
        """Times in another zone."""
        if zone is not self._zone:
            self._zone, self._drawn = zone, ()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row of the plot."""
        self._draw()
        width = self.content_size.width
        if y >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        segments = self._rows[y].render(self.app.console)
        return Strip(segments).apply_style(self.rich_style).adjust_cell_length(width, self.rich_style)

    def _draw(self) -> None:
        size, reading = self.content_size, self._reading
        key = (reading, size, self.app.theme)
        if key == self._drawn:
            return
        self._drawn = key
        if reading is None or not reading.values or size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT:
            self._rows = [Text(" no data to draw" if reading is not None and not reading.values else "")]
            return
        values = downsampled(reading.values, size.width * 2)
        picture = self._build(values, reading, size.width, size.height)
        self._rows = [self._coloured(row) for row in picture.split("\n")]

    def _build(self, values: Sequence[float], reading: MetricReading, width: int, height: int) -> str:
        figure = self._own_figure()
        figure.clear()
        figure.plot_size(width, height)
        figure.theme("colorless")
        last = len(values) - 1
        signal = figure.signal(list(range(len(values))), list(values), marker="*" if self._ascii else "hd")
        signal.lines(True)
        figure.draw(signal)
        if reading.bound is not None and last > 0:
            limit = figure.signal([0, last], [reading.bound] * 2, marker="-" if self._ascii else "─")
            limit.lines(True)
            figure.draw(limit)
        labels = [time_of_day(reading.times[index], self._zone) for index in _thirds(len(reading.times))]
        marks = levels(values, reading.bound, most=min(MOST_LEVELS, height - AXIS_ROWS))
        figure.ruler("y").ticks(marks, [value_text(mark) for mark in marks])
        figure.ruler("x").ticks([0, last / 2, last] if last else [0], labels if last else labels[:1])
        picture = Text.from_ansi(figure.build().string()).plain
        return picture.translate(_PLAIN_AXES) if self._ascii else picture

    def _own_figure(self) -> Any:
        if self._figure is None:
            from plotext._kernel.terminal import terminal  # its module-level figure is shared by all plots

            owner = terminal()
            owner.limit(False, False)
            self._figure = owner._master  # noqa: SLF001 - plotext has no public way to a second figure
        return self._figure

    def _coloured(self, row: str) -> Text:
        text = Text(row, no_wrap=True, end="")
        blocks = role_style(self, Role.RUNNING)
        axes = role_style(self, Role.MUTED)
        for index, char in enumerate(row):
            if char in "─│┌┐└┘┤┬├┴┼-|+":
                text.stylize(axes, index, index + 1)
            elif "\u2580" <= char <= "\u259f" or char == "*":
                text.stylize(blocks, index, index + 1)
        return text


def _thirds(count: int) -> tuple[int, int, int]:
    return 0, (count - 1) // 2, count - 1


def levels(values: Sequence[float], bound: float | None, *, most: int) -> list[float]:
    """The values to write beside the upright axis: the lowest, the highest, the bound among them, evenly between."""
    shown = [value for value in (*values, *([] if bound is None else [bound])) if value == value]
    low, high = min(shown, default=0.0), max(shown, default=0.0)
    if low == high:
        return [low]
    return [low + (high - low) * step / (most - 1) for step in range(most)]


def downsampled(values: Sequence[float], most: int) -> list[float]:
    """At most `most` values: of every bucket the one farthest from zero, so that peaks stay."""
    if len(values) <= most:
        return list(values)
    size = len(values) / most
    buckets = (
        values[int(index * size) : max(int(index * size) + 1, int((index + 1) * size))]
        for index in range(most)
    )
    return [max(bucket, key=abs) for bucket in buckets]
