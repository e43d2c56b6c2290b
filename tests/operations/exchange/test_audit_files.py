"""The audit of trackers, scripts and definitions: each rule catches what was planted, and leaves sound files alone."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.soundness import CatalogKnowledge
from operations.exchange.audit.catalogue import FILE_RULES
from operations.exchange.audit.folder import audit_files, collect_auditable
from operations.exchange.audit.rule import ShellProblem
from operations.exchange.documents import MAX_BYTES
from operations.exchange.shell import Bash
from operations.plan.audit.finding import Finding, Severity
from tests.operations.exchange.planted_files import CASES, SOUND, Case

KNOWLEDGE = CatalogKnowledge()
BASH = Bash()
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SHARED = Path(__file__).parents[4] / "shared"
needs_bash = pytest.mark.skipif(not BASH.there, reason="there is no bash on this host")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpus is not beside this checkout")
SLICE, SWEEP = 100, 1_000


class NoShell:
    """A host without bash."""

    there = False

    def problem(self, text: str) -> ShellProblem | None:
        return None


def audited(path: Path) -> list[Finding]:
    return list(audit_files(collect_auditable(path), KNOWLEDGE, NOW, BASH))


@needs_bash
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.name}")
def test_a_planted_defect_is_caught_at_its_line(tmp_path: Path, case: Case) -> None:
    path = tmp_path / case.file
    path.write_text(case.text, encoding="utf-8")
    found = [(f.rule, f.place.file, f.place.line) for f in audited(tmp_path)]
    assert found == [(case.rule, path, line) for line in case.lines()]
    (first, *_) = audited(tmp_path)
    assert case.words in f"{first.message}; {first.fix}"


def test_every_rule_about_files_has_a_planted_defect() -> None:
    elsewhere = {"script/no-bash", "file/left-out", "tracker/other-file"}
    assert {case.rule for case in CASES} | elsewhere == {each.rule.id for each in FILE_RULES}


@needs_bash
def test_there_is_nothing_to_find_in_sound_files(tmp_path: Path) -> None:
    for name, text in SOUND.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [str(f) for f in audited(tmp_path)] == []
    assert {each.path.name for each in collect_auditable(tmp_path).documents} >= set(SOUND) - {
        "rendered.json.tpl"
    }


def test_a_tracker_is_held_against_the_one_that_it_links_to(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "tracker.md").write_text("# One\n\n**Status**: IN PROGRESS (55%)\n", encoding="utf-8")
    master = tmp_path / "master.md"
    master.write_text("# Master\n\n- ✅ 1.1 One - [tracker](one/tracker.md) - COMPLETE\n", encoding="utf-8")
    (found,) = audited(tmp_path)
    assert (found.rule, found.place.file, found.place.line) == ("tracker/other-file", master, 3)
    assert "tracker.md calls itself in progress in line 3" in found.message


def test_without_bash_a_note_says_what_was_not_checked(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("if\n", encoding="utf-8")
    (found,) = audit_files(collect_auditable(tmp_path), KNOWLEDGE, NOW, NoShell())
    assert (found.rule, found.severity) == ("script/no-bash", Severity.NOTE)


@needs_bash
def test_bash_parses_and_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "made"
    sourced = tmp_path / "sourced.sh"
    sourced.write_text(f"touch {made}\n", encoding="utf-8")
    monkeypatch.setenv("BASH_ENV", str(sourced))
    monkeypatch.setenv("BASH_FUNC_touch%%", f"() {{ command touch {made}; }}")
    assert BASH.problem(f"touch {made}; echo $(touch {made})\n") is None
    assert BASH.problem("x=$((\n") is not None
    assert not made.exists()


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "latin.md").write_bytes(b"# caf\xe9\n")
    (tmp_path / "large.json").write_bytes(b" " * (MAX_BYTES + 1))
    (tmp_path / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    laughs = "a: &a [x, x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}, *{p}, *{p}]\n" for p, c in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    (tmp_path / "laughs.yaml").write_text(laughs, encoding="utf-8")
    found = audited(tmp_path)
    assert {(f.rule, f.place.file.name) for f in found} == {
        ("file/unreadable", name) for name in ("latin.md", "large.json", "deep.json", "laughs.yaml")
    }


@needs_shared
def test_the_seed_tracker_contradicts_itself() -> None:
    found = {(f.rule, f.place.line) for f in audited(SHARED / "seed")}
    dates = {line for rule, line in found if rule == "tracker/impossible-dates"}
    assert dates == {59, 93, 126, 151}
    assert {line for rule, line in found if rule == "tracker/still-pending"} == {236, 237, 238, 239}
    assert {line for rule, line in found if rule == "tracker/count"} == {218, 221, 222}
    assert ("tracker/percentage", 157) in found
    assert sum(rule == "link/dangling" for rule, _ in found) == 27
    assert ("script/no-such-file", 53) in found


@needs_shared
@pytest.mark.parametrize("folder", ["asl", "ssm", "dashboards"])
def test_the_corpus_is_read_and_has_few_errors(folder: str) -> None:
    """What was found there was looked at by eye; a new error is a false alarm until somebody has looked."""
    root = SHARED / "corpus" / folder
    errors = {
        (f.rule, f.place.file.name, f.place.line) for f in audited(root) if f.severity is Severity.ERROR
    }
    known = {
        ("ssm/unknown-step", "TEMPLATE-test-with-rollback.yml", 46),
        ("file/key-twice", "dynamodb-sop-restore_to_point_in_time.yml", 111),
        ("file/key-twice", "dynamodb-sop-restore_to_point_in_time.yml", 130),
    }
    assert errors == (known if folder == "ssm" else set())


def _mutated(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(lines))
        line = lines[place]
        act = chance.randrange(6)
        if act == 0:
            lines[place] = ""
        elif act == 1:
            lines.insert(place, chance.choice(lines))
        elif act == 2 and line:
            cut = chance.randrange(len(line))
            lines[place] = line[:cut] + chance.choice('{}[]":,|*#-`~()<>$&!%\t\0é✅') + line[cut + 1 :]
        elif act == 3:
            lines[place] = line.replace("1", "99999999999999999999")
        elif act == 4:
            lines[place] = line.replace('"', "'").replace("Next", "next")
        else:
            lines[place] = chance.choice(
                ["null\n", "- \n", "|||\n|-|\n", "```bash\n", "2025-99-99\n", "{{ }}\n", "[]()\n"]
            )
    return "".join(lines)


def _sweep(folder: Path, seeds: range) -> None:
    files = [*SOUND.items(), *((case.file, case.text) for case in CASES)]
    for seed in seeds:
        chance = random.Random(seed)
        name, text = chance.choice(files)
        path = folder / name
        path.write_text(_mutated(text, chance), encoding="utf-8")
        try:
            found = audit_files(collect_auditable(path), KNOWLEDGE, NOW, NoShell())
        except Exception as error:  # noqa: BLE001 - whatever comes out, the seed has to be known
            pytest.fail(f"seed {seed}: {error!r}")
        assert all(f.message for f in found), f"seed {seed}"


def test_mutated_files_give_no_traceback(tmp_path: Path) -> None:
    _sweep(tmp_path, range(SLICE))


@pytest.mark.soak
def test_a_thousand_mutated_files_give_no_traceback(tmp_path: Path) -> None:
    _sweep(tmp_path, range(SLICE, SLICE + SWEEP))


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    assert collect_auditable(tmp_path).documents == ()


def test_lines_that_nobody_wrote_by_hand_do_not_hold_the_audit_up(tmp_path: Path) -> None:
    (tmp_path / "long.sh").write_text("aws " * 400_000, encoding="utf-8")
    (tmp_path / "long.md").write_text(
        "[" * 500_000 + "\n" + "*" * 500_000 + "\n" + "| " * 500_000 + "\n|-|\n", encoding="utf-8"
    )
    (tmp_path / "long.json").write_text("{" + "/*" * 900_000, encoding="utf-8")
    assert {f.rule for f in audit_files(collect_auditable(tmp_path), KNOWLEDGE, NOW, NoShell())} == {
        "file/unreadable",
        "script/no-bash",
    }


def test_a_folder_of_too_many_files_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operations.exchange.documents.MAX_FILES", 2)
    for name in "abcde":
        (tmp_path / f"{name}.md").write_text("# T\n", encoding="utf-8")
    (found,) = audited(tmp_path)
    assert (found.rule, found.place.file.name) == ("file/left-out", "b.md")
    assert found.message == "3 files after this one were not looked at"


def test_what_is_no_defect_raises_no_alarm(tmp_path: Path) -> None:
    """Scripts in other languages, streams of documents, and what somebody saw on a terminal."""
    (tmp_path / "tool").write_text("#!/usr/bin/perl -w\nmy %x = (a => {});\nprint @{$x{a}};\n")
    (tmp_path / "rules").write_text("#!/usr/bin/make -f\n%:\n\tdh $@\n")
    (tmp_path / "manifests.yaml").write_text("kind: A\nspec: {a: 1}\n---\nkind: B\nspec: {a: 1}\n")
    (tmp_path / "seen.md").write_text("# Seen\n```bash\nkim@host:~/a/b.c$ ./go\nError (at line 1)\n```\n")
    assert audited(tmp_path) == []


def test_a_python_script_is_known_by_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("#!/usr/bin/env python3\nprint 'x'\n")
    assert [(f.rule, f.place.line) for f in audited(tmp_path)] == [("script/python-syntax", 2)]
