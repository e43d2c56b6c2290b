"""Hostile text through every command: nothing of it acts on a terminal, no command falls over, JSON stays JSON."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from console import cli
from state.reader import JournalReader
from state.text import as_json
from tests.conftest import Tally
from tests.hostile.texts import control_in
from tests.hostile.worlds import Texts, write_journal, write_plan

SEED = 230
NOWHERE = "http://127.0.0.1:1"
"""An address where nobody answers, on this host."""


@dataclass(frozen=True, slots=True)
class World:
    """A folder with a plan and a journal, and the texts that it is made of."""

    folder: Path
    plan: str
    journal: str
    text: Texts


def make_world(folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> World:
    """Files with hostile names and content, and hostile variables around them."""
    text = Texts(seed)
    home = folder / text.named()
    home.mkdir()
    plan, journal = home / f"{text.named()}.yaml", home / f"{text.named()}.journal"
    write_plan(plan, text)
    write_journal(journal, plan, text)
    for name in ("USER", "LOGNAME", "AWS_PROFILE", "AWS_DEFAULT_REGION", "CUTOVER_THEME", "TERM_PROGRAM"):
        monkeypatch.setenv(name, text.named())
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    host = text.named()
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    monkeypatch.setattr("getpass.getuser", lambda: host)
    return World(home, str(plan), str(journal), text)


def command_lines(world: World) -> Iterator[list[str]]:
    """Every command, with hostile plans, journals and arguments; those that act have nothing that they could act on."""
    yield from _reviewing(world)
    plan, text = world.plan, world.text.named
    on_journal = ["--journal", world.journal]
    yield from _bad_words(world)
    yield ["approve", plan, "farewell", "--reason", text(), "--role", text(), *on_journal]
    yield ["resolve", plan, "network", "--as", "done", "--reason", text(), *on_journal]
    yield ["resolve", plan, "setting", *on_journal]
    yield ["run", plan, "--all", *on_journal]
    yield ["run", plan, "network", "--yes", *on_journal]
    yield ["rollback", plan, "--all", "--yes", "--sandbox", NOWHERE, *on_journal]
    yield ["resume", plan, "--yes", *on_journal]
    yield ["metrics", plan, "--once", *on_journal]
    yield ["verify", plan, "--no-record", *on_journal]
    for form in ("json", "markdown", "junit"):
        yield ["verify", plan, "--sandbox", NOWHERE, "--no-record", "--format", form, *on_journal]
    yield ["status", plan, *on_journal]
    yield ["journal", "list", *on_journal, "--format", "json"]


def _reviewing(world: World) -> Iterator[list[str]]:
    plan, on_journal = world.plan, ["--journal", world.journal]
    for form in ("text", "json"):
        shape = ["--format", form]
        yield ["status", plan, *on_journal, *shape]
        yield ["attach", plan, *on_journal, *shape]
        yield ["schedule", plan, *shape]
        yield ["check", plan, *shape]
        yield ["config", "show", "--origin", *shape]
        yield ["journal", "list", *on_journal, *shape]
        yield ["journal", "verify", *on_journal, *shape]
        yield ["journal", "head", *on_journal, *shape]
        for seq in (1, 7, 23, 41):
            yield ["journal", "show", str(seq), *on_journal, *shape]
    yield ["check", plan, "--format", "sarif"]
    yield ["journal", "export", *on_journal]
    yield ["export", "schema", plan]


def _bad_words(world: World) -> Iterator[list[str]]:
    plan, text = world.plan, world.text.named
    on_journal = ["--journal", world.journal]
    for command in cli.COMMANDS:
        yield [command, f"--{text()}"]
        yield [command, text(), text(), text()]
    yield [text()]
    yield ["--" + text()]
    for command in ("run", "rollback", "rehearse"):
        yield [command, plan, text(), text()]
    yield ["run", plan, "--phase", text()]
    yield ["run", plan, "network", "--sandbox", text(), "--yes"]
    yield ["status", text()]
    yield ["status", plan, "--journal", str(world.folder / text())]
    yield ["check", "--explain", text()]
    yield ["check", world.journal]
    yield ["journal", "show", text(), *on_journal]
    yield ["journal", "list", "--kind", text(), "--run", text(), "--operation", text(), *on_journal]
    yield ["resolve", plan, text(), "--as", text(), "--reason", text(), *on_journal]
    yield ["approve", plan, text(), "--reason", text(), *on_journal]
    yield ["waive", plan, text(), "--until", "4h", "--reason", text(), "--owner", text(), *on_journal]
    yield ["waive", plan, text(), "--until", text(), "--reason", text(), "--role", text(), *on_journal]
    yield ["verify", plan, "--category", text(), "--operation", text(), *on_journal]
    yield ["export", "schema", plan, "-o", str(world.folder / text() / text())]
    yield ["drill", text(), "--plan", text()]
    yield ["sandbox", "--plan", text(), "--port", "0"]


def problem_of(arguments: list[str], out: str, err: str, world: World) -> str | None:
    """What is wrong with what a command wrote."""
    for name, written in (("stdout", out), ("stderr", err)):
        if (harm := control_in(written)) is not None:
            return f"{arguments}: {name} holds {harm}"
    if "Traceback" in err or "a bug ended" in err:
        return f"{arguments}: {err[-600:]}"
    if "json" in arguments and out and "check" not in arguments:
        return _json_problem(arguments, out, world)
    return None


def _json_problem(arguments: list[str], out: str, world: World) -> str | None:
    """JSON parses, and reads back as what the journal holds."""
    try:
        rows = [json.loads(line) for line in out.splitlines()]
    except ValueError as error:
        return f"{arguments}: no JSON: {error}: {out[:200]!r}"
    if arguments[:2] != ["journal", "list"] or "--kind" in arguments:
        return None
    with JournalReader(Path(world.journal)) as reader:
        held = {event.seq: dict(event.data) for event in reader.events()}
    printed = rows[0] if isinstance(rows[0], list) else rows
    if not printed or any(held[row["seq"]] != row["data"] for row in printed):
        return f"{arguments}: the events read back differently"
    return None


@pytest.mark.catalogue(
    23, "hostile text through every command", "0 control bytes, 0 tracebacks; JSON reads back"
)
def test_nothing_of_it_gets_out_of_a_command(
    tally: Tally, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """In this process, through the door that the program itself goes through."""
    for seed in range(SEED, SEED + tally.count(1, 25)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        world = make_world(folder, seed, monkeypatch)
        monkeypatch.chdir(world.folder)
        said = 0
        for arguments in command_lines(world):
            cli.main(arguments)
            out, err = capfd.readouterr()
            said += bool(out or err)
            problem = problem_of(arguments, out, err, world)
            tally.note(f"seed {seed}: {problem}" if problem else None)
        assert said > 60, "hardly any command said anything, so nothing was shown"


def test_the_judge_finds_what_is_wrong(tmp_path: Path) -> None:
    """A judge that finds nothing would be worth nothing."""
    world = World(tmp_path, "plan", "journal", Texts(1))
    assert problem_of(["status"], "a\x1b[31mb", "", world)
    assert problem_of(["status"], "", "a\u202eb", world)
    assert problem_of(["status"], "", "Traceback (most recent call last):", world)
    assert problem_of(["status", "--format", "json"], "{", "", world)
    assert problem_of(["status", "--format", "json"], as_json({"a": "\x1b"}), "", world) is None
