"""The journal in lines, on a real one: events, one in full, a search, and the past, in which nothing acts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.console.plain.piped import Listening, listening
from tests.screens.journaled import parts_over_a_journal, write

from console.journal.review_opening import review_parts  # isort: skip
from console.settings import load_settings  # isort: skip


@pytest.fixture
def talked(tmp_path: Path) -> Iterator[Listening]:
    """A console in lines over a journal of twenty events."""
    with listening(parts=parts_over_a_journal(tmp_path)) as listened:
        yield listened


def test_events_one_in_full_and_a_search(talked: Listening) -> None:
    talked.answer("journal 2", "20 ", "chain", "cutover>")
    talked.answer("search kind:operation", "1. ", "matches")
    talked.answer("1", "hash", "prev")
    talked.answer("jump #20", "event 20", "hash")
    talked.answer("jump", "where to?")
    talked.answer("search kind:", "kind")


def test_the_past_answers_and_nothing_acts_in_it(talked: Listening) -> None:
    now = talked.answer("status", "BACK OUT", "cutover>")
    talked.answer("at", "which moment?")
    talked.answer("at #5", "event 5 of 20", "cutover #5>")
    assert talked.answer("status", "BACK OUT", "cutover #5>") != now
    for line in ("run vpc", "arm", "note hello", "sign", "inject lag", "make all"):
        talked.answer(line, "reviewing", "now to act")
    talked.answer("follow", "the past is shown")
    talked.answer("at -0s", "event 5 of 20")
    talked.answer("now", "it is now", "cutover>")
    talked.answer("now", "it is now already")
    talked.answer("note hello", "noted")
    assert talked.desk.asked == [("note", "hello")]


def test_a_replay_says_what_came_after(talked: Listening) -> None:
    talked.answer("play", "from when?")
    talked.answer("at #18", "cutover #18>")
    talked.answer("play", "Enter stops", "19 ", "20 ", "event 20 of 20", "cutover #20>")


def test_a_review_in_lines_needs_nobody_and_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "old.journal")
    before = path.read_bytes()
    with ExitStack() as stack:
        parts = review_parts(path, None, load_settings(os.environ), stack)
        with listening(parts=parts) as talked:
            talked.answer("run vpc", "this console reviews a journal; nothing can act")
            talked.answer("list", "1. phase")
            talked.answer("at #3", "event 3 of 20")
    assert path.read_bytes() == before
