"""The audit: each rule catches the defect planted for it, at its line, and leaves a sound plan alone."""

from __future__ import annotations

import cProfile
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from console.soundness import CatalogKnowledge
from operations.exchange.audit.catalogue import RULES as ALL_RULES
from operations.plan.audit.audit import audit, unreadable
from operations.plan.audit.catalogue import GROUPS, RULES, UnknownRuleError, rule_of
from operations.plan.audit.finding import Finding, Severity, counts
from operations.plan.errors import PlanError
from operations.plan.loader import BUNDLED, load_plan
from tests.benchmarks.audit import large_plan
from tests.operations.plan.planted import CASES as OLD_CASES
from tests.operations.plan.planted import SOUND, Case
from tests.operations.plan.planted_resuming import CASES as RESUMING_CASES
from tests.operations.plan.planted_rules import CASES as NEW_CASES
from tests.operations.plan.samples import VPC, load, marked_lines, plan_text, write

KNOWLEDGE = CatalogKnowledge()
TODAY = date(2026, 6, 1)
CASES = (*OLD_CASES, *NEW_CASES, *RESUMING_CASES)
PLANTED = Path(__file__).with_name("planted_copy.yaml")
RULES_PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def findings_of(path: Path) -> tuple[Finding, ...]:
    try:
        loaded = load_plan(path)
    except PlanError as error:
        return unreadable(error, path)
    return audit(loaded, KNOWLEDGE, TODAY)


def test_there_is_nothing_to_find_in_a_sound_plan(tmp_path: Path) -> None:
    assert audit(load(tmp_path), KNOWLEDGE, TODAY) == ()


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND.keys())
def test_what_the_format_allows_is_no_finding(tmp_path: Path, text: str) -> None:
    assert [str(f) for f in findings_of(write(tmp_path, text))] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_planted_defect_is_caught_at_its_line(tmp_path: Path, case: Case) -> None:
    path = write(tmp_path, case.text)
    found = findings_of(path)
    expected = [(case.rule, line) for line in marked_lines(case.text)]
    assert expected, "the case marks no line"
    assert [(f.rule, f.place.line) for f in found] == expected
    assert all(f.place.file == path for f in found)
    assert all(f.severity is rule_of(case.rule).severity for f in found)
    if case.words:
        assert case.words in f"{found[0].message}; {found[0].fix}"


def test_every_rule_has_a_planted_defect() -> None:
    assert {case.rule for case in CASES} == {rule.id for rule in RULES}


def test_several_defects_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = plan_text(VPC.replace("ec2:CreateVpc", "ec2:CreateVcp").replace('["${vpc_id}"]', '["${vpc_idd}"]'))
    found = findings_of(write(tmp_path, text.replace("region: us-east-1", "region: us-esat-1")))
    assert [f.rule for f in found] == ["plan/unknown-region", "api/unknown-call", "plan/unknown-reference"]
    lines = [f.place.line for f in found]
    assert lines == sorted(line for line in lines if line is not None)
    assert counts(found) == {Severity.ERROR: 3, Severity.WARNING: 0, Severity.NOTE: 0}


def test_a_finding_in_a_folder_names_the_file_that_it_is_in(tmp_path: Path) -> None:
    write(tmp_path, plan_text(), "a.yaml")
    write(tmp_path, "\nmetrics:\n  - {id: m, title: M, namespace: N, name: n, statistic: Mean}\n", "b.yaml")
    found = [f for f in findings_of(tmp_path) if f.severity is Severity.ERROR]
    assert [(f.rule, f.place.file.name, f.place.line) for f in found] == [
        ("metric/bad-statistic", "b.yaml", 3)
    ]


def test_a_finding_reads_as_one_line(tmp_path: Path) -> None:
    text = plan_text(VPC.replace("ec2:CreateVpc", "ec2:CreateVcp"))
    (found,) = findings_of(write(tmp_path, text))
    assert re.fullmatch(
        r".*plan\.yaml:\d+: error api/unknown-call: AWS has no call `ec2:CreateVcp`; "
        r"did you mean `ec2:CreateVpc`\?",
        str(found),
    )


