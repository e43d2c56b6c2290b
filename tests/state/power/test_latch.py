"""After the disk has failed once, a journal takes nothing more, or only what ends the work in flight."""

from __future__ import annotations

from pathlib import Path

import pysqlite3.dbapi2 as sqlite3
import pytest

from state.errors import JournalDamagedError, JournalUnwritableError
from state.events import Direction, Payload, Result
from state.journal import Journal
from state.kinds import Kind
from state.latch import CLOSING, Trouble, trouble
from state.operation_events import OperationFailed, StepIntent, StepOutcome
from state.reader import JournalReader
from state.request_events import RequestNote, RequestRun
from state.reserve import FileReserve, Reserve
from state.run_events import RunInterrupted, RunStarted
from tests.state import tampering
from tests.state.making import PLAN, open_journal, ticking
from tests.state.power.disk import Act, Disk, DiskReserve
from tests.state.power.vfs import DiskVfs

INTENT = StepIntent(
    step=1,
    attempt=1,
    direction=Direction.FORWARD,
    api="ec2:CreateVpc",
    params_digest="0" * 64,
    token=None,
    mutates=True,
)
OUTCOME = StepOutcome(step=1, attempt=1, direction=Direction.FORWARD, result=Result.APPLIED, seconds=0.5)
NOTE = RequestNote(text="x")
INTERRUPTED = RunInterrupted(signal="journal unwritable", left=("vpc",))


def opened(path: Path, vfs: DiskVfs, reserve: int = 0, checkpoint_every: int = 1000) -> Journal:
    return Journal(
        path,
        PLAN,
        clock=ticking(),
        new_id=lambda: "01JD0000000000000000000000",
        actor="ana@bastion",
        connect=vfs.connect_writer,
        reserve=lambda _: DiskReserve(vfs.disk, reserve),
        checkpoint_every=checkpoint_every,
    )


def fail_next(disk: Disk, act: Act) -> None:
    disk.fails = (act, disk.counts[act] + 1)


@pytest.mark.parametrize("act", [Act.SYNC, Act.WRITE])
@pytest.mark.parametrize("first", [NOTE, INTENT, OUTCOME])
def test_after_an_error_of_the_disk_nothing_is_taken_although_sqlite_would(
    tmp_path: Path, act: Act, first: Payload
) -> None:
    path, disk = tmp_path / "j.journal", Disk()
    vfs = DiskVfs(disk)
    with opened(path, vfs, reserve=100_000) as journal:
        journal.append(NOTE)
        journal.require_open()
        fail_next(disk, act)
        with pytest.raises(JournalUnwritableError, match="disk I/O error") as caught:
            journal.append(first)
        assert "\n" not in str(caught.value)
        written = len(disk.log)
        for later in (NOTE, INTENT, OUTCOME, INTERRUPTED):
            with pytest.raises(JournalUnwritableError, match="disk I/O error"):
                journal.append(later)
        with pytest.raises(JournalUnwritableError):
            journal.require_open()
        assert len(disk.log) == written
        journal._connection.execute("INSERT INTO meta VALUES ('the next commit', 'succeeds')")
    with open_journal(path) as anew:
        assert anew.append(NOTE).seq == 3
    with JournalReader(path) as reader:
        assert reader.verify().ok


def test_an_error_of_a_checkpoint_is_one_of_the_disk(tmp_path: Path) -> None:
    disk = Disk()
    with opened(tmp_path / "j.journal", DiskVfs(disk), checkpoint_every=3) as journal:
        for _ in range(3):
            journal.append(OUTCOME)
        fail_next(disk, Act.SYNC)
        with pytest.raises(JournalUnwritableError, match="disk I/O error"):
            journal.append(INTENT)
        with pytest.raises(JournalUnwritableError):
            journal.append(OUTCOME)


@pytest.mark.parametrize("first", [INTENT, OUTCOME])
def test_a_full_disk_takes_only_what_ends_the_work_in_flight(tmp_path: Path, first: Payload) -> None:
    path, disk = tmp_path / "j.journal", Disk()
    with opened(path, DiskVfs(disk), reserve=100_000) as journal:
        journal.append(INTENT)
        disk.room = 0
        if first is INTENT:
            with pytest.raises(JournalUnwritableError, match="full"):
                journal.append(INTENT)
        assert journal.append(OUTCOME).seq == 3
        for refused in (INTENT, NOTE, RequestRun(operations=("vpc",), confirmed="test")):
            with pytest.raises(JournalUnwritableError, match="full"):
                journal.append(refused)
        with pytest.raises(JournalUnwritableError, match=r"full.*; free some room"):
            journal.require_open()
        assert journal.append(OperationFailed(step="vpc", error="x")).seq == 4
        assert journal.append(INTERRUPTED).seq == 5
    with JournalReader(path) as reader:
        assert reader.verify().ok


