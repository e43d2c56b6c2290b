"""One journal, several processes: chains hold, nothing is lost, nobody waits long."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from state.chain import ChainReport
from state.reader import JournalReader
from state.request_events import RequestNote
from tests.state.making import ROOT, open_journal
from tests.state.outsider import first_bad

EACH = 200
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from state.request_events import RequestNote
from state.journal import Journal
from tests.state.making import PLAN
path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
with Journal(path, PLAN, clock=lambda: datetime.now(UTC), new_id=lambda: name, actor=name) as journal:
    for n in range(count):
        journal.append(RequestNote(text=str(n)))
        print(n, flush=True)
"""


def start_writer(path: Path, name: str, count: int) -> "subprocess.Popen[str]":
    """A writer that waits for a line before it opens the journal."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(*processes: "subprocess.Popen[str]") -> None:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


def finished(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=120)
    assert process.returncode == 0


def test_two_processes_make_one_chain_without_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "j.journal"
    writers = [start_writer(path, name, EACH) for name in ("one", "two")]
    go(*writers)
    for writer in writers:
        finished(writer)

    with JournalReader(path) as reader:
        events = reader.events()
        assert reader.verify() == ChainReport(True, 2 * EACH + 1)
    assert [event.seq for event in events] == list(range(1, 2 * EACH + 2))
    notes = [event for event in events if event.kind == "request.note"]
    assert Counter(event.actor for event in notes) == {"one": EACH, "two": EACH}
    for name in ("one", "two"):
        assert [event.data["text"] for event in notes if event.actor == name] == [str(n) for n in range(EACH)]
    assert first_bad(path) is None


def test_processes_that_create_a_journal_at_once_agree_on_one(tmp_path: Path) -> None:
    for round_ in range(3):
        path = tmp_path / f"{round_}.journal"
        writers = [start_writer(path, name, 3) for name in ("one", "two", "three")]
        go(*writers)
        for writer in writers:
            finished(writer)
        with JournalReader(path) as reader:
            assert reader.verify() == ChainReport(True, 10)
            assert [event.kind for event in reader.events()].count("journal.opened") == 1


def test_a_reader_sees_a_sound_beginning_at_every_moment(tmp_path: Path) -> None:
    path = tmp_path / "j.journal"
    open_journal(path).close()
    writer = start_writer(path, "one", EACH)
    assert writer.stdout is not None
    with JournalReader(path) as reader:
        go(writer)
        seen = 1
        while seen < EACH + 1:
            acknowledged = int(writer.stdout.readline())
            events = reader.events(after=seen)
            assert [event.seq for event in events] == list(range(seen + 1, seen + 1 + len(events)))
            seen += len(events)
            assert seen >= acknowledged + 2
            report = reader.verify()
            assert report.ok
            assert report.rows >= seen
    finished(writer)


@pytest.mark.parametrize("after", [1, 40, 120])
def test_what_a_killed_writer_was_told_is_written_is_there(tmp_path: Path, after: int) -> None:
    path = tmp_path / "j.journal"
    writer = start_writer(path, "one", 100_000)
    go(writer)
    assert writer.stdout is not None
    acknowledged = -1
    while acknowledged < after:
        acknowledged = int(writer.stdout.readline())
    writer.kill()
    rest, _ = writer.communicate(timeout=60)
    whole_lines = rest.split("\n")[:-1]
    acknowledged = int(whole_lines[-1]) if whole_lines else acknowledged

    with JournalReader(path) as reader:
        assert reader.verify().ok
        written = [int(event.data["text"]) for event in reader.events(after=1)]
    assert written == list(range(len(written)))
    assert written[-1] >= acknowledged
    with open_journal(path) as journal:
        assert journal.append(RequestNote(text="next")).seq == len(written) + 2


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux lists its locks")
def test_a_second_connection_of_a_process_does_not_cost_the_first_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "j.journal"

    def locks() -> list[str]:
        inode = f":{path.stat().st_ino} "
        return [line for line in Path("/proc/locks").read_text().splitlines() if inode in line]

    with open_journal(path):
        held = locks()
        open_journal(path).close()
        assert len(held) == len(locks()) == 1
