"""Nobody who reads keeps the write-ahead log from being moved into the file and used again."""

from __future__ import annotations

from pathlib import Path

import pytest

from state import reader as reading
from state.journal import Journal
from state.reader import JournalReader
from state.request_events import RequestNote
from tests.state import tampering
from tests.state.making import PLAN, open_journal, ticking

KIB = 1024


def grown(path: Path, journal: Journal, appends: int) -> int:
    """The size of the write-ahead log after so many appends."""
    for n in range(appends):
        journal.append(RequestNote(text=str(n)))
    return path.with_name(path.name + "-wal").stat().st_size


def test_open_readers_do_not_make_the_log_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 5)
    path = tmp_path / "j.journal"
    with (
        Journal(
            path, PLAN, clock=ticking(), new_id=lambda: "ID", actor="a@b", checkpoint_every=10
        ) as journal,
        JournalReader(path) as follower,
        JournalReader(path) as verifier,
    ):
        grown(path, journal, 20)
        follower.events(), follower.head(), follower.newest(3)
        walk = verifier._walk()
        next(walk)
        before = grown(path, journal, 20)
        assert grown(path, journal, 300) <= max(before, 400 * KIB)
        assert sum(1 for _ in walk) + 1 == 341
        assert verifier.verify().rows == 341


def test_a_read_left_open_would(tmp_path: Path) -> None:
    """The control: a transaction that is held makes the log grow with every append."""
    path = tmp_path / "j.journal"
    with (
        Journal(
            path, PLAN, clock=ticking(), new_id=lambda: "ID", actor="a@b", checkpoint_every=10
        ) as journal,
        JournalReader(path) as reader,
    ):
        before = grown(path, journal, 20)
        held = reader._connection.execute("SELECT seq FROM events")
        held.fetchone()
        assert grown(path, journal, 300) > before + 300 * 4 * KIB


@pytest.mark.parametrize("page", [1, 3, 10, 11])
def test_a_chain_is_walked_alike_whatever_the_page(
    noted: Path, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", page)
    with JournalReader(noted) as reader:
        assert reader.verify().rows == 10
    tampering.set_cell(noted, 7, "actor", "nobody")
    with JournalReader(noted) as reader:
        assert reader.verify().first_bad == 7


def test_a_journal_is_followed_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "j.journal"
    with open_journal(path) as journal, JournalReader(path) as reader:
        journal.append(RequestNote(text="x"))
        assert [event.seq for event in reader.events()] == [1, 2]
