"""Metrics as lines: value, standing in words, a small plot, the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from screens.glyphs import Glyphs
from screens.lines import Line, Piece, Role, first_that_fits, joined, line, piece, wrapped
from screens.text import clean, pad, width_of
from screens.times import Freshness, fetched_text, freshness
from screens.words import STANDING_ROLE
from state.metrics import MetricReading, MetricsSnapshot, Standing

LEAST_NAME = 8
LEAST_PLOT = 4
MOST_PLOT = 60
"""Columns of a metric's name and plot."""
PLOT_SHARE = 3
"""The plot gets at least this part of what it shares with the name."""

_UNITS = {"Percent": "%", "Milliseconds": "ms", "Seconds": "s", "Count": "", "None": "", "Bytes": "B"}


def unit_text(unit: str | None) -> str:
    """CloudWatch's unit as people write it."""
    return "" if unit is None else _UNITS.get(unit, clean(unit))


def value_text(value: float | None) -> str:
    """A value in a few characters."""
    if value is None:
        return "-"
    if value and abs(value) < 0.01:
        return f"{value:.1e}"
    for limit, scale, suffix in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e5, 1e3, "k")):
        if abs(value) >= limit:
            return f"{value / scale:.3g}{suffix}"
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def sparkline(values: Sequence[float], width: int, glyphs: Glyphs) -> str:
    """The last values as bars between their lowest and highest."""
    shown = [value for value in values[-width:] if value == value] if width > 0 else []
    if not shown:
        return ""
    low, high = min(shown), max(shown)
    top = len(glyphs.bars) - 1
    if high == low:
        return glyphs.bars[0] * len(shown)
    return "".join(glyphs.bars[round((value - low) / (high - low) * top)] for value in shown)


@dataclass(frozen=True, slots=True)
class Cells:
    """The texts of one metric's row before they are lined up."""

    name: str
    value: str
    word: str
    bound: str
    role: Role


def figure_text(reading: MetricReading) -> str:
    """The newest value with its unit; where there is none, no unit either."""
    unit = unit_text(reading.unit) if reading.latest is not None else ""
    return f"{value_text(reading.latest)} {unit}".rstrip()


def standing_word(reading: MetricReading) -> str:
    """How a metric stands to its bound; a value that may still change is there, but too new to be judged."""
    if reading.standing is Standing.NO_DATA and reading.values:
        return "too new"
    return "no bound" if reading.standing is Standing.NO_THRESHOLD else reading.standing.value


def standing_text(reading: MetricReading, glyphs: Glyphs) -> str:
    """How a metric stands to its bound, as a glyph and a word."""
    marks = {Standing.HOLDS: glyphs.good, Standing.BREACHED: glyphs.bad, Standing.NO_DATA: glyphs.unsure}
    return f"{marks.get(reading.standing, glyphs.dot)} {standing_word(reading)}"


