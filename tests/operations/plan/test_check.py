"""`cutover check`: what it prints, and with which code it ends."""

from __future__ import annotations

import json
import os
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from console import soundness
from console.cli import main
from operations.exchange.audit.catalogue import RULES
from tests.operations.plan.samples import VPC, plan_text, write

BROKEN = plan_text(VPC.replace("ec2:CreateVpc", "ec2:CreateVcp"))
KNOWLEDGE = soundness.CatalogKnowledge()
SARIF_LEVELS = {"error", "warning", "note", "none"}


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials, and no way out of this process; the AWS models are read once for all tests."""

    def refuse(*args: object) -> None:
        raise AssertionError("the audit must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(soundness, "CatalogKnowledge", lambda: KNOWLEDGE)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)


def test_a_sound_plan_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write(tmp_path, plan_text()))]) == 0
    assert capsys.readouterr() == ("0 errors, 0 warnings, 0 notes\n", "")


def test_the_bundled_plan_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "reference"])
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if ": error " in line] == []
    assert code == 0


def test_an_error_ends_with_1_and_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, BROKEN)
    line = next(n for n, text in enumerate(BROKEN.splitlines(), start=1) if "CreateVcp" in text)
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{path}:{line}: error api/unknown-call: AWS has no call `ec2:CreateVcp`; did you mean `ec2:CreateVpc`?",
        "1 error, 0 warnings, 0 notes",
    ]


def test_what_is_neither_file_nor_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert main(["check", str(tmp_path / "pipe")]) == 2
    assert "neither a file nor a folder; give a plan" in capsys.readouterr().err


def test_warnings_alone_end_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, plan_text(VPC.partition("  verify:")[0]))
    assert main(["check", str(path), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == {"error": 0, "warning": 1, "note": 0}


def test_json_goes_to_stdout_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, BROKEN)
    assert main(["check", str(path), "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    answer = json.loads(out)
    assert answer["counts"] == {"error": 1, "warning": 0, "note": 0}
    (finding,) = answer["findings"]
    assert finding == {
        "rule": "api/unknown-call",
        "severity": "error",
        "file": str(path),
        "line": finding["line"],
        "message": "AWS has no call `ec2:CreateVcp`",
        "fix": "did you mean `ec2:CreateVpc`?",
    }
    assert "CreateVcp" in BROKEN.splitlines()[finding["line"] - 1]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("plan: a\nx: &a 1\n", "plan/yaml"),
        ("plan: [\n", "plan/yaml"),
        (plan_text(VPC.replace("title: VPC", "titel: VPC")), "plan/schema"),
        (plan_text(VPC + VPC), "plan/duplicate-id"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_a_plan_that_cannot_be_read_ends_with_2_and_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, rule: str, form: str
) -> None:
    assert main(["check", str(write(tmp_path, text)), "--format", form]) == 2
    out, err = capsys.readouterr()
    assert err == ""
    if form == "text":
        assert f": error {rule}: " in out
    elif form == "json":
        assert {f["rule"] for f in json.loads(out)["findings"]} == {rule}
    else:
        assert {r["ruleId"] for r in json.loads(out)["runs"][0]["results"]} == {rule}


def test_sarif_is_complete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "a plan"
    folder.mkdir()
    path = write(folder, BROKEN)
    assert main(["check", str(path.relative_to(tmp_path)), "--format", "sarif"]) == 1
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    assert {rule["defaultConfiguration"]["level"] for rule in rules} <= SARIF_LEVELS
    (result,) = run["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "api/unknown-call"
    assert result["level"] == "error"
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "a%20plan/plan.yaml"
    assert location["physicalLocation"]["region"]["startLine"] >= 1


def test_a_file_outside_of_the_folder_is_a_file_uri(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, BROKEN)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    main(["check", str(path), "--format", "sarif"])
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == path.resolve().as_uri()


def test_what_a_plan_says_cannot_act_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = plan_text(VPC.replace("  title: VPC", '  "ti\\e[31mtle\\nx": VPC'))
    assert main(["check", str(write(tmp_path, text))]) == 2
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert re.fullmatch(r"(.*: error plan/schema: .*\n)+\d+ errors?, 0 warnings, 0 notes\n", out)


@pytest.mark.parametrize("files", [{}, {"stack.yaml": "Resources: {}\n"}, {"notes.txt": "plan: none\n"}])
def test_a_folder_in_which_nothing_can_be_audited_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str]
) -> None:
    for name, text in files.items():
        write(tmp_path, text, name)
    assert main(["check", str(tmp_path), "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert f"{tmp_path}: no plan here" in err
    assert "no tracker, script or definition" in err


def test_a_folder_with_the_plan_key_in_any_file_is_a_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, plan_text(), "main.yaml")
    assert main(["check", str(tmp_path)]) == 0
    assert "0 errors" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check"], "give a PLAN"),
        (["check", "no-such-plan"], "no plan `no-such-plan`"),
        (["check", "--explain", "plan/cycel"], "did you mean `plan/cycle`?"),
        (["check", "reference", "--format", "xml"], "'xml' is not one of"),
        (["check", "--explain", "plan/cycle", "--format", "sarif"], "text or json"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert words in err


def test_a_rule_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "plan/cycle"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("plan/cycle (error)\nOperations do not wait for each other in a circle.\n")
    assert "To mend it: remove one of the dependencies.\n" in out
    assert main(["check", "--explain", "plan/cycle", "--format", "json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert answer["rule"] == "plan/cycle"
    assert answer["severity"] == "error"


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--help"]) == 0
    assert "Example:  cutover check reference" in capsys.readouterr().out


TRACKER = "# Tracker\n\n## Phase 1\n**Started**: 2026-01-02\n**Completed**: 2026-01-01\n"


def test_a_folder_of_trackers_is_audited_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, TRACKER, "tracker.md")
    assert main(["check", str(tmp_path), "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["rule"], finding["file"], finding["line"]) == ("tracker/impossible-dates", str(path), 5)
    assert main(["check", str(path)]) == 1
    assert "tracker/impossible-dates" in capsys.readouterr().out


def test_what_lies_beside_a_plan_is_audited_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, TRACKER, "tracker.md")
    write(tmp_path, plan_text())
    assert main(["check", str(tmp_path)]) == 1
    assert "tracker.md:5: error tracker/impossible-dates" in capsys.readouterr().out
    accepted = "suppress:\n  - {rule: tracker/impossible-dates, where: tracker.md, reason: an example, until: 9999-12-31}\n"
    write(tmp_path, plan_text(registers=accepted))
    assert main(["check", str(tmp_path)]) == 0
    assert (
        "note tracker/impossible-dates: accepted until 9999-12-31 (an example): " in capsys.readouterr().out
    )


def test_a_suppressed_finding_is_a_note_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted = "suppress:\n  - {rule: api/unknown-call, where: vpc, reason: it comes, until: 9999-12-31}\n"
    path = write(tmp_path, plan_text(VPC.replace("ec2:CreateVpc", "ec2:CreateVcp"), accepted))
    assert main(["check", str(path), "--format", "json"]) == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["severity"], finding["suppressed"]) == ("note", "it comes")
    assert main(["check", str(path), "--format", "sarif"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "it comes"}]


def test_rules_about_files_explain_themselves_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "asl/lost-input"]) == 0
    assert capsys.readouterr().out.startswith("asl/lost-input (error)\n")
