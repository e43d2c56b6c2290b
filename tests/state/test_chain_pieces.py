"""A chain that several processes walk: the same report as of one, for a sound journal and for every attack."""

import random
from itertools import pairwise
from pathlib import Path

import pytest

from state import chain_pieces, reader
from state.chain import ChainReport
from state.chain_pieces import Pieces, ends_of
from state.reader import JournalReader
from state.rows import GENESIS
from state.seal_watch import Trust
from tests.state import tampering
from tests.state.seal_attacks import ATTACKS

SEED = 20
PIECES = 3


class Here(Pieces):
    """The same pieces, looked at in this process: a hundred attacks need no hundred processes."""

    def __init__(self, path: Path, last: int, processes: int) -> None:
        self._working = []
        bounds = [last * number // processes for number in range(processes + 1)]
        self._ends = [ends_of(path, before + 1, end) for before, end in pairwise(bounds)]

    def joined(self) -> str | None:
        return chain_pieces.joined(self._ends)


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every journal counts as a long one."""
    monkeypatch.setattr(reader, "WORTH_SHARING", 1)


def both(path: Path, known: Trust | None) -> tuple[ChainReport, ChainReport]:
    with JournalReader(path) as whole:
        return whole.verify(trust=known, processes=PIECES), whole.verify(trust=known)


@pytest.mark.usefixtures("long")
def test_several_processes_find_a_sound_journal_sound_without_a_second_walk(
    sound: Path, known: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, alone = both(sound, known)
    assert together == alone
    assert together.ok
    monkeypatch.setattr(JournalReader, "_walk", lambda _: pytest.fail("it was walked once more"))
    with JournalReader(sound) as shared:
        assert shared.verify(trust=known, processes=PIECES) == alone


@pytest.mark.usefixtures("long")
def test_a_changed_row_is_named_also_when_another_process_finds_it(
    sound: Path, known: Trust, tmp_path: Path
) -> None:
    path = tmp_path / "changed.journal"
    path.write_bytes(sound.read_bytes())
    tampering.set_cell(path, 150, "actor", "eve@bastion")
    together, alone = both(path, known)
    assert together == alone
    assert (together.ok, together.first_bad) == (False, 150)


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize("make", ATTACKS, ids=lambda make: make.__name__)
def test_every_attack_is_told_as_one_process_tells_it(
    make: object, sound: Path, known: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "Pieces", Here)
    path = tmp_path / "attacked.journal"
    path.write_bytes(sound.read_bytes())
    attack = make(tampering.rows(sound), random.Random(SEED))  # type: ignore[operator]
    tampering.replace_rows(path, attack.rows)
    together, alone = both(path, known)
    assert together == alone
    assert not together.ok


@pytest.mark.parametrize("first_bad", [1, 66, 67, 132, 133, 198])
def test_a_row_that_is_gone_is_missed_wherever_pieces_meet(
    first_bad: int, sound: Path, tmp_path: Path
) -> None:
    path = tmp_path / "gap.journal"
    path.write_bytes(sound.read_bytes())
    rows = tampering.rows(sound)
    tampering.replace_rows(path, [row for row in rows if row[0] != first_bad])
    pieces = [ends_of(path, before + 1, before + 66) for before in (0, 66, 132)]
    assert chain_pieces.joined(pieces) is None


def test_pieces_of_two_histories_do_not_join(sound: Path) -> None:
    first, second = ends_of(sound, 1, 100), ends_of(sound, 101, 200)
    assert first is not None
    assert second is not None
    assert chain_pieces.joined([first, second]) == second[1]
    assert chain_pieces.joined([first, (GENESIS, second[1])]) is None
    assert chain_pieces.joined([second]) is None
    assert chain_pieces.joined([None, second]) is None
    assert chain_pieces.joined([]) is None
