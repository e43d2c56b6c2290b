"""The verification library: what is in it, what filters leave, what changed, and how it is reported."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from operations.aws.outcome import Answer, CallFailedError, Certainty
from operations.checks.changes import Change, changes
from operations.checks.library import (
    CheckedItem,
    Filter,
    LibraryCheck,
    Source,
    library,
    not_replaced,
    verify,
)
from operations.checks.reports import as_junit, as_markdown, as_object
from operations.plan.loader import load_plan
from operations.plan.references import Reference
from operations.plan.registers import Severity
from state.events import CheckStage, Verdict
from state.operation_events import CheckResult, OperationStarted
from state.projections.evidence import fold_evidence
from state.reader import JournalReader
from tests.plans import head
from tests.state.making import open_journal

PLAN = (
    head("checked")
    + """\
          - id: net
            title: Net
            kind: infrastructure
            forward: [{api: "ec2:CreateVpc", params: {CidrBlock: 10.0.0.0/16}}]
            verify: [{api: "ec2:DescribeVpcs", params: {}, expect: "length(Vpcs) == `1`"}]
            inverse: [{api: "ec2:DeleteVpc", params: {VpcId: vpc-1}}]
criteria:
  - {id: T1, title: There is a net, category: network, check: {api: "ec2:DescribeVpcs", params: {}, expect: "length(Vpcs) == `1`"}}
checks:
  - {id: net-many, title: Many nets, category: network, severity: low, check: {api: "ec2:DescribeVpcs", params: {}, expect: "length(Vpcs) == `9`"}}
  - {id: net-broken, title: "Hostile | <b> \\x1b[31m", category: odd, severity: critical, check: {api: "ec2:DescribeSubnets", params: {}}}
"""
)

Checks = tuple[LibraryCheck, ...]


@pytest.fixture
def checks(tmp_path: Path) -> tuple[LibraryCheck, ...]:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN)
    return library(load_plan(str(file)).plan)


def _no_values(reference: Reference) -> Any:
    raise AssertionError(reference)


def made(checks: Checks) -> tuple[CheckedItem, ...]:
    async def read(api: str, params: Mapping[str, Any]) -> Answer:
        if api == "ec2:DescribeSubnets":
            raise CallFailedError("Boom", "it said \x1b[31m no | <b>", Certainty.NOT_APPLIED, False)
        return Answer({"Vpcs": [{}]}, None, 0.25)

    return asyncio.run(verify(checks, read, lambda _: _no_values, mask=lambda value: value))


def test_it_holds_criteria_checks_and_verifications(checks: Checks) -> None:
    assert [(check.id, check.source) for check in checks] == [
        ("T1", Source.CRITERION),
        ("net-many", Source.CHECK),
        ("net-broken", Source.CHECK),
        ("net.1", Source.OPERATION),
    ]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Filter(), ["T1", "net-many", "net-broken", "net.1"]),
        (Filter(category="network"), ["T1", "net-many"]),
        (Filter(operation="net"), ["net.1"]),
        (Filter(source=Source.CHECK, severity=Severity.HIGH), ["net-broken"]),
        (Filter(ids=("net-*", "T?")), ["T1", "net-many", "net-broken"]),
        (Filter(category="network", ids=("net.*",)), []),
    ],
)
def test_filters_leave_what_was_asked_for(checks: Checks, wanted: Filter, ids: list[str]) -> None:
    assert [check.id for check in checks if wanted.wants(check)] == ids


def test_verdicts_and_what_changed_since(checks: Checks) -> None:
    items = made(checks)
    assert {item.check.id: item.outcome.verdict for item in items} == {
        "T1": Verdict.PASS,
        "net-many": Verdict.FAIL,
        "net-broken": Verdict.ERROR,
        "net.1": Verdict.PASS,
    }
    baseline = {
        "T1": Verdict.FAIL,
        "net-many": Verdict.PASS,
        "net-broken": Verdict.ERROR,
        "old": Verdict.PASS,
    }
    assert [(each.id, each.change) for each in changes(baseline, items)] == [
        ("net-many", Change.WORSE),
        ("T1", Change.BETTER),
        ("net.1", Change.NEW),
        ("old", Change.GONE),
    ]
    assert "old" not in [each.id for each in changes(baseline, items, partial=True)]


def test_reports_agree_and_stay_well_formed_whatever_aws_says(checks: Checks) -> None:
    items = made(checks)
    told = as_object(items, changes({"T1": Verdict.FAIL}, items))
    assert told["counts"] == {"pass": 2, "fail": 1, "inconclusive": 0, "error": 1}
    junit = ET.fromstring(as_junit("Checked \x1b", items))
    assert (junit.get("tests"), junit.get("failures"), junit.get("errors")) == ("4", "1", "1")
    assert {suite.get("name") for suite in junit} == {"network", "odd", "infrastructure"}
    assert [case.get("name") for case in junit.iter("testcase") if case.find("failure") is not None] == [
        "net-many Many nets"
    ]
    markdown = as_markdown("Checked", "2026-11-20T03:00:00Z", items, changes({"T1": Verdict.FAIL}, items))
    rows = [line for line in markdown.splitlines() if line.startswith("| error")]
    assert len(rows) == 1
    assert r"\|" in rows[0]
    assert r"\<b\>" in rows[0]
    assert "| T1 | fail | pass |" in markdown


def test_evidence_is_the_last_verdict_and_a_new_start_makes_it_void(tmp_path: Path) -> None:
    path = tmp_path / "j.journal"

    def result(stage: CheckStage, verdict: Verdict) -> CheckResult:
        return CheckResult(stage=stage, check="T1", verdict=verdict)

    with open_journal(path) as journal:
        journal.append(result(CheckStage.LIBRARY, Verdict.FAIL))
        last = journal.append(result(CheckStage.LIBRARY, Verdict.PASS))
        journal.append(result(CheckStage.VERIFY, Verdict.PASS), operation="vpc")
    with JournalReader(path) as reader:
        events = reader.events()
    evidence = fold_evidence(events)
    assert (evidence.checks["T1"].verdict, evidence.checks["T1"].at) == (Verdict.PASS, last.at)
    assert [each.verdict for each in evidence.operations["vpc"]] == [Verdict.PASS]
    assert fold_evidence(events[2:], fold_evidence(events[:2])) == evidence
    with open_journal(path) as journal:
        journal.append(
            OperationStarted(attempt=2, estimate_minutes=1, steps=("a",), way_back=("b",)), operation="vpc"
        )
    with JournalReader(path) as reader:
        assert "vpc" not in fold_evidence(reader.events()).operations


def test_what_a_later_operation_changed_on_purpose_says_nothing_any_more(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN.replace('expect: "length(Vpcs) == `1`"}]', "replaced_by: [more]}]"))
    all_of_them = library(load_plan(str(file)).plan)
    assert not_replaced(all_of_them, lambda _: False) == all_of_them
    assert [check.id for check in not_replaced(all_of_them, {"more"}.__contains__)] == [
        "T1",
        "net-many",
        "net-broken",
    ]
