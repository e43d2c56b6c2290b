"""The lease: one runner for a journal, and none left behind by a runner that was killed."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from state.errors import JournalUnwritableError, LeaseHeldError
from state.lease import Holder, Lease, held_by, is_held, lease_path
from tests.state.making import ROOT

ME = Holder(4242, "bastion", "2026-11-20T03:00:00.000000Z")
HOLDER = """
import os, subprocess, sys
from pathlib import Path
from state.lease import Holder, Lease
lease = Lease.take(Path(sys.argv[1]), Holder(os.getpid(), "elsewhere", "2026-11-20T02:00:00.000000Z"))
if len(sys.argv) > 2:
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
print(os.getpid(), flush=True)
sys.stdin.readline()
lease.release()
print("released", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "j.journal"


@pytest.fixture
def holder(journal: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the lease."""
    yield from _holder(journal)


@pytest.fixture
def holder_with_child(journal: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the lease and a child that outlives it."""
    yield from _holder(journal, "with a child")


def _holder(journal: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(journal), *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert int(process.stdout.readline()) == process.pid
    yield process
    process.kill()
    process.communicate(timeout=30)


def test_a_second_process_is_refused_and_told_who_has_it(
    journal: Path, holder: "subprocess.Popen[str]"
) -> None:
    assert is_held(journal)
    with pytest.raises(LeaseHeldError) as caught:
        Lease.take(journal, ME)
    assert str(caught.value) == (
        f"{journal}: runner {holder.pid} on elsewhere since 2026-11-20T02:00:00.000000Z has this journal;"
        " follow it with `cutover attach`"
    )


def test_a_lease_that_is_given_back_can_be_taken(journal: Path, holder: "subprocess.Popen[str]") -> None:
    assert holder.stdin is not None
    assert holder.stdout is not None
    holder.stdin.write("\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == "released\n"
    assert not is_held(journal)
    Lease.take(journal, ME).release()


def test_a_killed_holder_leaves_no_lease_behind(journal: Path, holder: "subprocess.Popen[str]") -> None:
    holder.kill()
    holder.wait(timeout=30)
    assert not is_held(journal)
    lease = Lease.take(journal, ME)
    assert is_held(journal)
    assert held_by(journal).startswith(f"{journal}: runner 4242 on bastion since 2026-11-20T03")
    lease.release()


def test_a_child_of_a_killed_holder_does_not_keep_it(
    journal: Path, holder_with_child: "subprocess.Popen[str]"
) -> None:
    holder_with_child.kill()
    holder_with_child.wait(timeout=30)
    Lease.take(journal, ME).release()


def test_nobody_holds_a_journal_that_never_had_a_runner(journal: Path) -> None:
    assert not is_held(journal)
    assert not lease_path(journal).exists()


def test_the_lease_lies_beside_the_journal_for_the_owner_alone(journal: Path) -> None:
    lease = Lease.take(journal, ME)
    assert lease.path == lease_path(journal) == journal.with_name("j.journal.lease")
    assert lease.path.stat().st_mode & 0o777 == 0o600
    lease.release()


@pytest.mark.parametrize("content", ["", "no JSON", "[]", '{"pid": 1}'])
def test_a_lease_without_a_readable_holder_is_somebodys_all_the_same(journal: Path, content: str) -> None:
    lease = Lease.take(journal, ME)
    lease.path.write_text(content)
    assert "another runner has this journal" in held_by(journal)
    with pytest.raises(LeaseHeldError, match="another runner"):
        Lease.take(journal, ME)
    lease.release()


def test_a_lease_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(JournalUnwritableError, match="the lease cannot be written"):
        Lease.take(tmp_path / "file" / "j.journal", ME)


def test_consoles_that_look_whether_it_is_held_turn_no_runner_away(journal: Path) -> None:
    Lease.take(journal, ME).release()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            is_held(journal)

    consoles = [threading.Thread(target=look) for _ in range(3)]
    for console in consoles:
        console.start()
    try:
        for _ in range(300):
            Lease.take(journal, ME).release()
    finally:
        over.set()
        for console in consoles:
            console.join()
    assert not is_held(journal)
