"""Which step a person's answer is about, which values it needs, and what its signature covers."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from console.acts.doubts import find_doubt, step_of
from console.commands.resolve import resolve
from console.exit_codes import CommandError
from operations.plan.loader import load_plan
from state.answers import is_genuine
from state.events import Direction
from state.journal import PlanIdentity
from state.operation_events import StepIntent
from state.reader import JournalReader
from state.run_events import RunStarted
from tests.plans import head
from tests.state.making import open_journal

PLAN = (
    head("said")
    + """\
          - id: message
            title: A command, stood in for by two calls, and two messages
            kind: messaging
            forward:
              - command: [echo, hello]
                stand_in:
                  - {api: "sqs:CreateQueue", params: {QueueName: a}}
                  - {api: "sqs:CreateQueue", params: {QueueName: b}}
              - {api: "sns:Publish", params: {TopicArn: "arn:aws:sns:us-east-1:123456789012:t", Message: one}, save: {one: MessageId}}
              - {api: "sns:Publish", params: {TopicArn: "arn:aws:sns:us-east-1:123456789012:t", Message: two}, save: {two: MessageId}}
            inverse:
              - {api: "sns:Publish", params: {TopicArn: "arn:aws:sns:us-east-1:123456789012:t", Message: never mind}}
"""
)


def _in_doubt(folder: Path, setting: str, step: int, api: str = "sns:Publish") -> tuple[Path, Path]:
    """A plan and its journal, in which a runner stopped in a step."""
    plan, path = folder / "said.yaml", folder / "said.journal"
    plan.write_text(PLAN)
    loaded = load_plan(str(plan))
    started = RunStarted(
        direction=Direction.FORWARD,
        operations=("message",),
        digest=loaded.digest,
        setting=setting,
        account="123456789012",
        region="us-east-1",
        endpoint=None,
        max_parallel=1,
        request=0,
        pid=1,
    )
    intent = StepIntent(
        step=step,
        attempt=1,
        direction=Direction.FORWARD,
        api=api,
        params_digest="0" * 64,
        token=None,
        mutates=True,
    )
    with open_journal(path, PlanIdentity(loaded.plan.plan, loaded.digest)) as journal:
        journal.append(started, run="R")
        journal.append(intent, run="R", operation="message")
    return plan, path


@pytest.mark.parametrize(
    ("setting", "step", "saves"),
    [("LIVE", 2, {"one"}), ("LIVE", 3, {"two"}), ("DRILL", 3, {"one"}), ("DRILL", 4, {"two"})],
)
def test_the_step_is_found_by_its_number_as_the_setting_counts(
    tmp_path: Path, setting: str, step: int, saves: set[str]
) -> None:
    plan, path = _in_doubt(tmp_path, setting, step)
    found = step_of(load_plan(str(plan)), path, find_doubt(path, "message"))
    assert set(getattr(found, "save", {})) == saves


def test_another_step_in_its_place_is_not_taken_for_it(tmp_path: Path) -> None:
    plan, path = _in_doubt(tmp_path, "LIVE", 1)
    with pytest.raises(CommandError, match="is not sns:Publish any more"):
        step_of(load_plan(str(plan)), path, find_doubt(path, "message"))


def test_the_values_stand_under_the_signature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    plan, path = _in_doubt(tmp_path, "LIVE", 3)
    answer = [str(plan), "message", "--as", "done", "--reason", "it came", "--journal", str(path)]
    asked = CliRunner().invoke(resolve, [*answer, "--save", "one=m-1"])
    assert isinstance(asked.exception, CommandError)
    assert "does not save one" in str(asked.exception)
    assert CliRunner().invoke(resolve, [*answer, "--save", "two=m-2"], catch_exceptions=False).exit_code == 0
    with JournalReader(path) as reader:
        resolved = reader.newest(1, kind="operation.resolved")[0]
        journal_id = reader.meta["journal_id"]
    assert resolved.data["saved"] == {"two": "m-2"}
    assert is_genuine(journal_id, "message", resolved.data)
    for other in ({"two": "m-3"}, {}, {"two": "m-2", "one": "m-1"}):
        assert not is_genuine(journal_id, "message", {**resolved.data, "saved": other})
