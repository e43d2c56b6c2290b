"""How a rehearsal judges: on a stage of dictionaries, with operations that fail, leave things behind, or take too much."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from operations.drill.inventory import Change, Difference
from operations.drill.rehearsal import Carried, Rehearsal, digest_of, undeclared
from operations.plan.graph import PlanGraph
from operations.plan.loader import load_plan
from operations.plan.models import Plan
from state.drill_events import DrillScore, Proof
from state.projections.badges import fold_badges
from state.reader import JournalReader
from tests.plans import head
from tests.state.making import open_journal

HEAD = head("rehearsed")
FORWARD = 'forward: [{api: "sqs:CreateQueue", params: {QueueName: q}}]'
INVERSE = 'inverse: [{api: "sqs:DeleteQueue", params: {QueueUrl: q}}]'


def plan_of(folder: Path, *operations: str) -> Plan:
    rows = "\n".join(f"          - {{{each}, title: t, kind: messaging, {FORWARD}}}" for each in operations)
    file = folder / "plan.yaml"
    file.write_text(HEAD + rows)
    return load_plan(str(file)).plan


class FakeStage:
    """An account of names: carrying `x` out adds `x`, undoing it takes it away, but for what is said to go wrong."""

    def __init__(self, *, fails: str = "", stuck: str = "", litters: str = "", takes: str = "") -> None:
        self.account = {"mine": "here"}
        self.fails, self.stuck, self.litters, self.takes = fails, stuck, litters, takes

    async def forward(self, operations: Sequence[str]) -> Carried:
        for key in operations:
            if key == self.fails:
                return Carried(f"{key}: said no", 1.0)
            self.account[f"q/{key}"] = "here"
        return Carried(None, 1.0)

    async def back(self, operations: Sequence[str]) -> Carried:
        for key in operations:
            if key == self.stuck:
                return Carried(f"{key}: stuck", 2.0)
            self.account.pop(f"q/{key}")
            if key == self.litters:
                self.account[f"litter/{key}"] = "here"
            if key == self.takes:
                self.account.pop("mine", None)
        return Carried(None, 2.0)

    @asynccontextmanager
    async def fork(self) -> AsyncIterator[None]:
        kept = dict(self.account)
        yield
        self.account = kept

    def look(self) -> dict[str, str]:
        return dict(self.account)


def rehearse(plan: Plan, stage: FakeStage, *wanted: str) -> dict[str | None, DrillScore]:
    async def inside() -> dict[str | None, DrillScore]:
        rehearsal = Rehearsal(plan, PlanGraph.of(plan), stage, lambda _: None)
        return {each.operation: each.score async for each in rehearsal.run(wanted or tuple(plan.operations))}

    return asyncio.run(inside())


def results(scores: dict[str | None, DrillScore]) -> dict[str | None, str]:
    return {key: score.result.value for key, score in scores.items()}


def test_what_comes_back_clean_is_proven_and_so_is_the_whole(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, f"id: a, {INVERSE}", f"id: b, depends_on: [a], {INVERSE}")
    scores = rehearse(plan, FakeStage())
    assert results(scores) == {"a": "proven", "b": "proven", None: "proven"}
    assert scores["b"].digest == digest_of(plan.operations["b"])


def test_a_part_leaves_the_whole_unjudged_but_carries_out_what_it_needs(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, f"id: a, {INVERSE}", f"id: b, depends_on: [a], {INVERSE}", f"id: c, {INVERSE}")
    stage = FakeStage()
    assert results(rehearse(plan, stage, "b")) == {"b": "proven"}
    assert set(stage.account) == {"mine", "q/a", "q/b"}


def test_a_failure_is_told_and_what_depends_on_it_fails_too(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, f"id: a, {INVERSE}", f"id: b, depends_on: [a], {INVERSE}")
    scores = rehearse(plan, FakeStage(fails="a"))
    assert scores["a"].result is Proof.FAILED
    assert scores["a"].why == "forward: a: said no"
    assert scores[None].result is Proof.FAILED
    assert scores[None].why == "not carried out: a, b"
    scores = rehearse(plan, FakeStage(stuck="b"))
    assert results(scores) == {"a": "proven", "b": "failed", None: "failed"}
    assert scores["b"].why == "way back: b: stuck"


def test_what_is_left_or_taken_is_a_difference(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, f"id: a, {INVERSE}")
    scores = rehearse(plan, FakeStage(litters="a"))
    assert scores["a"].differences == ("litter/a: added",)
    assert results(scores) == {"a": "failed", None: "failed"}
    assert rehearse(plan, FakeStage(takes="a"))["a"].differences == ("mine: removed",)
    declared = plan_of(tmp_path, f'id: a, leaves: ["litter/*", mine], {INVERSE}')
    assert results(rehearse(declared, FakeStage(litters="a"))) == {"a": "proven", None: "proven"}
    assert rehearse(declared, FakeStage(takes="a"))["a"].result is Proof.FAILED


def test_gaps_and_ways_without_return_are_named(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        f"id: a, sandbox_gap: not in moto, {INVERSE}",
        f"id: b, depends_on: [a], {INVERSE}",
        "id: c, irreversible: gone is gone",
    )
    scores = rehearse(plan, FakeStage(fails="a"))
    assert results(scores) == {"a": "gap", "b": "proven", "c": "irreversible", None: "proven"}
    assert (scores["a"].why, scores["c"].why) == ("not in moto", "gone is gone")


def test_a_replaced_resource_is_declared_by_its_pattern(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, f'id: a, leaves: ["eni/*"], {INVERSE}')
    operations = [plan.operations["a"]]
    new, gone = Difference("eni/1", Change.ADDED), Difference("eni/2", Change.REMOVED)
    assert undeclared(operations, [new, gone]) == ()
    assert undeclared(operations, [gone]) == ("eni/2: removed",)
    assert undeclared(operations, [new, gone, Difference("vpc/1", Change.CHANGED)]) == ("vpc/1: changed",)


def test_badges_count_proofs_in_a_row_of_the_same_form(tmp_path: Path) -> None:
    path = tmp_path / "j.journal"

    def score(result: Proof, seconds: float, digest: str = "d1") -> DrillScore:
        return DrillScore(result=result, digest=digest, back_seconds=seconds)

    with open_journal(path) as journal:
        for seconds in range(1, 21):
            journal.append(score(Proof.PROVEN, float(seconds)), operation="vpc")
        journal.append(score(Proof.FAILED, 1.0), operation="subnets")
        journal.append(score(Proof.PROVEN, 4.0), operation="queues")
        journal.append(score(Proof.PROVEN, 5.0, "d2"), operation="queues")
    with JournalReader(path) as reader:
        events = reader.events()
    badges = fold_badges(events)
    assert (badges["vpc"].proofs, badges["vpc"].p95) == (20, 19.0)
    assert (badges["subnets"].result, badges["subnets"].p95) == (Proof.FAILED, None)
    assert (badges["queues"].proofs, badges["queues"].p95) == (1, 5.0)
    assert badges["queues"].holds_for("d2")
    assert not badges["queues"].holds_for("d1")
    assert fold_badges(events[9:], fold_badges(events[:9])) == badges
