"""Where and what a journal may not be: old formats, old SQLites, network disks, places open to others; odd clocks."""

from __future__ import annotations

import itertools
import os
import random
import stat
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3
import pytest

from screens.times import seconds_between
from state import filesystem
from state.database import SCHEMA_VERSION, connect_writer, require_safe_sqlite
from state.errors import JournalDamagedError, JournalError, JournalUnwritableError
from state.journal import Journal
from state.migration import Step
from state.operation_events import OperationStarted, OperationSucceeded
from state.projections.states import OperationState
from state.projections.status import fold
from state.projections.timeline import timeline
from state.reader import JournalReader
from state.request_events import RequestNote
from tests.conftest import Tally
from tests.state.making import PLAN, open_journal, ticking
from tests.state.power.test_latch import INTENT, OUTCOME

STARTED = OperationStarted(attempt=1, estimate_minutes=1, steps=("create",), way_back=("delete",))


def set_version(path: Path, version: int) -> None:
    connection = sqlite3.connect(str(path))
    connection.execute(f"PRAGMA user_version={version}")
    connection.close()


def version_of(path: Path) -> int:
    connection = sqlite3.connect(str(path))
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def reopened(path: Path, steps: Mapping[int, Step]) -> Journal:
    return Journal(
        path,
        PLAN,
        clock=ticking(),
        new_id=lambda: "ID",
        actor="ana@bastion",
        connect=lambda where: connect_writer(where, steps=steps),
    )


def copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob(path.name + ".format*"))


def test_a_journal_of_a_format_without_a_way_from_it_is_refused_and_left_alone(noted: Path) -> None:
    set_version(noted, 0)
    before = noted.read_bytes()
    with pytest.raises(JournalDamagedError, match="format 0, this program writes 1 and knows no way"):
        open_journal(noted)
    assert noted.read_bytes() == before
    assert copies(noted) == []


def test_an_old_journal_is_copied_and_brought_up_in_one_transaction(noted: Path) -> None:
    set_version(noted, 0)
    steps: Mapping[int, Step] = {0: lambda connection: connection.execute("CREATE TABLE added (a)")}
    with reopened(noted, steps) as journal:
        assert journal.append(RequestNote(text="after")).seq == 11
    (copy,) = copies(noted)
    assert (version_of(noted), version_of(copy)) == (SCHEMA_VERSION, 0)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with JournalReader(copy) as old, JournalReader(noted) as new:
        assert old.verify().rows == 10
        assert new.verify().rows == 11
        assert old.events() == new.events(limit=10)


def test_a_step_that_fails_leaves_the_old_journal_as_it_was(noted: Path) -> None:
    set_version(noted, 0)

    def fails(connection: Any) -> None:
        connection.execute("CREATE TABLE half_done (a)")
        connection.execute("SELECT * FROM nowhere")

    with pytest.raises(JournalError, match="no such table: nowhere"):
        reopened(noted, {0: fails})
    assert version_of(noted) == 0
    with JournalReader(noted) as reader:
        assert reader.verify().rows == 10
    connection = sqlite3.connect(str(noted))
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half_done'").fetchone() == (
        0,
    )
    connection.close()


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_a_sqlite_that_can_damage_a_journal_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(JournalError, match=f"SQLite {'.'.join(map(str, version))} can damage"):
        require_safe_sqlite(version)
    require_safe_sqlite((3, 51, 3))


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "9p", "fuse.sshfs"])
def test_a_network_file_system_is_refused_before_anything_is_made(tmp_path: Path, kind: str) -> None:
    with pytest.raises(JournalUnwritableError, match=f"on {kind}.*use a local disk: .*--journal FILE"):
        connect_writer(tmp_path / "j.journal", kind_of=lambda _: kind)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "tmpfs", "overlay", "fuse.gocryptfs", ""])
def test_a_local_one_is_not(tmp_path: Path, kind: str) -> None:
    connect_writer(tmp_path / "j.journal", kind_of=lambda _: kind).close()


