"""What goes wrong is said in one clear line with the contract's exit code; nothing is lost, no traceback."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Cutover, Result, ServedSandbox


def one_line(result: Result, code: int, *words: str) -> None:
    """The command ended with that code and one line on stderr that holds these words."""
    lines = [line for line in result.err.splitlines() if line.strip()]
    assert result.code == code, result.err
    assert len(lines) == 1, result.err
    assert lines[0].startswith("error: ")
    assert "Traceback" not in result.err
    for word in words:
        assert word in lines[0]


def _plan(tmp_path: Path, small: str, old: str, new: str) -> str:
    text = Path(small).read_text()
    assert old in text
    changed = tmp_path / "changed.yaml"
    changed.write_text(text.replace(old, new, 1))
    return str(changed)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (
            "depends_on: [network]",
            "depend_on: [network]",
            28,
            ("unknown key `depend_on`", "did you mean `depends_on`?"),
        ),
        ("plan: small", "plan: &a small", 1, ("anchors are not allowed",)),
        ("title: A small plan", "title: {", 4, ("not YAML",)),
        ("id: setting", "id: network", 25, ("already at",)),
        ("kind: cutover", "kind: catering", 40, ("kind",)),
        ("region: us-east-1", "region: us-nowhere-9", 4, ("no region `us-nowhere-9`",)),
    ],
)
def test_a_bad_plan(
    cutover: Cutover, tmp_path: Path, small: str, old: str, new: str, line: int, words: tuple[str, ...]
) -> None:
    plan = _plan(tmp_path, small, old, new)
    one_line(
        cutover("run", plan, "--all", "--yes", "--sandbox=http://127.0.0.1:9"),
        2,
        f"changed.yaml:{line}",
        *words,
    )


def test_a_call_that_aws_would_not_take_is_found_before_anything_runs(
    cutover: Cutover, tmp_path: Path, small: str, sandbox: ServedSandbox
) -> None:
    plan = _plan(
        tmp_path,
        small,
        "Name: /small/farewell, Value: gone, Type: String",
        "Name: /small/farewell, Value: gone, Typ: String",
    )
    refused = cutover("run", plan, "network", "--yes", f"--sandbox={sandbox.url}")
    one_line(refused, 2, "changed.yaml:", "Typ", "cutover check")
    assert not list((cutover.home / "state").rglob("*.journal"))


def test_operations_that_wait_for_each_other(cutover: Cutover, tmp_path: Path, small: str) -> None:
    plan = _plan(
        tmp_path,
        small,
        "          - id: network\n",
        "          - id: network\n            depends_on: [setting]\n",
    )
    one_line(cutover("status", plan), 2, "network → setting → network")


def test_no_plan_and_no_command(cutover: Cutover) -> None:
    one_line(cutover("nosuch.yaml"), 2, "nosuch.yaml")
    one_line(cutover("statu", "reference"), 2, "did you mean `status`?")
    one_line(cutover("run", "reference", "--no-such-option"), 2, "--no-such-option")


def test_an_unknown_operation(cutover: Cutover, small: str) -> None:
    one_line(
        cutover("run", small, "netwrok", "--yes", "--sandbox=http://127.0.0.1:9"),
        2,
        "netwrok",
        "did you mean `network`?",
    )
    one_line(cutover("run", small, "--phase", "7", "--yes", "--sandbox=http://127.0.0.1:9"), 2, "phase `7`")


def test_missing_credentials(cutover: Cutover, small: str) -> None:
    one_line(cutover("run", small, "network", "--yes"), 4, "no usable AWS credentials")
    assert not (cutover.home / "state" / "cutover" / "small.journal").exists()


def test_no_such_region(cutover: Cutover, small: str) -> None:
    one_line(
        cutover("run", small, "network", "--yes", AWS_REGION="us-esat-1"),
        2,
        "no region `us-esat-1`",
        "did you mean",
    )
    one_line(
        cutover("run", small, "network", "--yes", AWS_REGION="eu-west-1"),
        4,
        "the plan may touch only us-east-1",
    )


def test_another_account(cutover: Cutover, small: str, tmp_path: Path, sandbox: ServedSandbox) -> None:
    plan = _plan(tmp_path, small, '"123456789012"', '"210987654321"')
    one_line(
        cutover("run", plan, "network", "--yes", f"--sandbox={sandbox.url}"),
        4,
        "123456789012",
        "210987654321",
    )


def test_a_port_that_is_taken(cutover: Cutover) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one_line(cutover("sandbox", "--port", str(port)), 2, str(port))


def test_a_journal_that_cannot_be_written(
    cutover: Cutover, small: str, tmp_path: Path, sandbox: ServedSandbox
) -> None:
    (tmp_path / "file").write_text("not a folder")
    journal = str(tmp_path / "file" / "x.journal")
    one_line(
        cutover("run", small, "network", "--yes", f"--sandbox={sandbox.url}", "--journal", journal),
        4,
        "x.journal",
    )
    garbage = tmp_path / "garbage.journal"
    garbage.write_bytes(b"this is no database, it is a text of some length" * 100)
    one_line(
        cutover("run", small, "network", "--yes", f"--sandbox={sandbox.url}", "--journal", str(garbage)),
        5,
        "garbage.journal",
    )
    assert garbage.read_bytes().startswith(b"this is no database")


def test_a_sandbox_is_on_loopback_only(cutover: Cutover, small: str) -> None:
    one_line(cutover("run", small, "network", "--yes", "--sandbox=http://192.0.2.1:80"), 4, "loopback")


def test_nobody_answers(cutover: Cutover, small: str) -> None:
    one_line(
        cutover("run", small, "network", "--yes", "--sandbox=http://127.0.0.1:9"),
        4,
        "127.0.0.1:9",
        "see that it runs there",
    )


def test_read_only_and_nobody_to_ask(cutover: Cutover, small: str, sandbox: ServedSandbox) -> None:
    one_line(cutover("run", small, "network", "--yes", "--sandbox", CUTOVER_READ_ONLY="1"), 4, "read-only")
    one_line(cutover("run", small, "network", f"--sandbox={sandbox.url}"), 2, "--yes")


def test_what_it_depends_on_must_stand(cutover: Cutover, small: str, sandbox: ServedSandbox) -> None:
    one_line(cutover("run", small, "setting", "--yes", f"--sandbox={sandbox.url}"), 4, "network")


def test_the_console_needs_a_terminal(cutover: Cutover) -> None:
    one_line(cutover("drill"), 2, "terminal", "cutover status")
    one_line(cutover(), 2, "terminal")


def test_output_into_a_pipe_that_is_closed(cutover: Cutover) -> None:
    from tests.e2e.conftest import COMMAND

    line = f"{' '.join(COMMAND)} schedule reference --format json | head -c 20"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        env=cutover.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_nobody_reads_the_output_or_nothing_takes_it(cutover: Cutover) -> None:
    from tests.e2e.conftest import COMMAND

    def shown(out: int) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, "config", "show"]
        return subprocess.run(
            command, env=cutover.environment, stdout=out, stderr=subprocess.PIPE, text=True, check=False
        )

    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb"):
        unread = shown(writer)
    assert (unread.returncode, unread.stderr) == (0, "")
    if not Path("/dev/full").exists():
        return
    with Path("/dev/full").open("wb") as full:
        refused = shown(full.fileno())
    one_line(Result(refused.returncode, "", refused.stderr), 4, "the output cannot be written", "make room")


def test_a_journal_that_is_not_there(cutover: Cutover) -> None:
    one_line(cutover("journal", "verify", "--journal", "/nonexistent/x.journal"), 2, "no journal here")
