"""Bytes flipped in the file itself: whatever still reads as a journal is judged right, the rest is called damaged."""

import random
from pathlib import Path

from state.chain import ExpectedHead
from state.errors import JournalError
from state.reader import JournalReader
from tests.state import tampering

FLIPS = 400


def _events(path: Path) -> object:
    with JournalReader(path) as reader:
        return reader.events(), reader.meta


def test_a_flipped_byte_is_found_or_changed_nothing_that_is_read(noted: Path, tmp_path: Path) -> None:
    with JournalReader(noted) as reader:
        head = ExpectedHead(reader.head().seq, reader.head().hash)
    before = _events(noted)
    content = noted.read_bytes()
    chance = random.Random(20261120)
    found = 0
    for n in range(FLIPS):
        copy = tmp_path / f"copy-{n}.journal"
        at = chance.randrange(len(content))
        copy.write_bytes(content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :])
        try:
            with JournalReader(copy) as reader:
                sound = reader.verify(head).ok
        except JournalError:
            sound = False
        if sound:
            assert _events(copy) == before, f"byte {at} was changed and not found"
        found += not sound
        copy.unlink()
    assert found > FLIPS / 20


def test_a_flipped_byte_in_any_row_names_that_row(noted: Path, tmp_path: Path) -> None:
    content = noted.read_bytes()
    for row in tampering.rows(noted):
        at = content.index(row[1].encode())
        copy = tmp_path / "copy.journal"
        copy.write_bytes(content[:at] + b"\xff" + content[at + 1 :])
        with JournalReader(copy) as reader:
            report = reader.verify()
        assert (report.ok, report.first_bad) == (False, row[0])


def test_a_file_cut_in_the_middle_is_damaged(noted: Path) -> None:
    with noted.open("r+b") as file:
        file.truncate(noted.stat().st_size // 2)
    try:
        with JournalReader(noted) as reader:
            sound = reader.verify().ok
    except JournalError:
        sound = False
    assert not sound
