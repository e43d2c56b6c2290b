"""What can be looked at, as lines: the same words as on the screens, one fact a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from operations.plan.backing import backing_of_group
from operations.plan.models import Operation, Phase, Plan
from operations.plan.registers import Constraint
from screens.back_out_lines import back_out_line
from screens.detail_lines import DetailPage, OperationView
from screens.glyphs import WORDS
from screens.head_lines import run_line, short_identity
from screens.known import Known
from screens.lines import Line, line
from screens.metric_lines import age_seconds, ordered, standing_word, unit_text, value_text
from screens.ports import Banner, FeedUpdate
from screens.summary import Row, group_row, operation_row, running_for
from screens.times import Zone, age_text, parsed, time_of_day
from screens.words import state_word
from state.metrics import MetricReading, MetricsSnapshot
from state.projections.states import OperationState
from state.projections.timeline import TimelineEntry

WIDTH = 400
"""Columns that nothing is cut to: whoever reads these lines wraps them."""
TROUBLE = (
    OperationState.FAILED,
    OperationState.IN_DOUBT,
    OperationState.HELD,
    OperationState.BLOCKED,
    OperationState.SKIPPED,
)
"""States that somebody should know of."""


def place_text(banner: Banner, armed: frozenset[str]) -> str:
    """Where we are, as whom, and whether anything may be asked for."""
    mode = f"armed: {', '.join('all phases' if each == '*' else f'phase {each}' for each in sorted(armed))}"
    alias = f"{banner.alias}, " if banner.alias else ""
    who = f", as {short_identity(banner.identity)}" if banner.identity else ""
    account = f"{alias}account {banner.account}, {banner.region}{who}"
    return f"{banner.plan}, {banner.setting.upper()}, {account}, {mode if armed else 'read-only'}"


def status_lines(
    plan: Plan, update: FeedUpdate | None, banner: Banner, armed: frozenset[str], now: datetime
) -> list[Line]:
    """Where the plan stands: place, run, way back, and what needs a person."""
    back = update.back_out if update else None
    rows = [line(place_text(banner, armed)), run_line(update, banner, WORDS, now, WIDTH)]
    rows.append(back_out_line(back, WORDS, WIDTH))
    if update is None:
        return rows
    for key in plan.operations:
        current = update.status.of(key)
        if current.state in TROUBLE:
            why = f": {current.why}" if current.why else ""
            rows.append(line(f"{key} {state_word(current.state)}{why}"))
    return rows


def phase_text(phase: Phase, known: Known, now: datetime) -> str:
    """One phase with its state."""
    row = group_row(phase, known, backing_of_group(phase, known.evidence), WORDS, now)
    return f"phase {_row_text(row)}"


def operation_text(operation: Operation, known: Known, now: datetime) -> str:
    """One operation with its state."""
    elapsed = running_for(known.status.of(operation.id), now)
    return f"{_row_text(operation_row(operation, known, WORDS, elapsed))}, {operation.title}"


def _row_text(row: Row) -> str:
    badge = f", {row.badge[0].strip()}" if row.badge and row.badge[0].strip() else ""
    return f"{row.name}: {row.words[0]}{badge}"


def operation_lines(operation: Operation, known: Known, view: OperationView, now: datetime) -> list[Line]:
    """One operation in full: its state, its calls, its checks, its way back."""
    page = DetailPage(operation, known, view, WORDS, now, WIDTH, full=True)
    return [line(operation.id), *page.lines()]


def metric_texts(snapshot: MetricsSnapshot, now: datetime, wanted: str = "") -> list[str]:
    """The metrics, breached ones first, or one of them; each with the age of its newest point."""
    age = age_seconds(snapshot, now)
    rows = [f"the metrics could not be read: {snapshot.error}"] if snapshot.error else []
    if age is None:
        return [*rows, "no metric has been read yet"]
    rows.append(f"read {age_text(age)} ago")
    found = [each for each in ordered(snapshot) if wanted in ("", each.id)]
    return [*rows, *(_metric_text(each, now) for each in found)] if found else [f"no metric {wanted}"]


def _metric_text(reading: MetricReading, now: datetime) -> str:
    unit = unit_text(reading.unit)
    value = f"{value_text(reading.latest)} {unit}".strip() if reading.latest is not None else "no value"
    bound = f", bound {reading.threshold}" if reading.threshold else ""
    newest = ""
    if reading.times:
        seconds = max(0.0, (now - reading.times[-1]).total_seconds())
        may = ", may still change" if reading.provisional else ""
        newest = f", newest point {age_text(seconds)} old{may}"
    return f"{reading.title}: {value}, {standing_word(reading)}{bound}{newest}"


def constraint_text(constraint: Constraint) -> str:
    """One constraint in a line."""
    blocks = f", blocks {', '.join(constraint.blocks)}" if constraint.blocks else ""
    state = state_word(constraint.status)
    return f"{constraint.id} {constraint.severity.value}, {state}: {constraint.title}{blocks}"


def entry_text(entry: TimelineEntry, zone: Zone) -> str:
    """One event of the journal: when with its zone, what, about what, by whom."""
    moment = parsed(entry.at)
    when = time_of_day(moment, zone) if moment else entry.at
    about = f"{entry.operation}: " if entry.operation else ""
    kind = entry.kind.replace(".", " ").replace("_", " ")
    return f"{when} {about}{kind}{f', {entry.text}' if entry.text else ''}"


def journal_texts(entries: Sequence[TimelineEntry], zone: Zone, count: int) -> list[str]:
    """The newest events, oldest of them first."""
    shown = list(entries)[-count:] if count > 0 else []
    return [row_text(each, zone) for each in shown] or ["nothing in the journal yet"]


def row_text(entry: TimelineEntry, zone: Zone) -> str:
    """One event with its number and who wrote it."""
    return f"{entry.seq} {entry_text(entry, zone)}, by {entry.actor}"
