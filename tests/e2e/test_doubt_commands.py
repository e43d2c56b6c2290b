"""An operation in doubt through the real command: looked at, answered, signed, and gone on with."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from operations.drill.faults.remote import RemoteFaults
from operations.drill.faults.script import FaultKind, Rule
from state.answers import is_genuine
from state.reader import JournalReader
from tests.e2e.conftest import PLANS, Cutover, ServedSandbox

MESSAGE = str(PLANS / "message.yaml")


@pytest.mark.xdist_group("doubt")
def test_a_person_sees_the_evidence_and_settles_by_a_signed_answer(
    cutover: Cutover, sandbox: ServedSandbox, tmp_path: Path
) -> None:
    faults, on = RemoteFaults(sandbox.url), f"--sandbox={sandbox.url}"
    faults.script(Rule(FaultKind.REPLY_LOST, api="sns:Publish"))
    assert cutover("run", MESSAGE, "--all", "--yes", on).code == 3

    looked = cutover("resolve", MESSAGE, "message", on)
    assert looked.code == 3
    assert "in doubt: step 1 of message, sns:Publish" in looked.out
    assert "verify: sns:GetTopicAttributes: pass" in looked.out
    assert "proposal: none; the reads do not tell" in looked.out

    missing = cutover("resolve", MESSAGE, "message", "--as", "done", "--reason", "it came")
    assert missing.code == 2
    assert "--save message_id=" in missing.err
    answer = ("--as", "done", "--reason", "it came", "--save", "message_id=m-1")
    assert cutover("resolve", MESSAGE, "message", *answer).code == 0
    assert cutover("resume", MESSAGE, "--yes", on).code == 0
    assert [entry.api for entry in faults.wire() if entry.api == "sns:Publish"] == ["sns:Publish"]

    with JournalReader(cutover.journal) as reader:
        resolved = reader.newest(1, kind="operation.resolved")[0]
    with sqlite3.connect(cutover.journal) as connection:
        (journal_id,) = connection.execute("SELECT value FROM meta WHERE key = 'journal_id'").fetchone()
    assert is_genuine(journal_id, "message", resolved.data)
    assert not is_genuine(journal_id, "message", {**resolved.data, "reason": "it did not come"})
