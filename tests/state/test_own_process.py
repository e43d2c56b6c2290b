"""Other processes of this program are of this program, wherever it is started."""

import subprocess
from pathlib import Path

from state.own_process import own_process


def test_a_file_named_as_a_package_of_ours_in_the_current_folder_is_not_carried_out(tmp_path: Path) -> None:
    for name in ("console", "operations", "screens", "state", "json", "yaml"):
        (tmp_path / f"{name}.py").write_text('raise SystemExit("a stranger was carried out")\n')
    command = own_process("state.chain_pieces", "no.journal", "1", "2")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "null", "")
