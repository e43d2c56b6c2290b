"""`cutover metrics`: current values, ages and thresholds."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import click

from console.options import format_option, journal_option, plan_argument, sandbox_option

if TYPE_CHECKING:
    from console.reading import Reading
    from state.metrics import MetricReading, MetricsSnapshot


COLUMNS = ("id", "title", "value", "unit", "threshold", "standing", "age_seconds", "provisional")
"""What is told of a metric."""


@click.command()
@plan_argument
@click.option("--once", is_flag=True, help="One look instead of one a minute until Ctrl+C.")
@journal_option
@sandbox_option
@format_option("text", "json", "csv")
def metrics(plan: str, once: bool, journal: str | None, sandbox: str | None, form: str) -> int:
    """Read the metrics of PLAN from CloudWatch. A breached threshold exits 1 with `--once`.

    \b
    Example:  cutover metrics reference --once
    """
    from console import openers
    from console.exit_codes import CommandError, ExitCode
    from console.pace import LEAST_SECONDS
    from console.reading import read_aws
    from console.settings import load_settings
    from operations.checks.metrics import MetricPoller

    loaded = openers.open_plan(plan)

    async def work(reading: Reading) -> MetricsSnapshot:
        lookup = reading.values.scope("")
        return await MetricPoller(loaded.plan.metrics, reading.gateway.read, openers.now, lookup).look()

    while True:
        look = read_aws(loaded, sandbox, journal, work)
        if look.error is not None and len(look.unread) == len(look.readings):
            raise CommandError(f"the metrics could not be read: {look.error}", ExitCode.NO)
        show_look(look, form)
        if once:
            return int(any(reading.standing == "breached" for reading in look.readings))
        time.sleep(max(LEAST_SECONDS, load_settings(os.environ).values.metrics_seconds))


def show_look(look: MetricsSnapshot, form: str) -> None:
    """One look as a table, as JSON or as comma-separated values."""
    from console.csv_text import csv_lines
    from console.output import show, show_json, table

    if form == "csv":
        rows = [
            {"fetched_at": look.fetched_at and look.fetched_at.isoformat(), **as_row(look, r)}
            for r in look.readings
        ]
        show("\n".join(csv_lines(rows, ("fetched_at", *COLUMNS))))
        return
    if form == "json":
        show_json(
            {
                "fetched_at": look.fetched_at and look.fetched_at.isoformat(),
                "metrics": [as_row(look, r) for r in look.readings],
            }
        )
        return
    cells = [
        (
            row["id"],
            row["value"] if row["value"] is not None else "-",
            row["unit"] or "",
            row["threshold"] or "",
            row["standing"],
            _age(row["age_seconds"]),
        )
        for row in (as_row(look, reading) for reading in look.readings)
    ]
    show(table(cells, ("metric", "value", "unit", "threshold", "standing", "age")))


def as_row(look: MetricsSnapshot, reading: MetricReading) -> dict[str, object]:
    """One metric's newest value with its age in seconds."""
    age = None
    if reading.times and look.fetched_at is not None:
        age = max(0, round((look.fetched_at - reading.times[-1]).total_seconds()))
    value = None if reading.latest is None else round(reading.latest, 4)
    return {
        "id": reading.id,
        "title": reading.title,
        "value": value,
        "unit": reading.unit,
        "threshold": reading.threshold,
        "standing": reading.standing.value,
        "age_seconds": age,
        "provisional": reading.provisional,
    }


def _age(seconds: object) -> str:
    return "no data" if seconds is None else f"{seconds} s"
