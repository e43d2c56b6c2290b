"""The lease: one runner for a journal, none left behind by a runner that was killed, and none that acts after its loss."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from state.boot import HostIdentity, boot_clock, this_host
from state.errors import JournalUnwritableError, LeaseHeldError, LeaseLostError
from state.lease import Lease, Standing, held_by, is_held, lease_path, standing
from state.lease_record import LIFE_SECONDS, SIZE, LeaseRecord, Owner
from tests.conftest import Tally
from tests.state.making import ROOT

ME = replace(Owner.here("2026-11-20T03:00:00.000000Z"), pid=4242)
STRANGER = Owner(77, "elsewhere", "another machine", "another boot", "2026-11-20T02:00:00.000000Z")
HOLDER = """
import os, subprocess, sys
from pathlib import Path
from state.lease import Lease
from state.lease_record import Owner
life = float(sys.argv[2])
lease = Lease.take(Path(sys.argv[1]), Owner.here("2026-11-20T02:00:00.000000Z"), life=life)
if len(sys.argv) > 3:
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], close_fds=False)
print(lease.record.number, flush=True)
sys.stdin.readline()
try:
    lease.check()
    print("ours", flush=True)
except Exception as error:
    print(type(error).__name__, error, flush=True)
lease.release()
print("released", flush=True)
sys.stdin.readline()
"""
Process = subprocess.Popen[str]


class Clock:
    """A boot clock that a test moves."""

    def __init__(self) -> None:
        self.now = boot_clock()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "j.journal"


@pytest.fixture
def holder(journal: Path) -> Iterator[Process]:
    """Another process that has the lease."""
    process = hold(journal)
    yield process
    process.kill()
    process.communicate(timeout=30)


def hold(journal: Path, *, life: float = LIFE_SECONDS, child: bool = False) -> Process:
    command = [sys.executable, "-c", HOLDER, str(journal), str(life), *(["with a child"] if child else [])]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert int(process.stdout.readline()) > 0
    return process


def say(process: Process) -> str:
    """Have the holder look at its lease and give it back; what it found."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    found = process.stdout.readline().strip()
    assert process.stdout.readline() == "released\n"
    return found


def left_by(journal: Path, owner: Owner, **fields: object) -> LeaseRecord:
    """A lease file as a process of another host or boot left it."""
    record = LeaseRecord(**{"number": 7, "owner": owner, "beat": 5.0, **fields})  # type: ignore[arg-type]
    lease_path(journal).write_bytes(record.encoded())
    return record


def test_a_second_process_is_refused_and_told_who_has_it(journal: Path, holder: Process) -> None:
    assert is_held(journal)
    with pytest.raises(LeaseHeldError) as caught:
        Lease.take(journal, ME)
    assert str(caught.value) == held_by(journal)
    assert str(caught.value) == (
        f"{journal}: runner {holder.pid} on {this_host().name} since 2026-11-20T02:00:00.000000Z has this journal;"
        " follow it with `cutover attach`"
    )


def test_a_lease_that_is_given_back_can_be_taken_and_gets_the_next_number(
    journal: Path, holder: Process
) -> None:
    assert say(holder) == "ours"
    assert not is_held(journal)
    lease = Lease.take(journal, ME)
    assert (lease.record.number, lease.took_over) == (2, None)
    lease.release()


def test_a_killed_holder_is_taken_over_by_itself_and_the_lease_says_from_whom(
    journal: Path, holder: Process
) -> None:
    holder.kill()
    holder.wait(timeout=30)
    assert not is_held(journal)
    lease = Lease.take(journal, ME)
    assert is_held(journal)
    assert lease.took_over is not None
    assert (lease.took_over.why, lease.took_over.record.number) == (Standing.ENDED, 1)
    assert lease.took_over.record.owner.pid == holder.pid
    assert lease.record.number == 2
    lease.release()


@pytest.mark.catalogue(14, "lock holder killed with a child alive", "next owner in <= 1 s")
def test_a_child_of_a_killed_holder_does_not_keep_it(journal: Path, tally: Tally) -> None:
    for _ in range(tally.count(2, 50)):
        process = hold(journal, child=True)
        process.kill()
        process.wait(timeout=30)
        began = boot_clock()
        try:
            Lease.take(journal, ME).release()
            took = boot_clock() - began
            tally.note(f"it took {took:.2f} s" if tally.whole and took > 1.0 else None)
        except LeaseHeldError as error:
            tally.note(str(error))
        finally:
            process.communicate(timeout=30)


