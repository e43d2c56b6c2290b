"""What is evidence for a claim: the checks that a phase names, and what is proven of the whole plan."""

from __future__ import annotations

import pytest

from operations.plan.backing import Backing, backing_of_group, uncovered
from operations.plan.digest import Digests
from operations.plan.loader import load_plan
from operations.plan.models import Plan
from operations.plan.proofs import Standing, whole_proof
from state.drill_events import Proof
from state.events import Verdict
from state.projections.badges import WHOLE, Badge
from state.projections.evidence import Evidence, LastVerdict

AT = "2026-11-20T03:00:00.000000Z"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan("reference").plan


def sub(plan: Plan, key: str) -> tuple[str, ...]:
    return next(each.covered for phase in plan.phases for each in phase.subphases if each.id == key)


def test_patterns_are_found_once_in_the_plans_order_and_a_phase_has_what_its_parts_have(plan: Plan) -> None:
    assert sub(plan, "3.2") == ("T5.4", "T5.5", "svc-aurora-backups", "svc-aurora-retention")
    assert len(sub(plan, "3.6")) == 25
    third = plan.phases[2]
    assert set(third.covered) == {key for each in third.subphases for key in each.covered}
    assert len(third.covered) == len(set(third.covered))


def test_every_check_and_criterion_is_evidence_for_something(plan: Plan) -> None:
    covered = {key for phase in plan.phases for key in phase.covered}
    assert covered == {each.id for each in (*plan.criteria, *plan.checks)}


def test_what_no_read_can_say_has_no_evidence_and_is_said_so(plan: Plan) -> None:
    assert backing_of_group(plan.phases[0], Evidence()) == Backing()
    bare = {key for phase in plan.phases for key in uncovered(phase)}
    assert {"1.1", "1.6", "2.6", "3.3", "4.1", "4.3", "5.2"} <= bare
    assert bare.isdisjoint({"6.1", "7.3", "8.1", "9.3"})


def test_a_verdict_counts_until_something_is_taken_back(plan: Plan) -> None:
    told = {
        key: LastVerdict(verdict, AT, 7, key)
        for key, verdict in (("T5.4", Verdict.PASS), ("T5.5", Verdict.FAIL))
    }
    group = plan.phases[2].subphases[1]
    assert backing_of_group(group, Evidence(told)) == Backing(1, 2, 4, AT, AT)
    assert backing_of_group(group, Evidence(told, undone=8)) == Backing(total=4)
    assert Evidence(told, undone=6).stands("T5.4") is told["T5.4"]


def test_the_whole_plans_badge_is_about_the_plan_as_it_was(plan: Plan) -> None:
    digests = Digests(plan)
    assert whole_proof({}, digests).standing is Standing.UNPROVEN
    badge = Badge(Proof.PROVEN, AT, digests.whole(), proofs=1, seconds=(2.0,))
    assert whole_proof({WHOLE: badge}, digests).standing is Standing.PROVEN
    before = Badge(Proof.PROVEN, AT, "of another plan", proofs=1, seconds=(2.0,))
    assert whole_proof({WHOLE: before}, digests).standing is Standing.CHANGED
    failed = Badge(Proof.FAILED, AT, digests.whole(), "not carried out: vpc")
    assert whole_proof({WHOLE: failed}, digests).why == "not carried out: vpc"
