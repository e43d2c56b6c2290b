"""`cutover journal search`: words and filters, newest first, with the index where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from console.options import format_option, journal_option

if TYPE_CHECKING:
    from state.events import Event
    from state.pages import JournalPages
    from state.search_index import SearchIndex

MANY = 50_000
"""Rows from which on looking at each of them takes long enough to say so."""


@click.command("search")
@click.argument("query", metavar="QUERY…", nargs=-1, required=True)
@click.option(
    "--limit", type=click.IntRange(1), default=200, show_default=True, help="The newest matches only."
)
@click.option("--index", "indexes", is_flag=True, help="Make the search index first, or bring it up to date.")
@journal_option
@format_option("text", "json")
def search_events(query: tuple[str, ...], limit: int, indexes: bool, journal: str | None, form: str) -> int:
    """Search a journal: words, kind:step.intent, op:vpc, actor:kim, run:01J…, since:01:20, until:-5m.

    \b
    Example:  cutover journal search op:vpc kind:step "no such subnet"
    """
    from console.commands.journal import show_events
    from console.exit_codes import CommandError, ExitCode
    from console.journal.journals import newest_journal
    from state.search import QueryError

    path = newest_journal(journal, os.environ)
    with ExitStack() as stack:
        from state.pages import JournalPages

        pages = stack.enter_context(JournalPages(path))
        try:
            found = list(_found(pages, _text(query), limit, stack, indexes=indexes))
        except QueryError as error:
            raise CommandError(str(error)) from error
    show_events(found[::-1], form)
    return ExitCode.DONE if found else ExitCode.NO


def _text(query: tuple[str, ...]) -> str:
    """What the shell has taken apart, together again; a part with blanks is one word."""
    return " ".join(f'"{part}"' if " " in part and '"' not in part else part for part in query)


def _found(pages: JournalPages, text: str, limit: int, stack: ExitStack, *, indexes: bool) -> Iterator[Event]:
    from datetime import UTC, datetime
    from itertools import islice

    from console.output import say
    from screens.times import parsed
    from state.finding import Finder
    from state.search import parse_query

    last = pages.last()
    query = parse_query(text, parsed(pages.time_of(last)) or datetime.fromtimestamp(0, UTC))
    index = _index(pages, stack, make=indexes)
    beyond = last - (index.through if index is not None else 0)
    if query.selective and beyond > MANY:
        say(f"note: looking at {beyond:,} rows one by one; `--index` once makes searches quick")
    yield from islice(Finder(pages, index).find(query, 1, last, backwards=True), limit)


def _index(pages: JournalPages, stack: ExitStack, *, make: bool) -> SearchIndex | None:
    from console.journal.journal_book import index_file
    from console.output import say
    from console.settings import cache_folder
    from state.search_index import IndexUnusableError, SearchIndex, drop

    file = index_file(cache_folder(os.environ), pages.meta.get("journal_id", ""))
    if not make and not file.exists():
        return None
    try:
        index = stack.enter_context(SearchIndex(file, pages))
    except IndexUnusableError as error:
        drop(file)
        say(f"note: {error}; searching without it")
        return None
    last, told = pages.last(), 0
    while make and index.extend():
        if index.through - told >= MANY:
            told = index.through
            say(f"indexed {told:,} of {last:,} events")
    return index
