"""Searching a journal: with and without an index the same rows are found, and the index survives whatever becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from state.events import Payload, Result
from state.finding import Finder
from state.moments import Moment, MomentError, event_time, parse_moment
from state.operation_events import OperationFailed, OperationSucceeded, StepIntent
from state.pages import JournalPages
from state.request_events import RequestNote
from state.search import QueryError, parse_query
from state.search_index import SearchIndex
from tests.state.eventful import intent, operation_started, outcome
from tests.state.making import open_journal

NEWEST = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
QUERIES = [
    "createvpc",
    "create*",
    "ec2:CreateVpc",
    "kind:step",
    "kind:step.intent op:dns",
    "op:tra*",
    "op:traffic-10 kind:operation.failed",
    "actor:ana",
    "actor:nobody",
    "run:01jd",
    "since:03:00:10",
    "until:03:00:10 kind:step",
    "since:03:00:05 until:03:00:20 vpc-0a1b",
    '"no such thing"',
    "größe",
    "0a1b",
]


def write(path: Path, rows: list[tuple[Payload, str | None]]) -> Path:
    with open_journal(path) as journal:
        for payload, operation in rows:
            journal.append(
                payload,
                run="01JD0RUN",
                operation=operation,
                identity="arn:aws:sts::1:assumed-role/oncall/kim",
            )
    return path


def some_rows() -> list[tuple[Payload, str | None]]:
    rows: list[tuple[Payload, str | None]] = []
    for operation in ("vpc", "dns", "traffic-10", "traffic-25"):
        rows += [
            (operation_started(), operation),
            (intent(), operation),
            (outcome(Result.APPLIED, vpc_id=f"vpc-0a1b-{operation}"), operation),
            (OperationSucceeded(seconds=2.0), operation),
        ]
    note = RequestNote(text="Größe\nof the queue: \U0001f600 in_doubt? 100%_of_it [/x]")
    return [*rows, (note, None), (OperationFailed(step="create", error="no CreateVpc for you"), "traffic-10")]


def find(pages: JournalPages, index: SearchIndex | None, text: str, *, backwards: bool = False) -> list[int]:
    query = parse_query(text, NEWEST)
    return [event.seq for event in Finder(pages, index).find(query, 1, pages.last(), backwards=backwards)]


@pytest.mark.parametrize("text", QUERIES)
def test_the_index_finds_what_a_walk_finds(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "j.journal", some_rows())
    with JournalPages(path) as pages:
        query = parse_query(text, NEWEST)
        wanted = [event.seq for event in pages.page(1, 1000) if query.matches(event)]
        with SearchIndex(tmp_path / "cache" / "i.index", pages) as index:
            while index.extend(5):
                assert find(pages, index, text) == wanted  # half an index is as good
            assert index.through == pages.last()
            assert find(pages, index, text, backwards=True) == wanted[::-1]
        assert find(pages, None, text) == wanted


def test_queries_find_what_they_say(tmp_path: Path) -> None:
    path = write(tmp_path / "j.journal", some_rows())
    with JournalPages(path) as pages:
        assert len(find(pages, None, "kind:step.intent")) == 4
        assert len(find(pages, None, "op:traffic*")) == 9
        assert len(find(pages, None, "op:traffic-10")) == 5
        assert len(find(pages, None, "actor:kim")) == pages.last() - 1  # by identity; row 1 has none
        assert find(pages, None, "createvpc you") == [pages.last()]
        assert find(pages, None, "größe")
        assert not find(pages, None, "size")
        assert len(find(pages, None, "since:03:00:05 until:03:00:06")) == 2


WORDS = st.lists(
    st.sampled_from(["vpc", "dns", "Apply", "a-b", "x1", "ß", "it's", "e\u0301x", "%", "_", '"', "\n", "é"]),
    max_size=5,
)


@given(texts=st.lists(WORDS.map(" ".join), min_size=1, max_size=6), asked=WORDS.map(" ".join))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_found_alike(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], asked: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = write(folder / "j.journal", [(RequestNote(text=text), None) for text in texts])
    with JournalPages(path) as pages, SearchIndex(folder / "i.index", pages) as index:
        while index.extend():
            pass
        try:
            found = find(pages, index, asked)
        except QueryError:
            return
        assert found == find(pages, None, asked)


def test_an_index_of_another_journal_is_made_anew(tmp_path: Path) -> None:
    first = write(tmp_path / "a.journal", some_rows())
    second = write(tmp_path / "b.journal", [(RequestNote(text="another tale"), None)])
    file = tmp_path / "i.index"
    with JournalPages(first) as pages, SearchIndex(file, pages) as index:
        index.extend()
        assert index.through == pages.last()
    with JournalPages(second) as pages, SearchIndex(file, pages) as index:
        assert index.through == 0
        index.extend()
        assert find(pages, index, "tale") == [2]
    assert (file.stat().st_mode & 0o077) == 0


@pytest.mark.parametrize(
    "text", ["", "   ", '"open', "kind:", "since:later", "since:99:99", "until:#5", "!!"]
)
def test_what_is_no_search_is_said(text: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse_query(text, NEWEST)
    assert "\n" not in str(raised.value)


def test_moments() -> None:
    berlin = timezone(timedelta(hours=1))
    assert parse_moment("now", NEWEST).now
    assert parse_moment("#1842", NEWEST) == Moment(seq=1842)
    assert parse_moment("01:20", NEWEST).at == NEWEST.replace(hour=1, minute=20)
    assert parse_moment("04:20", NEWEST).at == NEWEST.replace(day=19, hour=4, minute=20)
    assert parse_moment("04:20", NEWEST, berlin).at == NEWEST.replace(hour=3, minute=20)
    assert parse_moment("04:20:07Z", NEWEST, berlin).at == NEWEST.replace(day=19, hour=4, minute=20, second=7)
    assert parse_moment("2026-11-19 23:59:59.5", NEWEST).at == datetime(
        2026, 11, 19, 23, 59, 59, 500_000, UTC
    )
    assert parse_moment("-90m", NEWEST).at == NEWEST - timedelta(minutes=90)
    assert event_time(NEWEST) == "2026-11-20T03:30:00.000000Z"
    for text in ("", "soon", "25:00", "2026-02-30 01:00", "-999999999d", "#-1", "01:02:03:04"):
        with pytest.raises(MomentError):
            parse_moment(text, NEWEST)


def test_rows_by_time(tmp_path: Path) -> None:
    path = write(tmp_path / "j.journal", some_rows())
    with JournalPages(path) as pages:
        times = [event.at for event in pages.page(1, 1000)]
        for seq, at in enumerate(times, start=1):
            assert pages.seq_at(at) == seq
            assert pages.seq_before(at) == seq - 1
        assert pages.seq_at("2020") == 0
        assert pages.seq_at("2030") == pages.last()
        assert pages.some([3, 1, 99])[0].seq == 3
        assert StepIntent.kind.value in {event.kind for event in pages.of_kinds(("step.intent",))}
        assert pages.operations() == ["vpc", "dns", "traffic-10", "traffic-25"]
