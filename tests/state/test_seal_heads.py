"""Signed heads: when they are written, what they sign, which key signs, and what a journal without them is worth."""

import multiprocessing
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from state.chain import ChainReport
from state.chain_flaws import Flaw
from state.events import Event
from state.journal import Journal
from state.kinds import Kind
from state.reader import JournalReader
from state.request_events import RequestNote
from state.seal_cadence import Cadence, DueAfter
from state.seal_keys import KEY_FILE, SealKeyError, load_signer, read_public_key
from state.seal_watch import Trust
from state.sealer import SealParts
from state.seals import fingerprint, read_head
from tests.state import tampering
from tests.state.making import PLAN, open_journal, ticking
from tests.state.sealing import FINISHED, JOURNAL_ID, Moving, open_sealed, parts, signer, trust


def heads(path: Path) -> list[Event]:
    with JournalReader(path) as reader:
        return [event for event in reader.events() if event.kind == Kind.JOURNAL_HEAD]


def verify(path: Path, known: Trust | None = None) -> ChainReport:
    with JournalReader(path) as reader:
        return reader.verify(trust=known)


def note(journal: Journal, run: str | None = None) -> Event:
    return journal.append(RequestNote(text="n"), run=run)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "j.journal"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


def test_every_hundred_rows_are_followed_by_a_head_that_signs_the_last_of_them(
    path: Path, folder: Path
) -> None:
    with open_sealed(path, folder, clock=Moving()) as journal:
        for _ in range(250):
            note(journal)
    found = heads(path)
    assert [head.seq for head in found] == [101, 202]
    for head, before in zip(found, (None, 101), strict=True):
        signed = read_head(head.data)
        assert signed is not None
        assert signed.is_genuine()
        assert (signed.journal_id, signed.seq, signed.hash) == (JOURNAL_ID, head.seq - 1, head.prev)
        assert (signed.previous, head.data["reason"]) == (before, "count")
    assert verify(path, trust(folder)) == ChainReport(
        True, 253, signed_through=201, heads=2, key=signer().public_key
    )


def test_a_run_is_sealed_by_time_at_its_next_event_and_at_its_end(path: Path, folder: Path) -> None:
    clock = Moving()
    with open_sealed(path, folder, clock=clock) as journal:
        clock.on(59)
        note(journal, "R")
        clock.on(1)
        note(journal)
        assert not heads(path)
        note(journal, "R")
        clock.on(59.9)
        note(journal, "R")
        journal.append(FINISHED, run="R")
    assert [(head.seq, head.data["reason"], head.run) for head in heads(path)] == [
        (5, "time", "R"),
        (8, "run_end", "R"),
    ]


