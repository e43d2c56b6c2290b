"""Nothing is acknowledged that was not synced: as many syncs as acknowledged commits, counted twice over."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from state.journal import Journal
from state.request_events import RequestNote
from tests.conftest import Tally
from tests.state.making import PLAN, ROOT, ticking
from tests.state.power.disk import Act, Disk, DiskReserve, Told
from tests.state.power.vfs import DiskVfs

STRACE = shutil.which("strace")
WRITER = """
import sys
from collections.abc import Sequence
from pathlib import Path
from state.request_events import RequestNote
from tests.state.making import open_journal
with open_journal(Path(sys.argv[1])) as journal:
    for n in range(int(sys.argv[2])):
        journal.append(RequestNote(text=str(n)))
        print(n, flush=True)
"""


def _may_trace() -> bool:
    if STRACE is None:
        return False
    tried = subprocess.run([STRACE, "-e", "trace=fdatasync", "true"], capture_output=True, check=False)
    return tried.returncode == 0


@pytest.mark.catalogue(4, "syncs of the log per acknowledged commit", "ratio >= 1.0")
def test_every_acknowledged_commit_was_synced(tmp_path: Path, tally: Tally) -> None:
    disk = Disk()
    vfs = DiskVfs(disk)
    with Journal(
        tmp_path / "j.journal",
        PLAN,
        clock=ticking(),
        new_id=lambda: "ID",
        actor="a@b",
        connect=vfs.connect_writer,
        reserve=lambda _: DiskReserve(disk, 0),
    ) as journal:
        for n in range(tally.count(200, 2000)):
            before = len(disk.log)
            journal.append(RequestNote(text=str(n)))
            told = disk.log[before:]
            tally.note(None if _ends_in_a_sync(told) else f"append {n} was acknowledged without a sync")


def _ends_in_a_sync(told: Sequence[Told]) -> bool:
    """Whether the last that the log's file was told is to sync."""
    acts = [each.act for each in told if each.file.endswith("-wal")]
    return bool(acts) and acts[-1] is Act.SYNC


@pytest.mark.skipif(not _may_trace(), reason="no strace here, or it may not trace")
@pytest.mark.catalogue(4, "fdatasyncs per acknowledged commit, by strace", "ratio >= 1.0")
def test_the_system_saw_as_many_syncs_as_commits_were_acknowledged(tmp_path: Path, tally: Tally) -> None:
    appends = tally.count(50, 1000)
    trace = tmp_path / "trace"
    assert STRACE is not None
    done = subprocess.run(
        [
            *(STRACE, "-f", "-y", "-e", "trace=fdatasync,fsync", "-o", str(trace)),
            *(sys.executable, "-c", WRITER, str(tmp_path / "j.journal"), str(appends)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    acknowledged = len(done.stdout.splitlines())
    syncs = len(re.findall(r"sync\(\d+<[^>]*j\.journal-wal>\)\s+= 0", trace.read_text()))
    assert acknowledged == appends
    tally.note(
        None if syncs >= acknowledged else f"{syncs} syncs for {acknowledged} commits", tries=acknowledged
    )