def test_the_bundled_plan_has_no_errors() -> None:
    found = audit(load_plan("reference"), KNOWLEDGE, TODAY)
    assert [str(f) for f in found if f.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("was", "now", "rule"),
    [
        ('"ec2:CreateSubnet"', '"ec2:CreateSubnett"', "api/unknown-call"),
        ("${vpc.vpc_id}", "${vpc.vpcid}", "plan/never-saved"),
        ("${subnets.", "${subnet.", "plan/unknown-reference"),
        ("region: us-east-1", "region: us-east-9", "plan/unknown-region"),
        ("accountable: tech_lead", "accountable: tech_led", "register/unknown-role"),
    ],
)
def test_a_slip_in_the_bundled_plan_is_caught_everywhere(
    tmp_path: Path, was: str, now: str, rule: str
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(BUNDLED / "reference", folder)
    slips = set()
    for file in folder.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        numbered = enumerate(text.splitlines(), start=1)
        slips |= {(file.name, number) for number, line in numbered if was in line and "#" not in line[:3]}
        file.write_text(text.replace(was, now), encoding="utf-8")
    assert slips
    found = {(f.place.file.name, f.place.line) for f in findings_of(folder) if f.rule == rule}
    assert found == slips


def test_the_page_of_rules_has_them_all_and_no_others() -> None:
    page = RULES_PAGE.read_text(encoding="utf-8")
    headings = re.findall(r"^### `([^`]+)` — (\w+)$", page, re.MULTILINE)
    assert headings == [(rule.id, rule.severity.value) for rule in ALL_RULES]
    for rule in ALL_RULES:
        section = page.split(f"### `{rule.id}`")[1].split("\n#")[0]
        flat = " ".join(section.split())
        assert rule.summary in flat
        assert rule.explanation in flat
        assert f"**Mend it:** {rule.mend}." in flat


def test_rules_are_named_alike_and_once() -> None:
    ids = [rule.id for rule in ALL_RULES]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(rf"({'|'.join(GROUPS)})/[a-z-]+", each) for each in ids)
    assert all(rule.summary.endswith(".") and rule.explanation and rule.mend for rule in ALL_RULES)
    assert not any(rule.mend.endswith(".") for rule in ALL_RULES)


def test_an_unknown_rule_offers_the_nearest() -> None:
    with pytest.raises(UnknownRuleError, match="did you mean `plan/cycle`"):
        rule_of("plan/cycel")


ACCEPTED = "suppress:\n  - {rule: api/unknown-call, %sreason: it comes, until: %s}\n"
BROKEN = VPC.replace("ec2:CreateVpc", "ec2:CreateVcp")


@pytest.mark.parametrize(
    "where", ["", "where: vpc, ", "where: '1.1', ", "where: forward, ", "where: plan.yaml, "]
)
def test_a_suppression_hides_what_it_names_until_its_day(tmp_path: Path, where: str) -> None:
    last = findings_of(write(tmp_path, plan_text(BROKEN, ACCEPTED % (where, TODAY))))
    assert [(f.rule, f.severity, f.suppressed) for f in last] == [
        ("api/unknown-call", Severity.NOTE, "it comes")
    ]
    over = findings_of(write(tmp_path, plan_text(BROKEN, ACCEPTED % (where, TODAY - timedelta(days=1)))))
    assert [(f.rule, f.severity) for f in over] == [
        ("api/unknown-call", Severity.ERROR),
        ("suppress/expired", Severity.WARNING),
    ]


def test_a_suppression_elsewhere_hides_nothing(tmp_path: Path) -> None:
    found = findings_of(write(tmp_path, plan_text(BROKEN, ACCEPTED % ("where: vpcs, ", TODAY))))
    assert [f.rule for f in found] == ["api/unknown-call", "suppress/unused"]


def test_defects_of_more_than_forty_rules_in_one_copy_of_the_bundled_plan(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(BUNDLED / "reference", folder)
    before = {(f.rule, f.place) for f in findings_of(folder)}
    planted = folder / "zz-planted.yaml"
    shutil.copy(PLANTED, planted)
    lines = PLANTED.read_text(encoding="utf-8").splitlines()
    expected = {(line.split("#! ")[1], n) for n, line in enumerate(lines, start=1) if "#! " in line}
    found = findings_of(folder)
    here = {(f.rule, f.place.line or 0) for f in found if f.place.file == planted}
    assert sorted(expected - here) == []
    assert len({rule for rule, _ in expected}) >= 40
    # Some defects have two sides; that of the bundled plan's own lines that are new is no false alarm.
    elsewhere = {(f.rule, f.place) for f in found if f.place.file != planted} - before
    assert {rule for rule, _ in elsewhere} <= {"window/too-short", "plan/duplicate-id"}


def test_the_audit_grows_with_the_plan_and_not_with_its_square() -> None:
    """Counted in calls of functions, so that a loaded machine changes nothing."""
    counts = []
    for size in (50, 100, 200):
        loaded = large_plan(size)
        audit(loaded, KNOWLEDGE, TODAY)
        profile = cProfile.Profile()
        assert profile.runcall(audit, loaded, KNOWLEDGE, TODAY) == ()
        counts.append(sum(entry.callcount for entry in profile.getstats()))
    first, second, third = counts
    assert third - second < 2.2 * (second - first)
