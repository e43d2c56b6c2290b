"""The journal as a file: its format, its safety on the disk, and what is refused as a journal."""

import gc
import json
import math
import os
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3
import pytest

from state.errors import JournalDamagedError, JournalError, JournalMissingError, JournalUnwritableError
from state.journal import Journal, PlanIdentity, timestamp
from state.operation_events import OperationCheckpoint
from state.reader import JournalReader
from state.request_events import RequestNote
from state.run_events import PlanLoaded
from tests.state import tampering
from tests.state.making import PLAN, open_journal, ticking, written

COLUMNS_OF_THE_CONTRACT = [
    ("seq", "INTEGER", False, True),
    ("at", "TEXT", True, False),
    ("run", "TEXT", False, False),
    ("kind", "TEXT", True, False),
    ("operation", "TEXT", False, False),
    ("actor", "TEXT", True, False),
    ("identity", "TEXT", False, False),
    ("data", "TEXT", True, False),
    ("prev", "TEXT", True, False),
    ("hash", "TEXT", True, False),
]


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(str(path))
    try:
        return list(connection.execute(sql).fetchall())
    finally:
        connection.close()


def test_the_table_has_the_columns_of_the_contract(noted: Path) -> None:
    found = [
        (name, kind, bool(required), bool(key))
        for _, name, kind, required, _, key in query(noted, "PRAGMA table_info(events)")
    ]
    assert found == COLUMNS_OF_THE_CONTRACT
    (strict,) = query(noted, "SELECT strict FROM pragma_table_list WHERE name = 'events'")
    assert strict == (1,)


def test_row_1_and_meta_say_which_journal_this_is(noted: Path) -> None:
    first = tampering.rows(noted)[0]
    says = {
        "journal_id": "01JD0000000000000000000000",
        "plan": "reference",
        "digest": "d" * 64,
        "schema_version": 1,
    }
    assert (first[0], first[3], first[8]) == (1, "journal.opened", "0" * 64)
    assert json.loads(first[7]) == says
    assert dict(query(noted, "SELECT key, value FROM meta")) == {k: str(v) for k, v in says.items()}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events SET actor = 'nobody' WHERE seq = 3",
        "DELETE FROM events WHERE seq = 10",
        "INSERT OR REPLACE INTO events VALUES (3, '', NULL, '', NULL, '', NULL, '{}', '', '')",
    ],
)
def test_a_row_cannot_be_changed_by_accident(noted: Path, sql: str) -> None:
    connection = sqlite3.connect(str(noted))
    connection.execute("PRAGMA recursive_triggers=ON")
    with pytest.raises(sqlite3.IntegrityError, match="events are never"):
        connection.execute(sql)
    connection.close()


def test_only_the_owner_may_read_it_and_what_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "j.journal"
    with open_journal(path) as journal:
        journal.append(RequestNote(text="secret enough"))
        files = sorted(tmp_path.iterdir())
        assert [file.name for file in files] == ["j.journal", "j.journal-shm", "j.journal-wal"]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_appends_are_in_wal_mode_and_synced_at_every_commit(journal: Journal) -> None:
    connection = journal._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_an_event_comes_back_as_it_was_written(journal: Journal) -> None:
    appended = journal.append(RequestNote(text="über 3 Uhr ☕"), run="R", operation="vpc", identity="arn:x")
    with JournalReader(journal.path) as reader:
        assert reader.events(after=1) == [appended]
        assert reader.head().hash == appended.hash
    assert (appended.seq, appended.run, appended.operation, appended.identity) == (2, "R", "vpc", "arn:x")
    assert (appended.actor, appended.kind, appended.data) == (
        "ana@bastion",
        "request.note",
        {"text": "über 3 Uhr ☕"},
    )


