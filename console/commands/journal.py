"""`cutover journal`: review a journal, offline."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console.options import format_option, journal_option

if TYPE_CHECKING:
    from state.events import Event
    from state.reader import JournalReader


@click.group()
def journal() -> None:
    """Review a journal: no AWS, no network. Without --journal the newest one in the state folder."""


def _reader(given: str | None) -> JournalReader:
    from console.journals import newest_journal
    from console.output import say
    from state.reader import JournalReader

    path = newest_journal(given, os.environ)
    if given is None and not os.environ.get("CUTOVER_JOURNAL"):
        say(f"note: {path}")
    return JournalReader(path)


def _row(event: Event) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(event)


def _show(events: list[Event], form: str) -> None:
    from console.follow import line
    from console.output import show, show_json

    if form == "json":
        show_json([_row(event) for event in events])
        return
    for event in events:
        show(f"{event.seq:>7}  {event.at[:10]} {line(event)}")


@journal.command("list")
@click.option(
    "--limit", type=click.IntRange(1), default=200, show_default=True, help="The newest events only."
)
@click.option("--operation", metavar="ID", help="Only the events of an operation.")
@click.option("--kind", metavar="KIND", help="Only a kind, such as step.intent, or a family, such as step.")
@click.option("--run", metavar="RUN", help="Only the events of a run.")
@journal_option
@format_option("text", "json")
def list_events(
    limit: int, operation: str | None, kind: str | None, run: str | None, journal: str | None, form: str
) -> int:
    """List the newest events, oldest of them first.

    \b
    Example:  cutover journal list --operation vpc --kind step
    """
    with _reader(journal) as reader:
        _show(reader.newest(limit, operation=operation, kind=kind, run=run), form)
    return 0


@journal.command("show")
@click.argument("seq", type=click.IntRange(1))
@journal_option
@format_option("text", "json")
def show_event(seq: int, journal: str | None, form: str) -> int:
    """Show one event whole.

    \b
    Example:  cutover journal show 42
    """
    from console.exit_codes import CommandError
    from console.output import show, show_json

    with _reader(journal) as reader:
        events = reader.events(seq - 1, 1)
    if not events or events[0].seq != seq:
        raise CommandError(f"the journal has no event {seq}")
    if form == "json":
        show_json([_row(events[0])])
    else:
        show(json.dumps(_row(events[0]), indent=2, ensure_ascii=False))
    return 0


@journal.command("verify")
@click.option(
    "--head", "head_file", metavar="FILE", help="A head kept elsewhere, as `journal head` prints it."
)
@journal_option
@format_option("text", "json")
def verify_chain(head_file: str | None, journal: str | None, form: str) -> int:
    """Walk the hash chain; exits 5 when a row was changed, is missing, or does not follow.

    \b
    Example:  cutover journal verify --head head.json
    """
    from console.exit_codes import ExitCode
    from console.output import show, show_json

    with _reader(journal) as reader:
        report = reader.verify(_kept_head(head_file, reader.meta.get("journal_id")))
    if form == "json":
        show_json(
            {"ok": report.ok, "rows": report.rows, "first_bad": report.first_bad, "problem": report.problem}
        )
    elif report.ok:
        show(f"ok: {report.rows} rows, every one follows the one before")
    else:
        show(f"damaged: row {report.first_bad}: {report.problem}; {report.rows} rows before it are good")
    return ExitCode.DONE if report.ok else ExitCode.DAMAGED


def _kept_head(file: str | None, journal_id: str | None) -> Any:
    from console.exit_codes import CommandError
    from state.chain import ExpectedHead

    if file is None:
        return None
    try:
        kept = json.loads(Path(file).read_text())
        head = ExpectedHead(int(kept["seq"]), str(kept["hash"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(
            f"{file}: not a head; keep what `cutover journal head --format json` prints"
        ) from error
    if kept.get("journal_id") not in (None, journal_id):
        raise CommandError(f"{file}: the head of another journal, {kept['journal_id']}")
    return head


@journal.command("head")
@journal_option
@format_option("text", "json")
def show_head(journal: str | None, form: str) -> int:
    """Print the newest row's hash, and the phrase to read out at a hand-over.

    \b
    Example:  cutover journal head --format json > head.json
    """
    from console.output import show, show_json
    from state.chain import spoken

    with _reader(journal) as reader:
        head = reader.head()
    values = {"journal_id": head.journal_id, "seq": head.seq, "hash": head.hash, "at": head.at}
    if form == "json":
        show_json({**values, "phrase": spoken(head.hash)})
    else:
        show(
            "\n".join(f"{key:<11} {value}" for key, value in {**values, "phrase": spoken(head.hash)}.items())
        )
    return 0


@journal.command("export")
@click.option("-o", "output", metavar="FILE", help="Where to; default: standard output.")
@journal_option
def export_events(output: str | None, journal: str | None) -> int:
    """Write every event as a line of JSON.

    \b
    Example:  cutover journal export -o events.jsonl
    """
    import sys

    from console.exit_codes import CommandError, ExitCode

    with _reader(journal) as reader:
        lines = (json.dumps(_row(event), ensure_ascii=False) + "\n" for event in reader.events())
        if output is None:
            sys.stdout.writelines(lines)
            return 0
        try:
            with Path(output).open("w", encoding="utf-8") as file:
                file.writelines(lines)
        except OSError as error:
            raise CommandError(f"{output}: cannot be written: {error.strerror}", ExitCode.REFUSED) from error
    return 0