def test_nobody_holds_a_journal_that_never_had_a_runner(journal: Path) -> None:
    assert not is_held(journal)
    assert not lease_path(journal).exists()


def test_the_lease_lies_beside_the_journal_for_the_owner_alone(journal: Path) -> None:
    lease = Lease.take(journal, ME)
    assert lease.path == lease_path(journal) == journal.with_name("j.journal.lease")
    assert lease.path.stat().st_mode & 0o777 == 0o600
    assert lease.path.stat().st_size == SIZE
    lease.release()


@pytest.mark.parametrize("content", ["", "no JSON", "[]", '{"pid": 1}'])
def test_a_lease_without_a_readable_owner_is_somebodys_all_the_same(journal: Path, content: str) -> None:
    lease = Lease.take(journal, ME)
    lease.path.write_text(content)
    assert "another runner has this journal" in held_by(journal)
    with pytest.raises(LeaseHeldError, match="another runner"):
        Lease.take(journal, ME)
    with pytest.raises(LeaseLostError, match="changed by something else"):
        lease.check()
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
        for _ in range(200):
            Lease.take(journal, ME).release()
    finally:
        over.set()
        for console in consoles:
            console.join()
    assert not is_held(journal)


def test_the_number_grows_also_when_the_file_was_deleted(journal: Path) -> None:
    Lease.take(journal, ME).release()
    lease_path(journal).unlink()
    lease = Lease.take(journal, ME, above=41)
    assert lease.record.number == 42
    lease.release()
    again = Lease.take(journal, ME)
    assert again.record.number == 43
    again.release()


# another host, another boot


def test_another_hosts_lease_is_refused_with_how_to_take_it_over(journal: Path) -> None:
    left_by(journal, STRANGER)
    assert is_held(journal)
    with pytest.raises(LeaseHeldError) as caught:
        Lease.take(journal, ME)
    assert str(caught.value) == (
        f"{journal}: runner 77 on elsewhere since 2026-11-20T02:00:00.000000Z may have this journal, which cannot be"
        " seen from here; make sure there that it has ended, then `cutover resume PLAN --take-over 7`"
    )
    with pytest.raises(LeaseHeldError, match="--take-over 7"):
        Lease.take(journal, ME, take_over=6)
    lease = Lease.take(journal, ME, take_over=7)
    assert lease.record.number == 8
    assert lease.took_over is not None
    assert lease.took_over.why is Standing.FOREIGN
    lease.release()


def test_what_another_host_gave_back_is_anybodys(journal: Path) -> None:
    left_by(journal, STRANGER, released=True)
    assert not is_held(journal)
    lease = Lease.take(journal, ME)
    assert (lease.record.number, lease.took_over) == (8, None)
    lease.release()


def test_an_earlier_boot_of_this_host_is_taken_over_by_itself(journal: Path) -> None:
    left_by(journal, replace(ME, boot="the boot before"))
    assert not is_held(journal)
    lease = Lease.take(journal, ME)
    assert lease.took_over is not None
    assert lease.took_over.why is Standing.RESTARTED
    lease.release()


HERE = HostIdentity("bastion", "m1", "b2")


@pytest.mark.parametrize(
    ("owner", "locked", "expected"),
    [
        (HERE, True, Standing.HELD),
        (HERE, False, Standing.ENDED),
        (HostIdentity("bastion", "m1", "b1"), False, Standing.RESTARTED),
        (HostIdentity("bastion", "m1", "b1"), True, Standing.HELD),
        (HostIdentity("bastion", "m2", "b1"), False, Standing.FOREIGN),
        (HostIdentity("other", "m1", "b1"), False, Standing.FOREIGN),
        (HostIdentity("a container", "", "b2"), False, Standing.ENDED),
        (HostIdentity("bastion", "m1", ""), False, Standing.FOREIGN),
    ],
)
def test_who_can_be_judged_from_here(owner: HostIdentity, locked: bool, expected: Standing) -> None:
    record = LeaseRecord(1, Owner(1, owner.name, owner.machine, owner.boot, "then"), beat=100.0)
    assert standing(record, locked=locked, here=HERE, now=101.0) is expected


