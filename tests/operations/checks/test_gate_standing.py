"""Where a gate stands: what samples, waivers and sign-offs count for at a moment, and that a verdict bears itself out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from operations.checks.gate_papers import PaperState
from operations.checks.gate_reports import as_markdown, as_object, decided_again, payload
from operations.checks.gate_standing import GateStanding, criterion_digest, need_text, stand
from operations.plan.loader import LoadedPlan, load_plan
from state.events import CheckStage, Payload, Verdict
from state.gate_events import Attestation, GateDecision, GateSignOff, WaiverSigned
from state.journal import Journal, PlanIdentity
from state.operation_events import CheckResult, OperationRollingBack
from state.projections.evidence import fold_evidence
from state.projections.gate import GateHistory, fold_gates
from state.reader import JournalReader
from tests.plans import head

PLAN = (
    head("gated")
    + """\
          - {id: net, title: Net, kind: infrastructure, irreversible: "it is a test",
             forward: [{api: "ec2:CreateVpc", params: {CidrBlock: 10.0.0.0/16}}]}
criteria:
  - {id: A1, title: First, category: a, check: {api: "ec2:DescribeVpcs"}}
  - {id: A2, title: Second | hostile, category: a, check: {manual: "look", role: lead}}
  - {id: B1, title: Third, category: b, weight: 9, check: {api: "ec2:DescribeVpcs"}}
  - {id: B2, title: Fourth, category: b, weight: 1, check: {api: "ec2:DescribeVpcs"}}
gate:
  - {id: go, thresholds: {a: 100, b: 95}, conditional: {category: b, from: 90, to: 95, conditions: ["go slowly"]}, approvers: [lead, boss], valid_hours: 24}
