"""Metrics as lines: value, standing in words, a small plot, the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from screens.glyphs import Glyphs
from screens.lines import Line, Piece, Role, line, piece, wrapped
from screens.text import clean, fit, pad, width_of
from screens.times import age_text
from screens.words import STANDING_ROLE
from state.metrics import MetricReading, MetricsSnapshot, Standing

DIM_AFTER = 2
"""Periods after which readings are old."""
STALE_AFTER = 3
"""Periods after which readings are called stale."""

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
    shown = [value for value in values[-width:] if value == value] if width > 0 else []  # noqa: PLR0124 - not NaN
    if not shown:
        return ""
    low, high = min(shown), max(shown)
    top = len(glyphs.bars) - 1
    if high == low:
        return glyphs.bars[0] * len(shown)
    return "".join(glyphs.bars[round((value - low) / (high - low) * top)] for value in shown)


def metric_line(reading: MetricReading, glyphs: Glyphs, width: int, *, old: bool) -> Line:
    """One metric in `width` columns: title, value, word, plot, threshold."""
    mark = {Standing.HOLDS: glyphs.good, Standing.BREACHED: glyphs.bad, Standing.NO_DATA: glyphs.unsure}
    role = Role.MUTED if old else STANDING_ROLE[reading.standing]
    word = f"{mark.get(reading.standing, glyphs.dot)} {reading.standing.value}"
    word = f"{glyphs.dot} no bound" if reading.standing is Standing.NO_THRESHOLD else word
    unit = unit_text(reading.unit)
    name = clean(reading.title) if not unit else f"{clean(reading.title)} {unit}"
    bound = glyphs.bound(clean(reading.threshold)) if reading.threshold else ""
    bound_width = 9 if width >= 60 else 7
    name_width = min(28, max(8, width - 6 - 11 - bound_width - 2 - (12 if width >= 60 else 3)))
    left = (
        piece(pad(name, name_width), Role.MUTED if old else Role.PLAIN),
        piece(f"{value_text(reading.latest):>6} ", Role.MUTED if old else Role.STRONG),
        piece(pad(word, 11), role),
    )
    used = name_width + 7 + 11
    plot_width = width - used - bound_width - 1
    plot = sparkline(reading.values, plot_width, glyphs) if plot_width >= 3 else ""
    right = f"{fit(bound, bound_width):>{bound_width}}" if width - used >= bound_width else ""
    gap = " " * max(0, width - used - width_of(plot) - width_of(right))
    return line(*left, piece(plot, Role.MUTED if old else Role.RUNNING), Piece(gap), piece(right, Role.MUTED))


def metric_lines(snapshot: MetricsSnapshot, glyphs: Glyphs, now: datetime, width: int) -> list[Line]:
    """All metrics, worst first within their order in the plan; what went wrong goes on top."""
    rows = wrapped(snapshot.error, width, Role.ATTENTION, most=2) if snapshot.error else []
    if not snapshot.readings:
        return rows or [line(piece("no readings yet", Role.MUTED))]
    return rows + [metric_line(each, glyphs, width, old=_old(snapshot, each, now)) for each in ordered(snapshot)]


def ordered(snapshot: MetricsSnapshot) -> list[MetricReading]:
    """The readings, breached ones first."""
    return sorted(snapshot.readings, key=lambda reading: reading.standing is not Standing.BREACHED)


def _old(snapshot: MetricsSnapshot, reading: MetricReading, now: datetime) -> bool:
    age = age_seconds(snapshot, now)
    return age is not None and age > DIM_AFTER * max(reading.period, 60)


def age_seconds(snapshot: MetricsSnapshot, now: datetime) -> float | None:
    """How old the last look is."""
    at = snapshot.fetched_at
    return None if at is None else max(0.0, (now - at).total_seconds())


def metrics_note(snapshot: MetricsSnapshot, now: datetime) -> Line:
    """For the pane's title: how old, how many breached."""
    age = age_seconds(snapshot, now)
    breached = sum(reading.standing is Standing.BREACHED for reading in snapshot.readings)
    parts: list[Piece] = []
    if breached:
        parts.append(piece(f"{breached} breached  ", Role.FAILED))
    if age is None:
        return (*parts, piece("never read", Role.MUTED))
    period = max([60, *(reading.period for reading in snapshot.readings[:1])])
    if age > STALE_AFTER * period:
        return (*parts, piece(f"STALE {age_text(age)}", Role.ATTENTION))
    return (*parts, piece(f"{age_text(age)} old", Role.MUTED))