def test_the_file_system_is_that_of_the_innermost_mount(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    inner = str(tmp_path / "in ner").replace(" ", "\\040")
    mounts.write_text(
        f"22 1 0:1 / / rw - ext4 /dev/sda rw\n23 22 0:2 / {inner} rw shared:1 - nfs4 host:/export rw\n"
        f"24 22 0:3 / {inner}2 rw - tmpfs none rw\n"
    )
    monkeypatch.setattr(filesystem, "MOUNTS", mounts)
    assert filesystem.filesystem_of(tmp_path / "in ner" / "deeper") == "nfs4"
    assert filesystem.filesystem_of(tmp_path / "in ner2") == "tmpfs"
    assert filesystem.filesystem_of(tmp_path) == "ext4"
    monkeypatch.setattr(filesystem, "MOUNTS", tmp_path / "none")
    assert filesystem.filesystem_of(tmp_path) == ""


@pytest.mark.skipif(not filesystem.MOUNTS.exists(), reason="only Linux lists its mounts")
def test_the_file_system_of_a_real_folder_is_known(tmp_path: Path) -> None:
    assert filesystem.filesystem_of(tmp_path)


def test_files_that_others_may_read_are_tightened(noted: Path) -> None:
    beside = [noted, *(noted.with_name(noted.name + suffix) for suffix in (".lease", ".log"))]
    for file in beside:
        file.touch()
        file.chmod(0o644)
    with open_journal(noted) as journal:
        journal.append(RequestNote(text="x"))
        made = sorted(noted.parent.glob(noted.name + "*"))
        assert {file.name.removeprefix(noted.name) for file in made} == {"", "-shm", "-wal", ".lease", ".log"}
        assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}


@pytest.mark.parametrize(
    ("mode", "refused"), [(0o777, True), (0o1777, False), (0o755, False), (0o700, False)]
)
def test_a_folder_in_which_others_could_replace_the_journal_is_refused(
    tmp_path: Path, mode: int, refused: bool
) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(mode)
    if refused:
        with pytest.raises(JournalUnwritableError, match=r"others may write in this folder.*chmod go-w"):
            open_journal(folder / "j.journal")
        assert list(folder.iterdir()) == []
    else:
        open_journal(folder / "j.journal").close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder to a group of others")
def test_a_folder_of_a_group_of_others_is_refused_and_of_the_own_one_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o775)
    open_journal(folder / "mine.journal").close()
    os.chown(folder, -1, 12345)
    with pytest.raises(JournalUnwritableError, match="others may write"):
        open_journal(folder / "theirs.journal")


def test_a_folder_that_is_made_for_a_journal_is_the_owners_alone(tmp_path: Path) -> None:
    open_journal(tmp_path / "new" / "j.journal").close()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def jumping(hours: Iterator[float]) -> Callable[[], datetime]:
    start = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    return lambda: start + timedelta(hours=next(hours))


@pytest.mark.catalogue(
    25, "clock an hour on and back between appends", "ordered by seq, spans never negative"
)
def test_rows_are_in_order_of_seq_whatever_the_clock_says(tmp_path: Path, tally: Tally) -> None:
    for number in range(tally.count(8, 200)):
        chance = random.Random(number)
        clock = jumping(chance.choice([-1, -0.5, 0, 1]) for _ in itertools.repeat(0))
        wrong = _out_of_order(tmp_path / f"{number}.journal", clock)
        tally.note(f"seed {number}: {wrong}" if wrong else None)


def _out_of_order(path: Path, clock: Callable[[], datetime]) -> str | None:
    with Journal(path, PLAN, clock=clock, new_id=lambda: "ID", actor="a@b") as journal:
        written = [
            journal.append(payload, run="R", operation="vpc")
            for payload in (STARTED, INTENT, OUTCOME, OperationSucceeded(seconds=1.0), RequestNote(text="x"))
        ]
    with JournalReader(path) as reader:
        events, report, head, newest = (
            reader.events(after=1),
            reader.verify(),
            reader.head(),
            reader.newest(2),
        )
    vpc = fold(events).of("vpc")
    span = seconds_between(vpc.started_at, vpc.ended_at)
    if events != written or newest != written[-2:] or head.seq != 6:
        return "the order is not that of writing"
    if [entry.seq for entry in timeline(events)] != list(range(2, 7)):
        return "the timeline is out of order"
    if vpc.state is not OperationState.SUCCEEDED or span is None or span < 0:
        return f"the fold says {vpc.state}, after {span} s"
    return None if report.ok else f"row {report.first_bad}: {report.problem}"
