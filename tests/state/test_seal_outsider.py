"""The verifier in `docs/journal.md` is short, and finds what ours finds without any of our code."""

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.state import tampering
from tests.state.outsider import first_bad, script
from tests.state.seal_attacks import ATTACKS, WITHOUT_ANCHORS, Attack, Rows, reseal, unsign, unsign_one
from tests.state.sealing import JOURNAL_ID

BY_OURS_ALONE = (unsign, unsign_one, reseal)
"""It does not ask for heads that are not there, and knows no key but that of the first head that it meets."""


@pytest.fixture(scope="module")
def kept(sound: Path, folder: Path) -> Path:
    return folder / "anchors" / f"{JOURNAL_ID}.heads"


def test_it_has_at_most_thirty_lines_of_code() -> None:
    lines = [line for line in script().splitlines() if line.strip()]
    assert len(lines) <= 30


def test_it_says_through_which_row_a_sound_journal_is_signed(sound: Path, kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "verify.py"
    file.write_text(script())
    done = subprocess.run(
        [sys.executable, str(file), str(sound), str(kept)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    rows = tampering.rows(sound)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(
        f"{len(rows)} rows are good, the last is {rows[-1][9]}, signed to {len(rows) - 1}"
    )


@pytest.mark.parametrize("make", ATTACKS, ids=lambda make: make.__name__)
def test_it_finds_every_attack_with_the_heads_of_the_local_anchor(
    make: Callable[[Rows, random.Random], Attack], sound: Path, kept: Path, tmp_path: Path
) -> None:
    for number in range(2):
        attack = make(tampering.rows(sound), random.Random(number))
        copy = tmp_path / f"{number}.journal"
        copy.write_bytes(sound.read_bytes())
        tampering.replace_rows(copy, attack.rows)
        if make in WITHOUT_ANCHORS:
            assert first_bad(copy) is not None, number
        if make not in BY_OURS_ALONE:
            assert first_bad(copy, kept) is not None, number