"""
)
START = datetime(2026, 11, 20, 3, tzinfo=UTC)
ALL = ("A1", "A2", "B1", "B2")


class World:
    """A journal whose clock and actor the test sets."""

    def __init__(self, folder: Path) -> None:
        file = folder / "plan.yaml"
        file.write_text(PLAN)
        self.loaded: LoadedPlan = load_plan(str(file))
        self.path = folder / "j.journal"
        self.now = START

    def write(self, *payloads: Payload, by: str = "ana@host", operation: str | None = None) -> int:
        identity = PlanIdentity("gated", self.loaded.digest)
        ids: Callable[[], str] = lambda: "01JD0000000000000000000000"  # noqa: E731
        with Journal(self.path, identity, clock=lambda: self.now, new_id=ids, actor=by) as journal:
            return [journal.append(each, operation=operation) for each in payloads][-1].seq

    def made(self, *passed: str, of: tuple[str, ...] = ALL) -> None:
        self.write(*[
            CheckResult(stage=CheckStage.LIBRARY, check=key, verdict=Verdict.PASS if key in passed else Verdict.FAIL)
            for key in of
        ])  # fmt: skip

    def verdict(self) -> int:
        return self.write(payload(self.loaded.plan, self.stand(), self.loaded.digest))

    def waive(self, criterion: str, role: str, by: str, days: float = 1, digest: str | None = None) -> None:
        wanted = next(each for each in self.loaded.plan.criteria if each.id == criterion)
        until = (self.now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.write(
            WaiverSigned(gate="go", criterion=criterion, role=role, owner="Ben", until=until, reason="known",
                         digest=digest or criterion_digest(wanted)), by=by,
        )  # fmt: skip

    def sign(self, role: str, by: str, seq: int) -> None:
        said = GateSignOff(gate="go", role=role, decision=self.stand().decision, verdict_seq=seq,
                           digest=self.loaded.digest, reason="read")  # fmt: skip
        self.write(said, by=by)

    def stand(self, hours: float = 0) -> GateStanding:
        with JournalReader(self.path) as reader:
            events = reader.events()
        half = len(events) // 2
        gates = fold_gates(events[half:], fold_gates(events[:half]))
        assert gates == fold_gates(events)
        history = gates.get("go", GateHistory())
        now = self.now + timedelta(hours=hours)
        return stand(self.loaded.plan, "go", fold_evidence(events), history, self.loaded.digest, now)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_samples_count_until_they_are_too_old_or_something_was_taken_back(world: World) -> None:
    world.made("A1", "A2", "B1", "B2")
    assert world.stand().decision is GateDecision.GO
    old = world.stand(hours=25)
    assert (old.decision, old.samples[0].problem) == (GateDecision.NO_GO, "older than 24 h")
    assert (
        need_text(old.needs[0], old.samples)
        == "a 0 of 100: A1 (older than 24 h), A2 (older than 24 h) must pass"
    )
    seq = world.write(OperationRollingBack(attempt=1, steps=(), loses="nothing"), operation="net")
    gone = world.stand()
    assert gone.decision is GateDecision.NO_GO
    assert gone.samples[0].problem == f"made before event {seq} began a way back"
    world.made(*ALL)
    assert world.stand().decision is GateDecision.GO


def test_what_a_person_attests_is_a_sample_with_a_name(world: World) -> None:
    world.made("A1", "B1", "B2", of=("A1", "B1", "B2"))
    assert world.stand().needs[0].least == ("A2",)
    said = Attestation(
        stage=CheckStage.ATTESTED, check="A2", verdict=Verdict.PASS, message="saw it", role="lead"
    )
    world.write(said, by="eve@host")
    sample = world.stand().samples[1]
    assert (sample.passes, sample.by, sample.message) == (True, "eve@host", "saw it")
    assert world.stand().decision is GateDecision.GO


def test_a_waiver_counts_once_two_people_signed_it_and_until_it_ends(world: World) -> None:
    world.made("A1", "B1", "B2")
    world.waive("A2", "lead", "ana@host")
    half = world.stand()
    assert (half.decision, half.waivers[0].state, half.waivers[0].missing) == (
        GateDecision.NO_GO, PaperState.MISSING, ("boss",),
    )  # fmt: skip
    world.waive("A2", "boss", "ana@host")
    assert world.stand().waivers[0].state is PaperState.MISSING  # the same person twice
    world.waive("A2", "boss", "ben@host", days=0.5)
    whole = world.stand()
    assert (whole.decision, whole.waivers[0].state) == (GateDecision.CONDITIONAL, PaperState.VALID)
    assert whole.needs[0].least == ("A2",)
    assert world.stand(hours=13).decision is GateDecision.NO_GO  # one of the signatures has ended
    world.waive("B2", "lead", "ana@host", digest="of something else")
    assert world.stand().waivers[1].state is PaperState.CHANGED


def test_a_conditional_go_opens_with_waivers_and_two_signatures(world: World) -> None:
    world.made("A1", "A2", "B1")
    seq = world.verdict()
    closed = world.stand()
    assert closed.decision is GateDecision.CONDITIONAL
    assert closed.conditions == ("go slowly",)
    assert [each.partition(":")[0] for each in closed.blockers] == [
        "conditional", "sign-off of lead", "sign-off of boss",
    ]  # fmt: skip
    for role, by in (("lead", "ana@host"), ("boss", "ben@host")):
        world.waive("B2", role, by)
        world.sign(role, by, seq)
    assert world.stand().open
    assert not world.stand(hours=25).open


def test_sign_offs_are_of_two_people_and_void_after_a_worse_verdict(world: World) -> None:
    world.made(*ALL)
    seq = world.verdict()
    world.sign("lead", "ana@host", seq)
    world.sign("boss", "ana@host", seq)
    assert [each.state for each in world.stand().sign_offs] == [PaperState.VALID, PaperState.VOID]
    world.sign("boss", "ben@host", seq)
    assert world.stand().open
    assert [each.state for each in world.stand(hours=25).sign_offs] == [
        PaperState.EXPIRED,
        PaperState.EXPIRED,
    ]
    world.made("A1")
    assert world.stand().sign_offs[0].why == "signed for GO, which it is no longer"
    worse = world.verdict()
    world.made(*ALL)
    assert world.stand().sign_offs[0].why == f"void since the verdict of event {worse}"
    assert not world.stand().open


def test_a_journaled_verdict_bears_itself_out_and_reports_agree(world: World) -> None:
    for passed in (ALL, ("A1", "A2", "B1"), ("A1",)):
        world.made(*passed)
        world.verdict()
        standing = world.stand()
        last = standing.last
        assert last is not None
        assert decided_again(last.data) is last.decision is standing.decision
        told = as_object(standing, world.now, last.seq)
        assert told["verdict"] == standing.decision.value
        assert len(told["samples"]) == 4  # type: ignore[arg-type]
        assert r"Second \| hostile" in as_markdown("Gated", "now", standing)
    assert len(world.stand().history) == 3