def test_a_run_that_bakes_is_sealed_though_nothing_happens(path: Path, folder: Path) -> None:
    clock = Moving()
    with open_sealed(path, folder, clock=clock) as journal:
        note(journal, "R")
        for _ in range(60 * 60 // 5):
            clock.on(5)
            journal.seal_when_due("R")
    found = heads(path)
    assert len(found) == 60
    assert {(head.data["reason"], head.run) for head in found} == {("time", "R")}
    assert verify(path, trust(folder)).ok


def test_a_clock_set_back_does_not_put_a_head_off(path: Path, folder: Path) -> None:
    clock = Moving()
    with open_sealed(path, folder, clock=clock) as journal:
        note(journal, "R")
        clock.on(-3600)
        note(journal, "R")
    assert [head.data["reason"] for head in heads(path)] == ["time"]


def test_a_head_and_the_row_that_it_signs_are_there_together_or_not_at_all(path: Path, folder: Path) -> None:
    def broken() -> None:
        raise RuntimeError("in the middle")

    with open_sealed(path, folder) as journal:
        journal._sealer._parts = replace(journal._sealer._parts, signer=broken)  # type: ignore[union-attr,arg-type]
        with pytest.raises(RuntimeError):
            journal.append(FINISHED, run="R")
        journal._sealer._parts = parts(folder)  # type: ignore[union-attr]
        journal.append(FINISHED, run="R")
    assert [row[3] for row in tampering.rows(path)] == ["journal.opened", "run.finished", "journal.head"]


def _write_notes(path: Path, folder: Path, count: int) -> None:
    with open_sealed(path, folder) as journal:
        for _ in range(count):
            note(journal)


def test_two_processes_seal_one_journal_between_them_and_no_head_twice(path: Path, folder: Path) -> None:
    open_sealed(path, folder).close()
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_notes, args=(path, folder, 150)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert [head.seq for head in heads(path)] == [101, 202, 303]
    assert verify(path, trust(folder)).ok


def test_without_a_key_nothing_stops_and_it_is_said_once(path: Path, folder: Path) -> None:
    said: list[str] = []

    def no_key() -> None:
        raise SealKeyError("no key")

    seal = SealParts(no_key, say=said.append)  # type: ignore[arg-type]
    with Journal(path, PLAN, clock=ticking(), new_id=lambda: "J", actor="a@b", seal=seal) as journal:
        for _ in range(250):
            note(journal, "R")
    assert said == ["no key"]
    assert verify(path) == ChainReport(True, 251)


def test_a_journal_of_an_older_build_verifies_as_unsigned_and_can_go_on_signed(
    path: Path, folder: Path
) -> None:
    with open_journal(path) as journal:
        for _ in range(300):
            note(journal, "R")
        journal.append(FINISHED, run="R")
    assert verify(path) == ChainReport(True, 302)
    with open_sealed(path, folder) as journal:
        note(journal)
    assert (verify(path).ok, verify(path).signed_through) == (True, 303)


def test_a_pinned_key_does_not_believe_a_journal_without_heads(path: Path) -> None:
    pinned = Trust(keys=frozenset({signer().public_key}), pinned=True)
    with open_journal(path) as journal:
        note(journal)
        assert verify(path, pinned).ok
        journal.append(FINISHED, run="R")
        note(journal)
    report = verify(path, pinned)
    assert (report.flaw, report.first_bad) == (Flaw.UNSIGNED, 4)


def test_rows_written_on_without_heads_are_stale(path: Path, folder: Path) -> None:
    with open_sealed(path, folder) as journal:
        journal.append(FINISHED, run="R")
    with open_journal(path) as journal:
        for _ in range(100):
            note(journal)
        assert verify(path).first_bad == 104
        note(journal)
    report = verify(path)
    assert (report.flaw, report.first_bad) == (Flaw.STALE, 104)


def test_an_older_copy_that_was_written_on_is_rewritten(path: Path, folder: Path) -> None:
    with open_sealed(path, folder) as journal:
        journal.append(FINISHED, run="R")
        older = path.read_bytes(), path.with_name("j.journal-wal").read_bytes()
        journal.append(FINISHED, run="S")
    path.write_bytes(older[0])
    path.with_name("j.journal-wal").write_bytes(older[1])
    known = trust(folder)
    with open_sealed(path, folder) as journal:
        note(journal)
        journal.append(FINISHED, run="T")
    report = verify(path, known)
    assert (report.flaw, report.first_bad) == (Flaw.REWRITTEN, 4)


def test_a_head_of_another_journal_of_the_same_key_is_forged(path: Path, folder: Path) -> None:
    with open_sealed(path, folder) as journal:
        journal.append(FINISHED, run="R")
    rows = tampering.rows(path)
    rows[0][7] = rows[0][7].replace(JOURNAL_ID, "01JD0000000000000000000009")
    tampering.replace_rows(path, tampering.rehash(rows))
    report = verify(path)
    assert (report.flaw, report.first_bad) == (Flaw.FORGED, 3)


@pytest.mark.parametrize("data", ["{}", "[]", '{"seq":true}', '{"at":"soon"}', '{"public_key":7}'])
def test_a_head_that_is_none_is_forged_and_no_crash(path: Path, folder: Path, data: str) -> None:
    with open_sealed(path, folder) as journal:
        journal.append(FINISHED, run="R")
    rows = tampering.rows(path)
    rows[2][7] = data
    tampering.replace_rows(path, tampering.rehash(rows, 2))
    report = verify(path, trust(folder))
    assert (report.flaw, report.first_bad) == (Flaw.FORGED, 3)


def test_a_time_at_the_end_of_time_is_no_time() -> None:
    with pytest.raises(ValueError, match="no time"):
        DueAfter(0, "9999-12-31T23:59:59.000000Z", Cadence())


def test_the_key_is_made_once_for_its_owner_alone_and_its_public_half_is_published(tmp_path: Path) -> None:
    keys, published = tmp_path / "keys", tmp_path / "anchors"
    first, again = load_signer(keys, published), load_signer(keys, published)
    assert first.public_key == again.public_key
    assert stat.S_IMODE((keys / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert [file.name for file in keys.iterdir()] == [KEY_FILE]
    assert read_public_key(published / f"{fingerprint(first.public_key)}.pub") == first.public_key


def test_a_public_key_may_be_given_as_hex(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(signer().public_key + "\n")
    assert read_public_key(file) == signer().public_key
    file.write_text("no key")
    with pytest.raises(SealKeyError, match="not a public key"):
        read_public_key(file)


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    load_signer(tmp_path, tmp_path)
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(SealKeyError, match="others can read"):
        load_signer(tmp_path, tmp_path)


def test_the_private_key_is_in_no_journal(path: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    seal = SealParts(lambda: load_signer(keys, tmp_path))
    with Journal(path, PLAN, clock=ticking(), new_id=lambda: "J", actor="a@b", seal=seal) as journal:
        journal.append(FINISHED, run="R")
    secret = (keys / KEY_FILE).read_text().splitlines()[1]
    content = b"".join(file.read_bytes() for file in tmp_path.glob("j.journal*"))
    assert len(heads(path)) == 1
    assert secret.encode() not in content