def test_when_the_reserve_is_used_up_nothing_is_taken(tmp_path: Path) -> None:
    disk = Disk()
    with opened(tmp_path / "j.journal", DiskVfs(disk), reserve=20_000) as journal:
        disk.room = 0
        assert any(_is_refused(journal) for _ in range(100))
        disk.room = 1_000_000
        with pytest.raises(JournalUnwritableError, match="full"):
            journal.append(OUTCOME)


def _is_refused(journal: Journal) -> bool:
    try:
        journal.append(OUTCOME)
    except JournalUnwritableError:
        return True
    return False


def test_room_that_comes_back_does_not_start_work_again(tmp_path: Path) -> None:
    disk = Disk(room=None)
    with opened(tmp_path / "j.journal", DiskVfs(disk), reserve=100_000) as journal:
        disk.room = 0
        journal.append(OUTCOME)
        disk.room = None
        with pytest.raises(JournalUnwritableError):
            journal.append(INTENT)


def test_another_program_in_the_way_is_no_error_of_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "j.journal"
    with open_journal(path) as journal:
        journal._connection.execute("PRAGMA busy_timeout=1")
        other = sqlite3.connect(str(path), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalUnwritableError, match=r"locked.*try again"):
            journal.append(NOTE)
        other.execute("ROLLBACK")
        other.close()
        assert journal.append(NOTE).seq == 2


def test_a_runner_may_close_a_journal_to_new_work(tmp_path: Path) -> None:
    with open_journal(tmp_path / "j.journal") as journal:
        journal.close_down("enough")
        with pytest.raises(JournalUnwritableError, match="enough"):
            journal.append(INTENT)
        assert journal.append(OUTCOME).seq == 2


def test_nothing_that_lets_a_call_go_out_is_written_from_the_reserve() -> None:
    starts = {INTENT.kind, RunStarted.kind, Kind.RUN_RESUMED, Kind.OPERATION_STARTED, Kind.LEASE_TAKEN}
    assert not CLOSING & starts
    assert not any(kind.value.startswith(("request.", "approval.", "plan.")) for kind in CLOSING)


@pytest.mark.parametrize(
    ("code", "means"),
    [
        (5, Trouble.BUSY),
        (5 | 2 << 8, Trouble.BUSY),
        (13, Trouble.FULL),
        (10 | 4 << 8, Trouble.BROKEN),
        (11, Trouble.BROKEN),
        (26, Trouble.BROKEN),
    ],
)
def test_what_an_error_means_is_told_by_its_code(code: int, means: Trouble) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    assert trouble(error) is means
    assert trouble(sqlite3.OperationalError("without a code")) is Trouble.BROKEN


def test_nothing_is_written_behind_a_row_that_does_not_fit(noted: Path) -> None:
    tampering.set_cell(noted, 7, "data", '{"text":"nothing happened"}')
    with pytest.raises(JournalDamagedError, match=r"row 7 of the journal does not fit.*journal verify"):
        open_journal(noted)
    assert len(tampering.rows(noted)) == 10


def test_nothing_is_written_behind_a_gap(noted: Path) -> None:
    tampering.replace_rows(noted, [row for row in tampering.rows(noted) if row[0] != 5])
    with pytest.raises(JournalDamagedError, match="row 6 of the journal does not fit"):
        open_journal(noted)


class _NoRoom:
    def take(self) -> None:
        raise OSError(28, "No space left on device")

    def give_up(self) -> None:
        """There is nothing."""


def test_a_journal_without_room_for_its_reserve_is_not_opened(tmp_path: Path) -> None:
    def no_room(_: Path) -> Reserve:
        return _NoRoom()

    with pytest.raises(JournalUnwritableError, match=r"no room is left.*No space left"):
        Journal(tmp_path / "j", PLAN, clock=ticking(), new_id=lambda: "ID", actor="a@b", reserve=no_room)


def test_the_reserve_is_really_allocated_and_really_freed(tmp_path: Path) -> None:
    reserve = FileReserve(tmp_path / "j.journal", 512 * 1024)
    reserve.take()
    assert reserve.held_bytes >= 512 * 1024
    assert list(tmp_path.iterdir()) == []
    reserve.give_up()
    assert reserve.held_bytes == 0
    reserve.give_up()
