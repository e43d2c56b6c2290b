"""`cutover gate` on a journal: its answers and exit codes, and who may sign, waive and attest what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from console import openers
from console.cli import main
from console.commands.gate import gate
from state.events import CheckStage, Verdict
from state.operation_events import CheckResult
from tests.plans import head

PLAN = (
    head("gated")
    + """\
          - {id: net, title: Net, kind: infrastructure, irreversible: "it is a test",
             forward: [{api: "ec2:CreateVpc", params: {CidrBlock: 10.0.0.0/16}}]}
criteria:
  - {id: A1, title: First, category: a, weight: 9, check: {api: "ec2:DescribeVpcs"}}
  - {id: A2, title: Second, category: a, check: {manual: "look", role: lead}}
gate:
  - {id: go, thresholds: {a: 100}, approvers: [lead, boss]}
"""
)


class Desk:
    """The command line of one plan and journal, as one person or another."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plan = folder / "plan.yaml"
        self.plan.write_text(PLAN)
        self.journal = folder / "j.journal"
        self._patch = monkeypatch
        monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
        monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))

    def made(self, verdict: Verdict) -> None:
        loaded = openers.open_plan(str(self.plan))
        with openers.open_journal(self.journal, loaded) as journal:
            journal.append(CheckResult(stage=CheckStage.LIBRARY, check="A1", verdict=verdict))

    def taken(self) -> None:
        """A verdict as `cutover gate` journals it, without AWS."""
        from console.acts.gating import recorded
        from operations.checks.gate_reports import payload

        loaded = openers.open_plan(str(self.plan))
        with openers.open_journal(self.journal, loaded) as journal:
            journal.append(payload(loaded.plan, recorded(loaded, "go", self.journal), loaded.digest))

    def say(self, *words: str, by: str = "ana@host") -> tuple[int, str]:
        """The exit code and what was said."""
        self._patch.setattr(openers, "actor", lambda: by)
        arguments = ["gate", str(self.plan), *words, "--journal", str(self.journal)]
        result: Result = CliRunner().invoke(_whole, arguments)
        return result.exit_code, result.output

    def asked(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.say("--recorded", "--format", "json")[1])
        return answer


class _Whole:
    """`console.cli.main` as something that CliRunner invokes."""

    name = "cutover"

    def main(self, args: list[str], prog_name: str, **_: Any) -> int:
        raise SystemExit(main(list(args)))


_whole: Any = _Whole()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


ATTEST = ("--attest", "A2", "--as", "pass", "--evidence", "I saw it")


def waive(role: str, until: str = "2999-01-01") -> tuple[str, ...]:
    return ("--waive", "A2", "--role", role, "--owner", "Ben", "--until", until, "--reason", "known")


def sign(role: str) -> tuple[str, ...]:
    return ("--sign", "--role", role, "--reason", "all read")


def test_only_go_ends_with_0_and_no_data_is_not_a_pass(desk: Desk) -> None:
    code, said = desk.say("--recorded")
    assert (code, said.splitlines()[0]) == (1, "go of Gated: NO-GO")
    desk.made(Verdict.PASS)
    assert "for GO: a 90 of 100: A2 (never made) must pass" in desk.say("--recorded")[1]
    assert desk.say(*ATTEST)[0] == 0
    code, said = desk.say("--recorded")
    assert (code, said.splitlines()[0]) == (0, "go of Gated: GO")
    told = desk.asked()
    assert told["verdict"] == "GO"
    assert told["categories"][0] | {"why": ""} == {
        "id": "a", "score": 100.0, "threshold": 100.0, "verdict": "GO", "waived_score": 100.0, "why": "",
    }  # fmt: skip
    assert [(each["id"], each["verdict"], each["by"]) for each in told["samples"]] == [
        ("A1", "pass", None), ("A2", "pass", "ana@host"),
    ]  # fmt: skip


def test_a_waiver_of_two_people_is_a_conditional_go(desk: Desk) -> None:
    desk.made(Verdict.PASS)
    assert desk.say(*waive("lead"))[0] == 0
    code, said = desk.say(*waive("boss"))
    assert (code, "a second person must sign as boss" in said) == (4, True)
    assert desk.say(*waive("boss"), by="ben@host")[0] == 0
    code, said = desk.say("--recorded")
    assert (code, said.splitlines()[0]) == (1, "go of Gated: CONDITIONAL-GO")
    assert desk.asked()["waivers"][0]["state"] == "valid"


def test_a_verdict_is_signed_by_two_people_and_a_no_go_by_nobody(desk: Desk) -> None:
    assert "has no verdict to sign" in desk.say(*sign("lead"))[1]
    desk.taken()
    assert "nobody can sign that" in desk.say(*sign("lead"))[1]
    desk.made(Verdict.PASS)
    desk.say(*ATTEST)
    desk.taken()
    assert desk.say(*sign("lead"))[0] == 0
    assert desk.say(*sign("boss"))[0] == 4
    assert not desk.asked()["open"]
    assert desk.say(*sign("boss"), by="ben@host")[0] == 0
    assert desk.asked()["open"]
    desk.made(Verdict.FAIL)
    assert "no longer holds" in desk.say(*sign("lead"))[1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nope",), 2, "no gate `nope`"),
        (
            ("--attest", "A1", "--as", "pass", "--evidence", "x"),
            4,
            "is read (ec2:DescribeVpcs), not attested",
        ),
        (("--attest", "A9", "--as", "pass", "--evidence", "x"), 2, "no criterion `A9`"),
        (("--attest", "A2", "--evidence", "x"), 2, "--as is missing"),
        ((*ATTEST, "--role", "boss"), 4, "made by lead, not boss"),
        ((*ATTEST, "--sign"), 2, "one at a time"),
        (waive("lead", "2020-01-01"), 2, "ends in the future"),
        (waive("lead", "soon"), 2, "not a time"),
        (waive("cook"), 4, "signed by lead, boss, not by cook"),
        (("--sign", "--role", "lead"), 2, "--reason is missing"),
    ],
)
def test_what_is_refused(desk: Desk, words: tuple[str, ...], code: int, said: str) -> None:
    ended, output = desk.say(*words)
    assert (ended, said in output) == (code, True), output
    assert len(output.strip().splitlines()) == 1
    assert not desk.journal.exists()


def test_markdown_names_every_sample(desk: Desk) -> None:
    desk.made(Verdict.FAIL)
    output = desk.say("--recorded", "--format", "markdown")[1]
    assert output.startswith("# go: NO-GO")
    assert "| A1 | fail |" in output
    assert "| A2 | never made |" in output


def test_the_command_has_help() -> None:
    assert "--attest" in CliRunner().invoke(gate, ["--help"]).output
