"""Waiving by command, and what a constraint refuses: the preview of a live run, never the way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from console.acts.previews import Previewer
from console.acts.waivers import WaiverDesk, moment
from console.acts.watch_desk import JournalWatch
from console.commands.waive import waive
from console.compose import live_setting, sandbox_setting
from console.exit_codes import CommandError
from console.journal.journals import read_status
from operations.plan.loader import load_plan
from screens.ports import DeskError
from state.chain import spoken
from state.journal import PlanIdentity
from state.projections.states import OperationState, OperationStatus, PlanStatus
from state.reader import JournalReader
from state.request_events import RequestHandover
from tests.state.making import open_journal

PLAN = """
plan: held
title: Held up
account: "123456789012"
region: us-east-1
roles: [{id: tech_lead, title: Lead}]
constraints:
  - {id: C-04, title: No way in, category: security, severity: critical, blocks: ["1"], owner: Security}
  - {id: C-05, title: Slow, category: performance, severity: critical, status: resolved, blocks: ["1"]}
phases:
  - id: "1"
    title: One
    subphases:
      - id: "1.1"
        title: One
        operations:
          - id: setting
            title: A parameter
            kind: configuration
            approval: {roles: [tech_lead], timeout_minutes: 30}
            forward: [{api: "ssm:PutParameter", params: {Name: /a, Value: "1", Type: String}}]
            inverse: [{api: "ssm:DeleteParameter", params: {Name: /a}}]
"""
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    file = tmp_path / "held.yaml"
    file.write_text(PLAN)
    return file


def test_two_people_lift_the_refusal_of_a_live_run_and_the_way_back_is_never_refused(
    plan_file: Path, tmp_path: Path
) -> None:
    loaded, path = load_plan(str(plan_file)), tmp_path / "held.journal"
    live = Previewer.of(loaded.plan, live_setting(loaded.plan, {}))
    refused = live.run(["setting"], PlanStatus()).refused
    assert refused is not None
    assert "setting is blocked by C-04 (critical, open: No way in)" in refused
    sandbox = Previewer.of(loaded.plan, sandbox_setting(loaded.plan, "http://127.0.0.1:1", 1.0))
    preview = sandbox.run(["setting"], PlanStatus())
    assert preview.refused is None
    assert any("C-04" in warning for warning in preview.warnings)
    stands = PlanStatus(operations={"setting": OperationStatus("setting", OperationState.SUCCEEDED)})
    assert live.rollback(["setting"], stands).refused is None

    for count, actor in enumerate(("kim@bastion", "sam@desk"), start=1):
        desk = WaiverDesk(loaded, path, actor=lambda: "nobody")
        assert desk.actor == "nobody"
        result = CliRunner(env={"LOGNAME": actor.partition("@")[0]}).invoke(
            waive,
            [str(plan_file), "C-04", "--until", "4h", "--reason", "drill", "--journal", str(path)],
            standalone_mode=False,
        )
        assert result.exception is None, result.output
        waivers = read_status(path).waivers
        assert len(waivers) == count
        assert waivers[-1].owner == "Security"
        assert (live.run(["setting"], read_status(path)).refused is None) is (count == 2)


@pytest.mark.parametrize(
    ("constraint", "until", "role", "why"),
    [
        ("C-99", "4h", None, "no constraint `C-99`"),
        ("C-05", "4h", None, "C-05 is resolved"),
        ("C-04", "2020-01-01T00:00Z", None, "ends in the future"),
        ("C-04", "4h", "boss", "no role `boss`"),
        ("C-04", "soon", None, "is no time"),
        ("C-04", "9999-12-31T23:00-05:00", None, "is no time"),
        ("C-04", "99999999999999h", None, "is no time"),
        ("C-04", "²m", None, "is no time"),
    ],
)
def test_what_cannot_be_waived(
    plan_file: Path, tmp_path: Path, constraint: str, until: str, role: str | None, why: str
) -> None:
    desk = WaiverDesk(load_plan(str(plan_file)), tmp_path / "held.journal", clock=lambda: NOW)
    with pytest.raises(CommandError, match=why):
        desk.waive(constraint, role, "kim", moment(until, NOW), "because")


def test_times_as_people_give_them() -> None:
    assert moment("90m", NOW) == NOW + timedelta(minutes=90)
    assert moment("7d", NOW) == NOW + timedelta(days=7)
    assert moment("2026-12-01T06:00Z", NOW) == datetime(2026, 12, 1, 6, tzinfo=UTC)
    assert moment("2026-12-01", NOW) == datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)


def test_a_live_run_says_who_must_approve_and_that_it_is_not_who_asks(plan_file: Path) -> None:
    loaded = load_plan(str(plan_file))
    live = Previewer.of(loaded.plan, live_setting(loaded.plan, {}))
    (line,) = live.run(["setting"], PlanStatus()).approvals
    assert "setting: tech_lead must approve within 30 min" in line
    assert "somebody else: :approve setting" in line
    sandbox = Previewer.of(loaded.plan, sandbox_setting(loaded.plan, "http://127.0.0.1:1", 1.0))
    assert sandbox.run(["setting"], PlanStatus()).approvals == ()


def test_the_watch_is_accepted_only_with_the_phrase_of_this_journal(plan_file: Path, tmp_path: Path) -> None:
    loaded, path = load_plan(str(plan_file)), tmp_path / "held.journal"
    identity = PlanIdentity(loaded.plan.plan, loaded.digest)
    with open_journal(path, identity) as journal:
        with JournalReader(path) as reader:
            head = reader.head()
        said = RequestHandover(to="sam", summary="all well", head=head.seq, phrase=spoken(head.hash))
        offer = journal.append(said)
    desk = JournalWatch(loaded, path)
    with pytest.raises(DeskError, match="not the phrase of row"):
        desk.accept(offer.seq, "lusab-babad-gutih-tugad")
    assert desk.accept(offer.seq, spoken(head.hash).upper().replace("-", " ")) == "no runner is at work"
    with pytest.raises(DeskError, match="nobody offers"):
        desk.accept(offer.seq, spoken(head.hash))
    phrase = desk.offer("ana", "again")
    assert phrase.count("-") == 3
    with pytest.raises(DeskError, match="somebody else must accept"):
        desk.accept(desk_offer(path), phrase)
    with pytest.raises(DeskError, match="read-only"):
        JournalWatch(loaded, path, read_only=True).offer("ana", "again")


def desk_offer(path: Path) -> int:
    with JournalReader(path) as reader:
        return reader.head().seq
