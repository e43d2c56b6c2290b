"""`cutover verify`: the verification library, in parallel."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from console.options import format_option, journal_option, plan_argument, sandbox_option

if TYPE_CHECKING:
    from operations.aws.gateway import Gateway
    from operations.checks.library import CheckedItem
    from operations.engine.values import Values
    from state.projections.states import PlanStatus


@click.command()
@plan_argument
@click.option("--category", metavar="C", help="Only the checks of one category.")
@journal_option
@sandbox_option
@format_option("text", "json")
def verify(plan: str, category: str | None, journal: str | None, sandbox: str | None, form: str) -> int:
    """Make the checks of PLAN: its criteria and every operation's verification. Anything but a pass exits 1.

    \b
    Example:  cutover verify reference --category infrastructure
    """
    from console import openers
    from console.exit_codes import CommandError
    from console.output import show_json
    from console.reading import read_aws
    from operations.checks.library import library
    from operations.checks.library import verify as make

    loaded = openers.open_plan(plan)
    checks = library(loaded.plan)
    categories = sorted({check.category for check in checks})
    if category is not None:
        checks = tuple(check for check in checks if check.category == category)
        if not checks:
            raise CommandError(f"no checks in a category `{category}`; there are: {', '.join(categories)}")

    async def work(gateway: Gateway, values: Values, status: PlanStatus) -> tuple[CheckedItem, ...]:
        def runnable(operation: str) -> str | None:
            current = status.of(operation).state
            return None if current.stands else f"{operation} is {current.value.replace('_', ' ')}"

        return await make(checks, gateway.read, values.scope, runnable)

    items = read_aws(loaded, sandbox, journal, work)
    if form == "json":
        show_json(as_object(items))
    else:
        show_items(items)
    return 0 if all(item.outcome.verdict == "pass" for item in items) else 1


def as_object(items: tuple[CheckedItem, ...]) -> dict[str, object]:
    """The JSON shape of `verify`."""
    counts = Counter(item.outcome.verdict.value for item in items)
    rows = [
        {
            "id": item.check.id,
            "category": item.check.category,
            "verdict": item.outcome.verdict.value,
            "message": item.outcome.message,
            "seconds": item.outcome.seconds,
        }
        for item in items
    ]
    return {
        "checks": rows,
        "counts": {word: counts.get(word, 0) for word in ("pass", "fail", "inconclusive", "error")},
    }


def show_items(items: tuple[CheckedItem, ...]) -> None:
    """A line a check, and the counts."""
    from console.output import show, table

    rows = [
        (item.outcome.verdict, item.check.category, item.check.id, item.outcome.message or item.check.title)
        for item in items
    ]
    show(table(rows, ("verdict", "category", "check", "what was seen")))
    counts = Counter(item.outcome.verdict.value for item in items)
    show(", ".join(f"{count} {word}" for word, count in counts.most_common()))
