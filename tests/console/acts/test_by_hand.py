"""Answers by hand: which run they are for, what is refused without looking, and what is journaled."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.acts.by_hand import HandClerk, direction_for, saves_of
from operations.plan.loader import load_plan
from screens.by_hand_port import Bar, HandAct
from screens.ports import DeskError
from state.events import Direction
from state.journal import PlanIdentity
from state.kinds import Kind
from state.operation_events import OperationMarkedDone
from state.projections.states import OperationState
from state.projections.status import fold
from state.reader import JournalReader
from tests.console.acts.test_resolve import _in_doubt
from tests.state.making import open_journal


def _never() -> object:
    raise AssertionError("the account is not looked at")


@pytest.fixture
def clerk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HandClerk:
    """For a plan whose only operation is in doubt in step 3."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    plan, path = _in_doubt(tmp_path, "LIVE", 3)
    return HandClerk(load_plan(str(plan)), path, _never)  # type: ignore[arg-type]


@pytest.mark.parametrize("act", [HandAct.SKIP, HandAct.MARK_DONE])
def test_what_is_in_doubt_is_resolved_first(clerk: HandClerk, act: HandAct) -> None:
    preview = clerk.look(act, "message")
    assert preview.refused is not None
    assert preview.refused.bar is Bar.DOUBT
    with pytest.raises(DeskError, match="in doubt"):
        clerk.answer(preview, "because")


def test_a_way_back_is_given_up_only_in_a_rollback(clerk: HandClerk) -> None:
    preview = clerk.look(HandAct.ORPHAN, "message")
    assert preview.refused is not None
    assert "no rollback of it" in preview.refused.why


def test_a_request_needs_a_reason_and_is_journaled(clerk: HandClerk, tmp_path: Path) -> None:
    clerk.path = tmp_path / "another.journal"
    preview = clerk.look(HandAct.SKIP, "message")
    assert preview.refused is None
    with pytest.raises(DeskError, match="needs a reason"):
        clerk.answer(preview, "  ")
    assert "the next run of it takes that up" in clerk.answer(preview, "nobody reads it")
    with JournalReader(clerk.path) as reader:
        asked = reader.newest(1, kind=Kind.REQUEST_SKIP.value)[0]
    assert (asked.operation, asked.data["reason"]) == ("message", "nobody reads it")
    clerk.read_only = True
    with pytest.raises(DeskError, match="read-only"):
        clerk.answer(preview, "again")


def test_what_was_saved_by_hand_counts_as_saved(clerk: HandClerk, tmp_path: Path) -> None:
    operation = clerk.loaded.plan.operations["message"]
    assert saves_of(operation) == {"one", "two"}
    path = tmp_path / "done.journal"
    with open_journal(path, PlanIdentity("said", clerk.loaded.digest)) as journal:
        done = OperationMarkedDone(reason="r", by="kim", saved={"one": "m-1"})
        journal.append(done, run="R", operation="message")
    with JournalReader(path) as reader:
        status = fold(reader.events())
    assert status.of("message").state is OperationState.MARKED_DONE
    assert status.saved == {"message.one": "m-1"}
    assert direction_for(status, "message") is Direction.FORWARD
