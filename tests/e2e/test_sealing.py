"""A run leaves a signed journal, and `journal verify` says through which row; then somebody tampers with it."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

from console.exit_codes import ExitCode
from tests.e2e.conftest import Cutover
from tests.state import tampering


def test_a_run_is_signed_and_anchored_and_what_is_cut_or_forged_afterwards_is_found(
    cutover: Cutover, small: str, tmp_path: Path
) -> None:
    assert cutover("run", small, "network", "--yes", "--sandbox").code == 0
    journal = cutover.journal
    state = cutover.home / "state" / "cutover"
    rows = tampering.rows(journal)
    (signed,) = [row[0] - 1 for row in rows if row[3] == "journal.head"]

    sound = cutover("journal", "verify", "--format", "json")
    assert sound.code == 0, sound.err
    found = sound.json
    assert (found["ok"], found["rows"], found["first_bad"], found["problem"]) == (True, len(rows), None, None)
    assert found["signed_through"] == found["anchored_through"] == signed
    head = cutover("journal", "head", "--format", "json").json
    assert (head["seq"], head["hash"], head["signed_through"]) == (len(rows), rows[-1][9], signed)
    assert head["signed"]["signature"]
    assert stat.S_IMODE((state / "keys" / "signing.key").stat().st_mode) == 0o600

    tampering.replace_rows(journal, tampering.rehash([*rows[: signed - 2], *rows[signed:]], signed - 2))
    forged = cutover("journal", "verify", "--format", "json")
    assert (forged.code, forged.json["ok"], forged.json["flaw"]) == (ExitCode.DAMAGED, False, "gap")
    tampering.replace_rows(journal, rows[: signed - 1])
    cut = cutover("journal", "verify")
    assert (cut.code, "cut: the kept head names row" in cut.out) == (ExitCode.DAMAGED, True)

    kept = tmp_path / "anchor"
    shutil.move(state / "anchors", kept)
    (key,) = kept.glob("*.pub")
    alone = cutover("journal", "verify")
    assert alone.code == 0
    assert "nothing in it is signed" in alone.out
    (lines,) = kept.glob("*.heads")
    assert cutover("journal", "verify", "--head", str(lines)).code == ExitCode.DAMAGED
    tampering.replace_rows(journal, rows)
    assert cutover("journal", "verify", "--head", str(lines), "--key", str(key)).code == 0
