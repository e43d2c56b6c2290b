"""Catalogue 19: every flipped byte and every attack on a sealed journal is found, and the right row is named."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from state.chain import ChainReport, Row, verify_chain
from state.errors import JournalError
from state.reader import JournalReader
from state.seal_watch import Trust
from tests.conftest import Tally
from tests.state import tampering
from tests.state.seal_attacks import ATTACKS, WITHOUT_ANCHORS, Attack, Rows

SEED = 19
TARGET = "100 % found, right seq named"
Make = Callable[[Rows, random.Random], Attack]


def verified(path: Path, known: Trust | None) -> ChainReport:
    with JournalReader(path) as reader:
        return reader.verify(trust=known)


def flipped(row: tuple[object, ...], at: int, bit: int) -> Row:
    """A row with one bit of its text flipped, read as a reader reads it."""
    cells = list(row)
    for column in range(1, 10):
        if cells[column] is None:
            continue
        raw = bytearray(str(cells[column]).encode())
        if at < len(raw):
            raw[at] ^= 1 << bit
            cells[column] = raw.decode("utf-8", "surrogateescape")
            return tuple(cells)  # type: ignore[return-value]
        at -= len(raw)
    raise AssertionError("beyond the row")


def test_the_journal_has_two_hundred_rows_and_heads_by_time_and_by_run_end(sound: Path, known: Trust) -> None:
    report = verified(sound, known)
    rows = tampering.rows(sound)
    assert (report.ok, report.rows, report.signed_through) == (True, len(rows), len(rows) - 1)
    assert len(rows) >= 200
    assert {'"reason":"run_end"' in row[7] for row in rows if row[3] == "journal.head"} == {True, False}


@pytest.mark.catalogue(19, "flip every byte of the rows of a 200-row journal", TARGET)
def test_every_flipped_byte_of_a_row_is_found_at_its_row(sound: Path, known: Trust, tally: Tally) -> None:
    rows = [tuple(row) for row in tampering.rows(sound)]
    sizes = [sum(len(str(cell).encode()) for cell in row[1:] if cell is not None) for row in rows]
    places = [(index, at) for index, size in enumerate(sizes) for at in range(size)]
    step = len(places) // tally.count(len(places) // 20, len(places))
    chance = random.Random(SEED)
    for index, at in places[chance.randrange(step) :: step]:
        bit = chance.randrange(8)
        forged = [*rows[:index], flipped(rows[index], at, bit), *rows[index + 1 :]]
        report = verify_chain(forged, trust=known)  # type: ignore[arg-type]
        wrong = report.ok or report.first_bad != index + 1
        tally.note(f"row {index + 1}, byte {at}, bit {bit}: {report}" if wrong else None)


@pytest.mark.catalogue(19, "flip bytes of the SQLite file itself", "found, or nothing that is read changed")
def test_a_flipped_byte_of_the_file_is_found_or_changed_nothing(
    sound: Path, known: Trust, tally: Tally, tmp_path: Path
) -> None:
    """Judged by what a reader reads: pages' slack, free bytes and unused header fields are no part of the journal."""
    content = sound.read_bytes()
    with JournalReader(sound) as reader:
        before = (reader.events(), reader.meta)
    chance = random.Random(SEED)
    copy = tmp_path / "copy.journal"
    for _ in range(tally.count(150, 20_000)):
        at, bit = chance.randrange(len(content)), chance.randrange(8)
        copy.write_bytes(content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :])
        try:
            with JournalReader(copy) as reader:
                missed = reader.verify(trust=known).ok and (reader.events(), reader.meta) != before
        except JournalError:
            missed = False
        for beside in tmp_path.glob("copy.journal-*"):
            beside.unlink()
        tally.note(f"byte {at}, bit {bit}" if missed else None)


def judged(attack: Attack, report: ChainReport) -> str | None:
    found = (report.ok, report.flaw, report.first_bad) == (False, attack.flaw, attack.seq)
    low, high = report.suspect or (0, 0)
    named = attack.touched is None or low <= attack.touched <= high
    return None if found and named else f"expected {attack.flaw} at {attack.seq} ({attack.touched}): {report}"


def strike(make: Make, sound: Path, copy: Path, seed: str) -> Attack:
    attack = make(tampering.rows(sound), random.Random(seed))
    copy.write_bytes(sound.read_bytes())
    tampering.replace_rows(copy, attack.rows)
    return attack


@pytest.mark.catalogue(19, "delete, swap, insert, cut, rehash, unsign, reseal", TARGET)
@pytest.mark.parametrize("make", ATTACKS, ids=lambda make: make.__name__)
def test_an_attack_is_found_named_and_placed(
    make: Make, sound: Path, known: Trust, tmp_path: Path, tally: Tally
) -> None:
    copy = tmp_path / "copy.journal"
    for number in range(tally.count(6, 300)):
        seed = f"{SEED}/{make.__name__}/{number}"
        attack = strike(make, sound, copy, seed)
        problem = judged(attack, verified(copy, known))
        tally.note(problem and f"seed {seed}: {problem}")


@pytest.mark.catalogue(19, "the same without any head kept elsewhere", TARGET)
@pytest.mark.parametrize("make", WITHOUT_ANCHORS, ids=lambda make: make.__name__)
def test_most_attacks_are_found_without_anything_kept_elsewhere(
    make: Make, sound: Path, tmp_path: Path, tally: Tally
) -> None:
    copy = tmp_path / "copy.journal"
    for number in range(tally.count(3, 300)):
        seed = f"{SEED}/alone/{make.__name__}/{number}"
        attack = strike(make, sound, copy, seed)
        problem = judged(attack, verified(copy, None))
        tally.note(problem and f"seed {seed}: {problem}")