# heartbeats


def test_a_lease_outlives_its_life_as_long_as_it_beats(journal: Path) -> None:
    clock = Clock()
    lease = Lease.take(journal, ME, life=60, clock=clock)
    for _ in range(10):
        clock.now += 59
        lease.beat()
    lease.check()
    lease.release()


def test_a_lease_without_a_heartbeat_is_lost_for_good_also_when_nobody_took_it(journal: Path) -> None:
    clock = Clock()
    lease = Lease.take(journal, ME, life=60, clock=clock)
    clock.now += 61
    for look in (lease.check, lease.beat, lease.check):
        with pytest.raises(LeaseLostError, match="stood still for 61 s, its lease lasts 60 s"):
            look()
    clock.now -= 61
    with pytest.raises(LeaseLostError):
        lease.check()
    lease.release()
    assert not is_held(journal)


def test_a_wall_clock_that_is_set_changes_nothing(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lease = Lease.take(journal, ME, life=60)
    for hours in (1, -1):
        moved = time.time() + hours * 3600
        monkeypatch.setattr("time.time", lambda moved=moved: moved)
        lease.check()
        lease.beat()
        assert "was not heard of" not in held_by(journal)
    lease.release()


def test_a_deleted_lease_file_is_a_lost_lease(journal: Path) -> None:
    lease = Lease.take(journal, ME)
    lease.path.unlink()
    with pytest.raises(LeaseLostError, match="cannot be looked at"):
        lease.check()
    lease.release()


def test_a_stopped_holder_is_taken_over_by_hand_alone_and_sees_it(journal: Path) -> None:
    holder = hold(journal, life=0.05)
    try:
        holder.send_signal(signal.SIGSTOP)
        waiting = threading.Event()
        while "was not heard of" not in held_by(journal):
            waiting.wait(0.01)
        with pytest.raises(LeaseHeldError, match=rf"kill {holder.pid}\).*--take-over 1"):
            Lease.take(journal, ME)
        lease = Lease.take(journal, ME, take_over=1)
        assert lease.record.number == 2
        assert lease.took_over is not None
        assert lease.took_over.why is Standing.SILENT
        holder.send_signal(signal.SIGCONT)
        assert say(holder).startswith("LeaseLostError")
        assert is_held(journal), "what the one who lost it gives back is not the new owner's"
        lease.check()
        lease.release()
    finally:
        holder.kill()
        holder.communicate(timeout=30)


def test_a_runner_at_work_is_not_taken_over_by_force(journal: Path, holder: Process) -> None:
    with pytest.raises(LeaseHeldError, match="cutover attach"):
        Lease.take(journal, ME, take_over=1)
    assert say(holder) == "ours"


# catalogue 12, the claims

CLAIMER = """
import os, sys
from pathlib import Path
from state.errors import LeaseHeldError
from state.lease import Lease
from state.lease_record import Owner
journal, wins, tries = Path(sys.argv[1]), [], 0
me = Owner.here("now")
print("ready", flush=True)
sys.stdin.readline()
while tries < int(sys.argv[2]):
    tries += 1
    try:
        lease = Lease.take(journal, me)
    except LeaseHeldError:
        continue
    inside = os.open(sys.argv[1] + ".inside", os.O_CREAT | os.O_EXCL)
    lease.check()
    wins.append(lease.record.number)
    os.close(inside)
    os.unlink(sys.argv[1] + ".inside")
    lease.release()
print(wins, flush=True)
"""


@pytest.mark.catalogue(12, "two processes claim the lease", "one at a time, every number once")
def test_two_that_claim_never_have_it_together(journal: Path, tally: Tally) -> None:
    claims = tally.count(300, 10_000)
    command = [sys.executable, "-c", CLAIMER, str(journal), str(claims)]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=600)[0] for process in both]
    assert all(process.returncode == 0 for process in both), said
    won = [json.loads(each) for each in said]
    tally.note(None if all(won) else "one of them never won", tries=2 * claims)
    numbers = [number for each in won for number in each]
    tally.note(None if len(numbers) == len(set(numbers)) else "a number was given twice", tries=0)
    tally.note(None if all(each == sorted(each) for each in won) else "a number went back", tries=0)
    last = LeaseRecord.decoded(lease_path(journal).read_bytes())
    assert last is not None
    assert last.number == max(numbers)