def test_times_are_utc_with_microseconds_wherever_the_clock_is() -> None:
    there = datetime(2026, 11, 20, 4, 30, tzinfo=timezone(timedelta(hours=1, minutes=30)))
    assert timestamp(there) == "2026-11-20T03:00:00.000000Z"
    assert timestamp(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "2026-01-02T03:04:05.000006Z"


@pytest.mark.parametrize(
    ("answered", "journaled"),
    [
        (2**53 - 1, 2**53 - 1),
        (2**53, "9007199254740992"),
        (-(2**60), "-1152921504606846976"),
        (1e16, "10000000000000000"),
        (1e21, "1000000000000000000000"),
        (1.5e-9, 1.5e-9),
        (0.1, 0.1),
        (math.nan, None),
        (math.inf, None),
        ("lone \udcff surrogate", "lone ? surrogate"),
        ({"a": [2**70, {"b": math.nan}]}, {"a": ["1180591620717411303424", {"b": None}]}),
    ],
)
def test_no_answer_of_aws_keeps_an_event_from_being_written(
    journal: Journal, answered: object, journaled: object
) -> None:
    event = journal.append(OperationCheckpoint(evidence={"value": answered}))
    assert event.data["evidence"]["value"] == journaled
    with JournalReader(journal.path) as reader:
        assert reader.verify().ok


def test_reading_follows_a_journal_that_grows(journal: Journal) -> None:
    with JournalReader(journal.path) as reader:
        assert [event.seq for event in reader.events(after=1)] == []
        for n in range(2, 6):
            journal.append(RequestNote(text=str(n)))
            assert [event.seq for event in reader.events(after=n - 1)] == [n]
        assert [event.seq for event in reader.events(after=1, limit=2)] == [2, 3]


def test_the_newest_events_can_be_chosen_by_what_they_are_about(journal: Journal) -> None:
    for n in range(6):
        journal.append(
            RequestNote(text=str(n)), operation="vpc" if n % 2 else "dns", run="A" if n < 3 else "B"
        )
    loaded = PlanLoaded(plan="reference", digest="d" * 64, origin="plan.yaml", operations=2)
    journal.append(loaded)
    with JournalReader(journal.path) as reader:
        assert [event.data["text"] for event in reader.newest(2, operation="vpc")] == ["3", "5"]
        assert [event.data["text"] for event in reader.newest(9, operation="vpc", run="B")] == ["3", "5"]
        assert len(reader.newest(9, kind="request")) == len(reader.newest(9, kind="request.note")) == 6
        assert reader.newest(9, kind="req") == []
        assert [event.kind for event in reader.newest(1)] == ["plan.loaded"]
    assert journal.last_plan_digest() == "d" * 64


def test_the_journal_of_another_plan_is_refused(noted: Path) -> None:
    with pytest.raises(JournalError, match="of the plan `reference`; give another with --journal"):
        open_journal(noted, PlanIdentity("other", "e" * 64))
    assert len(tampering.rows(noted)) == 10


def test_an_amended_plan_keeps_its_journal(noted: Path) -> None:
    with open_journal(noted, PlanIdentity("reference", "e" * 64)) as journal:
        assert journal.append(RequestNote(text="x")).seq == 11


def test_a_file_that_is_no_database_is_damaged_for_writers_and_readers(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, and long enough not to be taken for an empty one\n" * 40)
    before = path.read_bytes()
    with pytest.raises(JournalDamagedError, match="not a journal, or damaged"):
        open_journal(path)
    with pytest.raises(JournalDamagedError, match="not a journal, or damaged"):
        JournalReader(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    connection = sqlite3.connect(str(path))
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(JournalDamagedError, match="another program's database"):
        open_journal(path)
    with pytest.raises(JournalDamagedError, match="it has no events"):
        JournalReader(path)
    assert path.read_bytes() == before


def test_a_file_that_another_process_has_just_begun_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two consoles that open at once, one meets the file before its first row."""
    path = tmp_path / "new.journal"
    path.touch()
    monkeypatch.setattr("state.reader.time.sleep", lambda _: open_journal(path).close())
    with JournalReader(path) as reader:
        assert reader.head().seq == 1


def test_an_empty_file_is_no_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "empty.journal"
    path.touch()
    monkeypatch.setattr("state.reader.BEGINNING_SECONDS", 0.0)
    with pytest.raises(JournalDamagedError, match="it has no events"):
        JournalReader(path)


def test_a_journal_of_a_later_format_is_refused(noted: Path) -> None:
    connection = sqlite3.connect(str(noted))
    connection.execute("PRAGMA user_version=2")
    connection.close()
    with pytest.raises(JournalDamagedError, match="format 2, this program knows 1"):
        open_journal(noted)


def test_a_journal_that_is_not_there_is_missing_for_readers(tmp_path: Path) -> None:
    with pytest.raises(JournalMissingError, match="no journal here"):
        JournalReader(tmp_path / "none.journal")
    with pytest.raises(JournalMissingError):
        JournalReader(tmp_path)


def test_a_place_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "j.journal", tmp_path, Path("/proc/j.journal")):
        with pytest.raises(JournalUnwritableError, match="cannot be written") as caught:
            open_journal(path)
        assert "\n" not in str(caught.value)
        assert str(path) in str(caught.value)


def test_missing_folders_are_made(tmp_path: Path) -> None:
    path = written(tmp_path / "a" / "b" / "j.journal", [])
    assert len(tampering.rows(path)) == 1


_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from state.errors import JournalUnwritableError
from state.request_events import RequestNote
from tests.state.making import open_journal
with open_journal(Path(sys.argv[1])) as journal:
    journal.append(RequestNote(text="before"))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = Path(sys.argv[1] + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        journal.append(RequestNote(text="during " * 2000))
    except JournalUnwritableError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    try:
        journal.append(RequestNote(text="after"))
    except JournalUnwritableError as error:
        print(error)
with open_journal(Path(sys.argv[1])) as journal:
    print(journal.append(RequestNote(text="anew")).seq)
"""


def test_an_append_that_fails_is_refused_whole_and_so_is_every_later_one(
    tmp_path: Path, run_python: Any
) -> None:
    path = tmp_path / "j.journal"
    said = run_python(_FULL_DISK, str(path)).splitlines()
    assert len(said) == 3
    assert f"{path}: the journal cannot be written" in said[0]
    assert said[1] == said[0]
    assert said[2] == "3"
    assert [json.loads(row[7]).get("text") for row in tampering.rows(path)] == [None, "before", "anew"]
    with JournalReader(path) as reader:
        assert reader.verify().ok


def test_a_payload_takes_no_key_that_it_does_not_name() -> None:
    with pytest.raises(ValueError, match="extra"):
        RequestNote(text="x", password="y")  # type: ignore[call-arg]


def test_the_clock_is_asked_once_for_an_event(tmp_path: Path) -> None:
    clock = ticking(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with Journal(tmp_path / "j", PLAN, clock=clock, new_id=lambda: "ID", actor="a@b") as journal:
        assert journal.append(RequestNote(text="x")).at == "2026-11-20T03:00:01.000000Z"


def test_a_user_name_that_is_no_text_does_not_stop_the_journal(tmp_path: Path) -> None:
    actor = os.fsdecode(b"jos\xe9@host")
    with Journal(tmp_path / "j", PLAN, clock=ticking(), new_id=lambda: "ID", actor=actor) as journal:
        assert journal.append(RequestNote(text="x")).actor == "jos?@host"


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_ids_that_are_no_text_are_written_as_far_as_they_are(tmp_path: Path) -> None:
    odd = PlanIdentity("ref\udc80", "d" * 64)
    for _ in range(2):
        with Journal(tmp_path / "j", odd, clock=ticking(), new_id=lambda: "id\ud800", actor="ana") as journal:
            event = journal.append(
                RequestNote(text="x\udfff"), run="r\ud800", operation="o\udc80p", identity="\udcff"
            )
            assert (event.run, event.operation, event.identity) == ("r?", "o?p", "?")
    with JournalReader(tmp_path / "j") as reader:
        assert reader.verify().ok
        assert reader.events()[-1] == event
        assert reader.meta["plan"] == "ref?"


def test_a_row_that_is_no_object_is_said_once_and_quietly(noted: Path) -> None:
    tampering.set_cell(noted, 5, "data", "[]")
    with (
        pytest.raises(JournalDamagedError, match="row 5 of the journal cannot be read"),
        JournalReader(noted) as reader,
    ):
        reader.events()
    gc.collect()
