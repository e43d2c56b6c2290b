"""`cutover rehearse` as a command: proofs of a small plan, an inverse that leaves something, badges in the journal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from operations.drill.rehearsal import digest_of
from operations.plan.loader import load_plan
from state.drill_events import Proof
from state.projections.badges import WHOLE, fold_badges
from state.reader import JournalReader
from tests.e2e.conftest import Cutover
from tests.plans import head

WHOLE_PLAN = 1800.0
"""Seconds that a rehearsal of 60 operations may take on a loaded machine."""
LITTERING = (
    head("littering")
    + """\
          - id: topic
            title: A topic and a queue
            kind: messaging
            forward:
              - {api: "sns:CreateTopic", params: {Name: left}, save: {topic_arn: TopicArn}}
              - {api: "sqs:CreateQueue", params: {QueueName: undone}, save: {queue_url: QueueUrl}}
            verify: [{api: "sqs:GetQueueUrl", params: {QueueName: undone}}]
            inverse: [{api: "sqs:DeleteQueue", params: {QueueUrl: "${queue_url}"}}]
"""
)


@pytest.mark.soak
def test_a_small_plan_is_proven_and_badged(cutover: Cutover, small: str) -> None:
    rehearsed = cutover("rehearse", small, "--format", "json")
    assert rehearsed.code == 0, rehearsed.err
    results = {key: row["result"] for key, row in rehearsed.json["operations"].items()}
    assert results == {"network": "proven", "setting": "proven", "farewell": "irreversible"}
    assert rehearsed.json["plan"]["result"] == "proven"
    with JournalReader(cutover.journal) as reader:
        found = fold_badges(reader.events())
    plan = load_plan(small).plan
    assert found["network"].proofs == 1
    assert found["network"].holds_for(digest_of(plan.operations["network"]))
    assert found["setting"].p95 is not None
    assert found[WHOLE].result is Proof.PROVEN
    assert cutover("status", small, "--format", "json").json["operations"]["network"]["state"] == "pending"


@pytest.mark.soak
def test_what_an_inverse_leaves_is_told(cutover: Cutover, tmp_path: Path) -> None:
    plan = tmp_path / "littering.yaml"
    plan.write_text(LITTERING)
    rehearsed = cutover("rehearse", str(plan), "--format", "json")
    assert rehearsed.code == 1
    row = rehearsed.json["operations"]["topic"]
    assert row["result"] == "failed"
    assert row["differences"] == ["sns/topic/arn:aws:sns:us-east-1:123456789012:left: added"]


@pytest.mark.soak
@pytest.mark.xdist_group("reference")
def test_every_reversible_operation_of_the_reference_plan_is_proven(cutover: Cutover) -> None:
    plan = load_plan("reference").plan
    rehearsed = replace(cutover, patience=WHOLE_PLAN)("rehearse", "reference", "--format", "json")
    results = {key: row["result"] for key, row in rehearsed.json["operations"].items()}
    expected = {
        key: "gap" if each.sandbox_gap else "proven" if each.reversible else "irreversible"
        for key, each in plan.operations.items()
    }
    assert results == expected
    assert rehearsed.json["plan"]["result"] == "proven"
    assert rehearsed.code == 0
