"""Hostile text as a person meets it: a console on a pty and real commands, on a plan and a journal that are full of it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from state.reader import JournalReader
from tests.e2e.conftest import COMMAND, PATIENCE, Cutover
from tests.e2e.terminal import Terminal
from tests.hostile.texts import control_in, harm_in
from tests.hostile.worlds import Texts, write_journal, write_plan

NOWHERE = "http://127.0.0.1:1"
"""An address where nobody answers, on this host."""
SWITCHES = re.compile(
    r"\x1b\[\?(?:1049|1000|1002|1003|1004|1006|1015|1016|2004|2026|2048|7|25)[hl]"  # screen, mouse, focus, paste, sync, wrap
    r"|\x1b\[\?\d+\$p"  # whether a mode is known
    r"|\x1b\[2J"  # the screen is cleared for the first picture
    r"|\x1b\[[<>=]\d*(?:;\d+)*u|\x1b\[\?u"  # kitty's keys
)
"""What the console sends when it comes and goes."""
EVIL = "\x1b]52;c;cm0gLXJmIH4=\x07\x9b31m\x9d0;PWNED\x9c\u202e\u200b\x1bP+q544e\x1b\\[@click=app.quit]x[/]\x1b[6n"

PASTED = f"{EVIL}\x1b\x1b[A\x1b[15~:q"
"""Most terminals take the escape character out of what is pasted; here nobody has."""


@dataclass(frozen=True, slots=True)
class Files:
    """A plan and its journal."""

    plan: str
    journal: str


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Hostile ones, with hostile names."""
    text = Texts(2311)
    plan, journal = tmp_path / "p\x1b]0;PWNED\x07\u202e.yaml", tmp_path / "j\x9b31m[bold.journal"
    write_plan(plan, text)
    write_journal(journal, plan, text, NOWHERE)
    return Files(str(plan), str(journal))


@pytest.fixture
def console(cutover: Cutover, files: Files) -> Iterator[Terminal]:
    """The console on them; the operator's name is hostile too."""
    environment = {
        **cutover.environment,
        "USER": EVIL.replace("\0", ""),
        "LOGNAME": EVIL,
        "AWS_PROFILE": EVIL,
    }
    command = [*COMMAND, "open", files.plan, "--journal", files.journal, f"--sandbox={NOWHERE}"]
    terminal = Terminal(command, environment, 110, 30)
    yield terminal
    terminal.close()


def harm_on(terminal: Terminal) -> str | None:
    """What of all that a terminal was sent the console did not mean."""
    return harm_in(SWITCHES.sub("", terminal.raw.decode(errors="surrogateescape")).replace("\r\n", "\n"))


@pytest.mark.soak
def test_nothing_hostile_reaches_a_terminal_from_a_plan_a_journal_or_the_keys(console: Terminal) -> None:
    """Every pane and page, and the command line with what is typed and pasted into it."""
    console.see("READ-ONLY")
    console.press("\t\tjjj/x[bold\r")
    console.see("0 matches")
    console.press(f":\x1b[200~nosuch {PASTED}tail\nsecond line\x1b[201~")
    console.see("nosuch.*tail")
    console.press("\u202e\u200b\u2066\ue000[/b]\r")
    console.see("there is no command nosuch")
    assert harm_on(console) is None
    assert harm_in(console.text) is None
    console.process.send_signal(signal.SIGTERM)
    assert console.ended() == 143
    assert harm_on(console) is None
    assert console.raw.count(b"\x1b[?1049l") == 1
    for begin in (
        "\x1b]52",
        "\x1b]0;",
        "\x1b]8;",
        "\x1bP",
        "\x1b[31;5m",
        "\x9b",
        "\x9d",
        "\x90",
        "\u202e",
        "\u200b",
    ):
        assert begin.encode() not in console.raw


@pytest.mark.parametrize("locale", ["C", pytest.param("C.UTF-8", marks=pytest.mark.soak)])
def test_real_commands_write_no_control_character(cutover: Cutover, files: Files, locale: str) -> None:
    """In a process of their own: with a locale's encoding, and arguments that are no text."""
    raw = os.fsencode(EVIL) + b"\xff\xfe"
    environment = {**cutover.environment, "LC_ALL": locale, "USER": EVIL, "PYTHONUTF8": "0"}
    on_journal = ["--journal", files.journal]
    for arguments in (
        [os.fsencode(part) for part in ("status", files.plan, *on_journal)],
        [os.fsencode(part) for part in ("journal", "list", *on_journal, "--format", "json")],
        [raw],
    ):
        done = subprocess.run(
            [*map(os.fsencode, COMMAND), *arguments],
            env=environment, capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=PATIENCE,
        )  # fmt: skip
        out, err = (
            done.stdout.decode("utf-8", "surrogateescape"),
            done.stderr.decode("utf-8", "surrogateescape"),
        )
        assert control_in(out) is None
        assert control_in(err) is None
        assert "Traceback" not in err
        assert "a bug ended" not in err
        assert out or err
        if b"json" in arguments:
            rows = [json.loads(line) for line in out.splitlines()]
            with JournalReader(Path(files.journal)) as reader:
                held = {event.seq: dict(event.data) for event in reader.events()}
            printed = rows[0] if isinstance(rows[0], list) else rows
            assert printed
            assert all(held[row["seq"]] == row["data"] for row in printed)