def cells_of(reading: MetricReading, glyphs: Glyphs, *, old: bool) -> Cells:
    """The texts of a metric."""
    return Cells(
        clean(reading.title),
        figure_text(reading),
        standing_text(reading, glyphs),
        glyphs.bound(clean(reading.threshold)) if reading.threshold else "",
        Role.MUTED if old else STANDING_ROLE[reading.standing],
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide each column of the metrics is, worked out once for all rows."""

    name: int
    value: int
    word: int
    plot: int
    bound: int


def columns_for(cells: Sequence[Cells], width: int) -> Columns:
    """As much as the texts need; name and plot share what is left, and a long name is cut before the plot is."""
    value, word, bound, name = (
        max((width_of(text) for text in texts), default=0)
        for texts in zip(*((each.value, each.word, each.bound, each.name) for each in cells), strict=True)
    )
    fixed = value + word + bound + 3
    left = max(0, width - fixed)
    wanted = max(LEAST_PLOT, left // PLOT_SHARE)
    name = min(name, max(LEAST_NAME, left - wanted - 1))
    plot = left - name - 1
    if plot < LEAST_PLOT:
        return Columns(min(name, max(0, left)), value, word, 0, bound)
    return Columns(name, value, word, min(plot, MOST_PLOT), bound)


def metric_line(reading: MetricReading, cells: Cells, columns: Columns, glyphs: Glyphs) -> Line:
    """One metric: title, value, word, plot, threshold."""
    muted = cells.role is Role.MUTED and reading.standing is not Standing.NO_THRESHOLD
    plot = sparkline(reading.values, columns.plot, glyphs)
    parts = [
        piece(pad(cells.name, columns.name), Role.MUTED if muted else Role.PLAIN),
        piece(f" {cells.value:>{columns.value}}", Role.MUTED if muted else Role.STRONG),
        piece(f" {pad(cells.word, columns.word)}", cells.role),
    ]
    if columns.plot:
        parts.append(piece(f" {pad(plot, columns.plot)}", Role.MUTED if muted else Role.RUNNING))
    return line(*parts, piece(f" {cells.bound:>{columns.bound}}", Role.MUTED))


def metric_lines(snapshot: MetricsSnapshot, glyphs: Glyphs, now: datetime, width: int) -> list[Line]:
    """All metrics, worst first within their order in the plan; what went wrong goes on top."""
    rows = wrapped(snapshot.error, width, Role.ATTENTION, most=2) if snapshot.error else []
    if not snapshot.readings:
        return rows or [line(piece("no readings yet", Role.MUTED))]
    readings = ordered(snapshot)
    cells = [cells_of(each, glyphs, old=_old(snapshot, each, now)) for each in readings]
    columns = columns_for(cells, width)
    pairs = zip(readings, cells, strict=True)
    return rows + [metric_line(reading, each, columns, glyphs) for reading, each in pairs]


def ordered(snapshot: MetricsSnapshot) -> list[MetricReading]:
    """The readings, breached ones first."""
    return sorted(snapshot.readings, key=lambda reading: reading.standing is not Standing.BREACHED)


def _old(snapshot: MetricsSnapshot, reading: MetricReading, now: datetime) -> bool:
    age = age_seconds(snapshot, now)
    return age is not None and freshness(age, look_period(snapshot, reading)) is not Freshness.FRESH


def age_seconds(snapshot: MetricsSnapshot, now: datetime) -> float | None:
    """How old the last look is."""
    at = snapshot.fetched_at
    return None if at is None else max(0.0, (now - at).total_seconds())


def metrics_note(snapshot: MetricsSnapshot, now: datetime, width: int = 80) -> Line:
    """For the pane's title: whether they are asked for, how many breached, how old; the age goes last where room is short."""
    age = age_seconds(snapshot, now)
    breached = sum(reading.standing is Standing.BREACHED for reading in snapshot.readings)
    shortest = min((look_period(snapshot, reading) for reading in snapshot.readings), default=snapshot.every)
    old = (age_piece(age, max(LEAST_PERIOD, shortest)),)
    paused = (piece(snapshot.paused, Role.ATTENTION),) if snapshot.paused else ()
    broken = (piece(f"{breached} breached", Role.FAILED),) if breached else ()
    return first_that_fits([joined([paused, broken, old]), joined([broken, old]), old], width)


LEAST_PERIOD = 60
"""Seconds between two looks at the shortest."""


def period_of(reading: MetricReading) -> float:
    """Seconds between two looks at a metric."""
    return max(reading.period, LEAST_PERIOD)


def look_period(snapshot: MetricsSnapshot, reading: MetricReading) -> float:
    """Seconds between two looks at a metric, at the pace that is kept now."""
    return max(period_of(reading), snapshot.every)


def age_piece(age: float | None, period: float) -> Piece:
    """How old what was fetched is; that it is stale stands out."""
    stale = age is not None and freshness(age, period) is Freshness.STALE
    return piece(fetched_text(age, period), Role.ATTENTION if stale else Role.MUTED)
