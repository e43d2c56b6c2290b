"""The hash chain: whatever is changed in a journal is found, and at the row in which it was changed."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from state.chain import ChainReport, ExpectedHead, spoken
from state.errors import JournalDamagedError
from state.events import Payload
from state.operation_events import OperationCheckpoint, OperationSucceeded
from state.reader import JournalReader
from state.request_events import RequestNote
from tests.state import tampering
from tests.state.making import written
from tests.state.outsider import first_bad

_numbers = itertools.count()
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
payloads: st.SearchStrategy[Payload] = st.one_of(
    st.text(max_size=30).map(lambda text: RequestNote(text=text)),
    st.dictionaries(st.text(max_size=6), any_json, max_size=3).map(lambda e: OperationCheckpoint(evidence=e)),
    st.dictionaries(st.text(max_size=6), any_json, max_size=3).map(
        lambda saved: OperationSucceeded(seconds=1.5, saved=saved)
    ),
)
journals = st.lists(payloads, min_size=1, max_size=6)


def verify(path: Path, head: ExpectedHead | None = None) -> ChainReport:
    with JournalReader(path) as reader:
        return reader.verify(head)


def head_of(path: Path) -> ExpectedHead:
    with JournalReader(path) as reader:
        head = reader.head()
    return ExpectedHead(head.seq, head.hash)


def fresh(folder: Path, events: list[Payload]) -> Path:
    return written(folder / f"{next(_numbers)}.journal", events)


@quick
@given(events=journals)
def test_a_journal_of_any_events_verifies_for_us_and_for_an_outsider(
    tmp_path: Path, events: list[Payload]
) -> None:
    path = fresh(tmp_path, events)
    assert verify(path) == ChainReport(True, len(events) + 1)
    assert verify(path, head_of(path)).ok
    assert first_bad(path) is None


@quick
@given(events=journals, data=st.data())
def test_any_changed_byte_is_found_at_its_row_by_us_and_by_an_outsider(
    tmp_path: Path, events: list[Payload], data: st.DataObject
) -> None:
    path = fresh(tmp_path, events)
    seq = data.draw(st.integers(1, len(events) + 1), label="seq")
    row = tampering.rows(path)[seq - 1]
    column = data.draw(st.sampled_from([i for i in range(1, 10) if row[i] is not None]), label="column")
    raw = bytearray(row[column].encode())
    at = data.draw(st.integers(0, len(raw) - 1), label="byte")
    raw[at] ^= 1 << data.draw(st.integers(0, 7), label="bit")

    tampering.set_cell(path, seq, tampering.COLUMNS[column], bytes(raw))

    report = verify(path)
    assert (report.ok, report.first_bad, report.rows) == (False, seq, seq - 1)
    assert first_bad(path) == seq


@quick
@given(events=journals, data=st.data())
def test_any_replaced_field_is_found_at_its_row(
    tmp_path: Path, events: list[Payload], data: st.DataObject
) -> None:
    path = fresh(tmp_path, events)
    seq = data.draw(st.integers(1, len(events) + 1), label="seq")
    row = tampering.rows(path)[seq - 1]
    column = data.draw(st.integers(1, 9), label="column")
    values: st.SearchStrategy[Any] = st.text(
        st.characters(codec="utf-8", exclude_characters="\0"), max_size=20
    )
    if column in (2, 4, 6):
        values = values | st.none()
    value = data.draw(values.filter(lambda new: new != row[column]), label="value")

    tampering.set_cell(path, seq, tampering.COLUMNS[column], value)

    assert verify(path).first_bad == seq
    assert first_bad(path) == seq


@quick
@given(seq=st.integers(1, 9))
def test_a_deleted_row_is_missed_by_the_row_after_it(tmp_path: Path, seq: int) -> None:
    path = fresh(tmp_path, [RequestNote(text=str(n)) for n in range(9)])
    rows = tampering.rows(path)
    tampering.replace_rows(path, [row for row in rows if row[0] != seq])
    report = verify(path)
    assert not report.ok
    assert report.first_bad == first_bad(path) == seq + 1
    assert report.problem == f"gap: row {seq} is missing"


def test_a_deleted_row_whose_followers_were_renumbered_is_found(noted: Path) -> None:
    rows = tampering.rows(noted)
    kept = [row for row in rows if row[0] != 5]
    tampering.replace_rows(noted, [[n, *row[1:]] for n, row in enumerate(kept, start=1)])
    assert verify(noted).first_bad == first_bad(noted) == 5


def test_two_rows_that_changed_places_are_found_at_the_first(noted: Path) -> None:
    rows = tampering.rows(noted)
    rows[3], rows[6] = [4, *rows[6][1:]], [7, *rows[3][1:]]
    tampering.replace_rows(noted, rows)
    assert verify(noted).first_bad == first_bad(noted) == 4


def test_an_inserted_row_is_found_where_the_old_chain_goes_on(noted: Path) -> None:
    rows = tampering.rows(noted)
    inserted = [*rows[:4], list(rows[4]), *([row[0] + 1, *row[1:]] for row in rows[4:])]
    sound_but_for_the_rest = [*tampering.rehash(inserted, 4)[:5], *inserted[5:]]
    tampering.replace_rows(noted, sound_but_for_the_rest)
    assert verify(noted).first_bad == first_bad(noted) == 6


def test_a_cut_tail_is_seen_only_against_a_head_kept_elsewhere(noted: Path) -> None:
    head = head_of(noted)
    tampering.replace_rows(noted, tampering.rows(noted)[:6])
    assert verify(noted).ok
    report = verify(noted, head)
    assert (report.ok, report.first_bad) == (False, 7)
    assert report.problem == "cut: the kept head names row 10"


def test_a_rewritten_tail_is_seen_only_against_a_head_kept_elsewhere(noted: Path) -> None:
    head = head_of(noted)
    rows = tampering.rows(noted)
    rows[7][7] = '{"text":"nothing happened"}'
    tampering.replace_rows(noted, tampering.rehash(rows, 7))
    assert verify(noted).ok
    assert first_bad(noted) is None
    report = verify(noted, head)
    assert (report.ok, report.first_bad) == (False, 10)


def test_a_head_kept_earlier_still_fits_a_journal_that_grew(tmp_path: Path) -> None:
    path = written(tmp_path / "j.journal", [RequestNote(text="one")])
    head = head_of(path)
    written(path, [RequestNote(text="two"), RequestNote(text="three")])
    assert verify(path, head) == ChainReport(True, 4)


def test_a_journal_without_rows_is_not_a_sound_one(noted: Path) -> None:
    tampering.replace_rows(noted, [])
    assert verify(noted).first_bad == 1


def test_data_that_means_the_same_but_is_written_otherwise_is_found(noted: Path) -> None:
    tampering.set_cell(noted, 4, "data", '{"text": "note 4"}')
    report = verify(noted)
    assert (report.first_bad, report.problem) == (4, "changed: its data is not in canonical form")
    assert first_bad(noted) == 4


def test_data_nested_beyond_reading_is_found_and_not_a_crash(noted: Path) -> None:
    tampering.set_cell(noted, 4, "data", "[" * 200_000)
    assert verify(noted).first_bad == 4
    with JournalReader(noted) as reader, pytest.raises(JournalDamagedError, match="row 4"):
        reader.events()


@pytest.mark.parametrize("key", ["journal_id", "plan", "digest", "schema_version"])
def test_meta_that_says_something_else_than_row_1_is_found(noted: Path, key: str) -> None:
    import pysqlite3.dbapi2 as sqlite3

    with sqlite3.connect(str(noted)) as connection:
        connection.execute("UPDATE meta SET value = '7' WHERE key = ?", (key,))
    report = verify(noted)
    assert (report.first_bad, report.problem) == (1, f"changed: `meta` has another {key} than row 1")


@pytest.mark.parametrize(
    ("digits", "phrase"),
    [
        # 127.0.0.1 and 63.84.220.193 are examples of the proquint paper
        ("7f0000013f54dcc1", "lusab-babad-gutih-tugad"),
        ("0000000000000000", "babab-babab-babab-babab"),
        ("ffffffffffffffff", "zuzuz-zuzuz-zuzuz-zuzuz"),
    ],
)
def test_the_spoken_phrase_is_proquints_of_the_first_64_bits(digits: str, phrase: str) -> None:
    assert spoken(digits + "9" * 48) == phrase


@quick
@given(a=st.integers(0, 2**64 - 1), b=st.integers(0, 2**64 - 1))
def test_different_bits_are_spoken_differently(a: int, b: int) -> None:
    assert (spoken(f"{a:016x}") == spoken(f"{b:016x}")) == (a == b)
