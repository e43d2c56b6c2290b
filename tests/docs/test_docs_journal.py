"""`docs/journal.md`: every kind and payload field is explained, and its script verifies a journal and finds a flaw."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pysqlite3.dbapi2 as sqlite3
import pytest

from state import drill_events, gate_events, operation_events, request_events, run_events
from state.database import SCHEMA
from state.events import Direction, Payload, Result
from state.kinds import Kind
from state.reader import JournalReader
from state.request_events import RequestNote
from tests.docs.reading import page, section
from tests.state import tampering
from tests.state.eventful import in_doubt, intent, outcome, resolved
from tests.state.making import open_journal, written

TEXT = page("journal.md")
ROWS = {
    match[1]: match[2]
    for match in re.finditer(r"^\| `([a-z_]+\.[a-z_]+)` \| (.+)$", section(TEXT, "Kinds"), re.MULTILINE)
}
PAYLOADS = [
    each
    for module in (drill_events, gate_events, operation_events, request_events, run_events)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Payload) and each is not Payload
]
SAME_AS = {"plan.amended": "plan.loaded", "request.rollback": "request.run", "guard.result": "check.result"}
SAME_AS["trigger.sample"] = "check.result"


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_explained(kind: Kind) -> None:
    assert kind.value in ROWS


def test_no_kind_is_explained_that_is_none() -> None:
    assert set(ROWS) == {kind.value for kind in Kind}


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.__name__)
def test_every_field_of_a_payload_is_named(payload: type[Payload]) -> None:
    kind = payload.kind.value
    shown = ROWS[kind] + ROWS.get(SAME_AS.get(kind, ""), "")
    missing = [name for name in payload.model_fields if f"`{name}`" not in shown]
    assert not missing, f"docs/journal.md does not name {', '.join(missing)} of {kind}"


def test_what_is_marked_as_not_written_yet_has_no_payload() -> None:
    reserved = {kind for kind, row in ROWS.items() if row.startswith("○")}
    assert reserved == {kind.value for kind in Kind} - {payload.kind.value for payload in PAYLOADS}


def test_the_table_is_shown_as_it_is_made() -> None:
    def bare(sql: str) -> str:
        return " ".join(re.sub(r"--.*", "", sql).split())

    shown = re.search(r"```sql\n(CREATE TABLE events.*?)```", TEXT, re.DOTALL)
    assert shown is not None
    made = SCHEMA.partition("CREATE TRIGGER")[0]
    assert bare(shown[1]) == bare(made)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    found = re.search(r"```python\n(.*?)```", section(TEXT, "Verify one"), re.DOTALL)
    assert found is not None
    file = tmp_path / "verify.py"
    file.write_text(found[1])
    return file


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return written(tmp_path / "j.journal", [RequestNote(text=f"note {n}: ☕") for n in range(2, 21)])


def run(script: Path, *arguments: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def head_file(journal: Path, folder: Path) -> Path:
    with JournalReader(journal) as reader:
        head = reader.head()
    file = folder / "head.json"
    file.write_text(json.dumps({"journal_id": head.journal_id, "seq": head.seq, "hash": head.hash}))
    return file


def test_the_script_is_about_thirty_lines(script: Path) -> None:
    assert len(script.read_text().splitlines()) <= 32


def test_the_script_finds_a_sound_journal_good(script: Path, journal: Path, tmp_path: Path) -> None:
    with JournalReader(journal) as reader:
        newest = reader.head().hash
    expected = (0, f"20 rows are good, the last is {newest}")
    assert run(script, journal) == run(script, journal, head_file(journal, tmp_path)) == expected


def test_the_script_finds_a_flipped_byte_in_the_file(script: Path, journal: Path) -> None:
    content = journal.read_bytes()
    journal.write_bytes(content.replace(b"note 7:", b"note 6:"))
    assert run(script, journal) == (1, "row 7 is bad")


def test_the_script_finds_a_cut_and_a_rewritten_tail_against_a_head(
    script: Path, journal: Path, tmp_path: Path
) -> None:
    head = head_file(journal, tmp_path)
    rows = tampering.rows(journal)
    rows[9][7] = '{"text":"nothing happened"}'
    tampering.replace_rows(journal, tampering.rehash(rows, 9))
    assert run(script, journal)[0] == 0
    assert run(script, journal, head) == (1, "row 20 is not the row of the kept head")
    tampering.replace_rows(journal, rows[:9])
    assert run(script, journal)[0] == 0
    assert run(script, journal, head) == (1, "cut: there is no row 20")


def test_the_query_finds_the_steps_in_doubt(tmp_path: Path) -> None:
    found = re.search(r"```sql\n(SELECT.*?)```", section(TEXT, "Reading it"), re.DOTALL)
    assert found is not None
    history = [
        *(intent(1), outcome(Result.APPLIED, 1)),
        *(intent(2), outcome(Result.UNKNOWN, 2), in_doubt(2), resolved(Result.APPLIED, 2)),
        *(intent(3), outcome(Result.UNKNOWN, 3)),
        intent(1, Direction.INVERSE),
    ]
    path = tmp_path / "j.journal"
    with open_journal(path) as opened:
        seqs = [opened.append(payload, operation="vpc", run="R").seq for payload in history]
    connection = sqlite3.connect(str(path))
    rows = connection.execute(found[1]).fetchall()
    connection.close()
    assert rows == [(seqs[6], "vpc", "ec2:CreateVpc"), (seqs[8], "vpc", "ec2:CreateVpc")]
