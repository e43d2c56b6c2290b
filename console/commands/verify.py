"""`cutover verify`: the verification library, in parallel, against what it said last."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.options import PRIVATE_SANDBOX, format_option, journal_option, plan_argument, sandbox_option

if TYPE_CHECKING:
    from operations.checks.changes import Changed
    from operations.checks.library import CheckedItem, Filter, LibraryCheck
    from operations.plan.loader import LoadedPlan
    from state.events import Verdict

SEVERITIES = ("critical", "high", "medium", "low")
SOURCES = ("criterion", "check", "operation")


@dataclass(frozen=True, slots=True)
class _Options:
    journal: str | None
    sandbox: str | None
    baseline: str | None
    no_record: bool
    parallel: int
    form: str


@click.command()
@plan_argument
@click.option("--category", metavar="C", help="Only the checks of one category.")
@click.option("--operation", metavar="ID", help="Only the verification of one operation.")
@click.option(
    "--source", type=click.Choice(SOURCES), help="Only criteria, checks of the register, or operations'."
)
@click.option(
    "--severity", type=click.Choice(SEVERITIES), help="Only checks of this severity or a worse one."
)
@click.option(
    "--id", "ids", multiple=True, metavar="PATTERN", help="Only checks whose id fits, such as 'inf-*'."
)
@click.option(
    "--baseline", metavar="FILE", help="Compare with an earlier `--format json`, not with the journal."
)
@click.option("--no-record", is_flag=True, help="Do not keep the verdicts in the journal.")
@click.option("--max-parallel", "parallel", type=click.IntRange(1, 64), default=10, help="Checks at once.")
@journal_option
@sandbox_option
@format_option("text", "json", "markdown", "junit")
def verify(
    plan: str,
    category: str | None,
    operation: str | None,
    source: str | None,
    severity: str | None,
    ids: tuple[str, ...],
    **rest: object,
) -> int:
    """Make the checks of PLAN: criteria, register, and every operation's verification. Anything but a pass exits 1.

    What changed since the last time is shown first; the last time stands in the journal, or in a --baseline.

    \b
    Example:  cutover verify reference --category infrastructure
              cutover verify reference --format junit > verify.xml
    """
    from console import openers
    from console.acts.made_checks import make_checks
    from console.output import say
    from operations.checks.changes import changes
    from operations.checks.library import Filter, Source, library
    from operations.plan.registers import Severity

    wanted = Filter(
        category, operation, Source(source) if source else None, Severity(severity) if severity else None, ids
    )
    options = _Options(**rest)  # type: ignore[arg-type]
    loaded = openers.open_plan(plan)
    checks = _chosen(library(loaded.plan), wanted)
    baseline = _baseline(loaded, options)
    items = make_checks(loaded, checks, options.sandbox, options.journal, options.parallel)
    if not options.no_record:
        _record(loaded, items, options)
    left = _left_out(checks, items)
    silent = _by_hand(items) | set(left)
    known = {key: verdict for key, verdict in baseline.items() if key not in silent}
    made = [item for item in items if not item.outcome.by_hand]
    changed = changes(known, made, partial=wanted != Filter()) if baseline else ()
    _print(loaded, items, changed, options.form)
    if left:
        say(f"left out, as later operations changed what they look at: {', '.join(left)}")
    return 0 if items and all(item.outcome.verdict == "pass" for item in items) else 1


def _by_hand(items: Sequence[CheckedItem]) -> frozenset[str]:
    """What only a person can make: it neither got better nor worse by being asked for here."""
    return frozenset(item.check.id for item in items if item.outcome.by_hand)


def _left_out(checks: Sequence[LibraryCheck], items: Sequence[CheckedItem]) -> tuple[str, ...]:
    """The verifications that say nothing any more: what they look at was changed on purpose."""
    made = {item.check.id for item in items}
    return tuple(check.id for check in checks if check.id not in made)


def _chosen(checks: Sequence[LibraryCheck], wanted: Filter) -> tuple[LibraryCheck, ...]:
    from console.exit_codes import CommandError

    owners = {check.owner for check in checks if check.owner}
    if wanted.operation is not None and wanted.operation not in owners:
        raise CommandError(
            f"no verification of an operation `{wanted.operation}`; see `cutover schedule` for all of them"
        )
    found = tuple(check for check in checks if wanted.wants(check))
    if found:
        return found
    categories = sorted({check.category for check in checks})
    if wanted.category is not None and wanted.category not in categories:
        raise CommandError(f"no checks in a category `{wanted.category}`; there are: {', '.join(categories)}")
    raise CommandError(f"none of the {len(checks)} checks is asked for; categories: {', '.join(categories)}")


def _baseline(loaded: LoadedPlan, options: _Options) -> Mapping[str, Verdict]:
    """Verdicts by check id: from a file where one is given, else what the journal has last."""
    from console.journal.journals import journal_path
    from state.errors import JournalMissingError
    from state.projections.evidence import fold_evidence
    from state.reader import JournalReader

    if options.baseline is not None:
        return _baseline_file(Path(options.baseline))
    if options.sandbox == PRIVATE_SANDBOX:
        return {}
    try:
        with JournalReader(journal_path(options.journal, loaded.plan.plan, os.environ)) as reader:
            evidence = fold_evidence(reader.events())
    except JournalMissingError:
        return {}
    return {key: last.verdict for key, last in evidence.checks.items()}


def _baseline_file(path: Path) -> dict[str, Verdict]:
    from console.exit_codes import CommandError
    from state.events import Verdict

    try:
        rows = json.loads(path.read_text())["checks"]
        return {row["id"]: Verdict(row["verdict"]) for row in rows}
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not text"
        raise CommandError(
            f"{path}: the baseline cannot be read: {why}; give what `--format json` wrote"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path}: not what `cutover verify --format json` prints") from error


def _record(loaded: LoadedPlan, items: Sequence[CheckedItem], options: _Options) -> None:
    """Keep the verdicts in the journal of the same world, if there is one."""
    from console import openers
    from console.acts.made_checks import record_items, record_refusal
    from console.journal.journals import journal_path

    path = journal_path(options.journal, loaded.plan.plan, os.environ)
    if record_refusal(path, options.sandbox) is None:
        with openers.open_journal(path, loaded) as journal:
            record_items(journal, items)


def _print(loaded: LoadedPlan, items: Sequence[CheckedItem], changed: Sequence[Changed], form: str) -> None:
    from console import openers
    from console.output import show, show_json
    from operations.checks.reports import as_junit, as_markdown, as_object
    from state.journal import timestamp

    match form:
        case "json":
            show_json(as_object(items, changed))
        case "markdown":
            show(as_markdown(loaded.plan.title, timestamp(openers.now()), items, changed))
        case "junit":
            show(as_junit(loaded.plan.title, items))
        case _:
            _show_text(items, changed)


def _show_text(items: Sequence[CheckedItem], changed: Sequence[Changed]) -> None:
    """A line a check, what changed, and the counts."""
    from console.output import show, table
    from operations.checks.reports import counts, seen

    rows = [(item.outcome.verdict, item.check.category, item.check.id, seen(item)) for item in items]
    show(table(rows, ("verdict", "category", "check", "what was seen")))
    moved = [each for each in changed if each.change != "new"]
    if moved:
        differences = [(each.change, each.id, each.was or "-", each.now or "-") for each in moved]
        show(table(differences, ("changed", "check", "was", "is")))
    if len(changed) > len(moved):
        show(f"new: {len(changed) - len(moved)} checks that the last time did not make")
    show(", ".join(f"{count} {word}" for word, count in counts(items).items() if count))
