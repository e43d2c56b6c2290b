"""`cutover journal`: review a journal, offline."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console.commands.journal_search import search_events
from console.options import format_option, journal_option

if TYPE_CHECKING:
    from state.events import Event
    from state.reader import JournalReader

MOST_PIECES = 5
"""Of a long chain. This process looks at the heads meanwhile: on two cores that is as much as a third of the rows."""


@click.group()
def journal() -> None:
    """Review a journal: no AWS, no network. Without --journal the newest one in the state folder.

    \b
    Example:  cutover journal list --kind operation
    """


def _reader(given: str | None) -> JournalReader:
    from console.journal.journals import newest_journal
    from console.output import say
    from state.reader import JournalReader

    path = newest_journal(given, os.environ)
    if given is None and not os.environ.get("CUTOVER_JOURNAL"):
        say(f"note: {path}")
    return JournalReader(path)


def _row(event: Event) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(event)


def show_events(events: list[Event], form: str) -> None:
    """Print events, as lines or as a JSON array."""
    from console.journal.follow import line
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
        show_events(reader.newest(limit, operation=operation, kind=kind, run=run), form)
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
    from console.output import json_text, show, show_json

    with _reader(journal) as reader:
        events = reader.events(seq - 1, 1)
    if not events or events[0].seq != seq:
        raise CommandError(f"the journal has no event {seq}")
    if form == "json":
        show_json([_row(events[0])])
    else:
        show(json_text(_row(events[0]), indent=2))
    return 0


@journal.command("verify")
@click.option(
    "--head",
    "head_files",
    metavar="FILE",
    multiple=True,
    help="A head kept elsewhere, as `journal head` prints it, or lines of an anchor.",
)
@click.option(
    "--key",
    "key_files",
    metavar="FILE",
    multiple=True,
    help="The public key that heads must be signed with; several when it has changed.",
)
@journal_option
@format_option("text", "json")
def verify_chain(
    head_files: tuple[str, ...], key_files: tuple[str, ...], journal: str | None, form: str
) -> int:
    """Walk the hash chain and its signed heads; exits 5 when a row was changed, is missing, or does not follow.

    \b
    Example:  cutover journal verify --head head.json
    """
    from console.exit_codes import ExitCode
    from console.journal.journal_proof import as_json, as_text, evidence, with_notes
    from console.output import show, show_json

    with _reader(journal) as reader:
        known = evidence(reader.meta.get("journal_id", ""), head_files, key_files)
        report = reader.verify(trust=known.trust, processes=min((os.cpu_count() or 1) + 1, MOST_PIECES))
    known = with_notes(report, known)
    if form == "json":
        show_json(as_json(report, known))
    else:
        show(as_text(report, known))
    return ExitCode.DONE if report.ok else ExitCode.DAMAGED


@journal.command("head")
@journal_option
@format_option("text", "json")
def show_head(journal: str | None, form: str) -> int:
    """Print the newest row's hash, the phrase to read out at a hand-over, and the newest signed head.

    \b
    Example:  cutover journal head --format json > head.json
    """
    from console.output import show, show_json
    from state.chain import spoken
    from state.errors import JournalDamagedError
    from state.seals import fingerprint

    with _reader(journal) as reader:
        head, signed = reader.head(), reader.newest_head()
    values = {"journal_id": head.journal_id, "seq": head.seq, "hash": head.hash, "at": head.at}
    values |= {"phrase": spoken(head.hash), "signed_through": signed.seq if signed else None}
    if form == "json":
        show_json({**values, "signed": signed.as_dict() if signed else None})
        return 0
    if signed is not None:
        try:
            values |= {"signed_by": fingerprint(signed.public_key), "signature": signed.signature}
        except ValueError as error:
            raise JournalDamagedError(
                f"{reader.path}: the newest signed head names no key; see `cutover journal verify`"
            ) from error
    show("\n".join(f"{key:<14} {'-' if value is None else value}" for key, value in values.items()))
    return 0


@journal.command("export")
@click.option("-o", "output", metavar="FILE", help="Where to; default: standard output.")
@journal_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv"]),
    default="json",
    show_default=True,
    help="Lines of what.",
)
def export_events(output: str | None, journal: str | None, form: str) -> int:
    """Write every event as a line of JSON, or of comma-separated values.

    \b
    Example:  cutover journal export -o events.jsonl
    """
    from dataclasses import fields

    from console.csv_text import csv_lines
    from console.exit_codes import CommandError, ExitCode
    from console.output import json_text, show, write_lines
    from state.events import Event

    with _reader(journal) as reader:
        rows = (_row(event) for event in reader.events())
        if output is None and form == "json":
            write_lines(json_text(row) for row in rows)
            return 0
        lines = (
            csv_lines(rows, [each.name for each in fields(Event)])
            if form == "csv"
            else (json_text(row) for row in rows)
        )
        if output is None:
            for each in lines:
                show(each)
            return 0
        try:
            with Path(output).open("w", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in lines)
        except OSError as error:
            raise CommandError(f"{output}: cannot be written: {error.strerror}", ExitCode.REFUSED) from error
    return 0


journal.add_command(search_events)
