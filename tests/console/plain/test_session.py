"""The line mode over fakes, through a real pipe: the same requests, the same questions, nothing but lines."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import replace

import pytest

from console.actions import ACTIONS
from console.plain.source import Came, LineSource
from console.plain.table import WITHOUT
from screens.ports import ArmPreview
from state.kinds import Kind
from state.projections.states import OperationState, RunState
from state.projections.timeline import TimelineEntry
from tests.console.plain.piped import Listening, listening
from tests.screens.fakes import (
    FakeDesk,
    FakeFeed,
    a_run,
    a_status,
    an_update,
    at,
    hostile_plan,
    hostile_update,
)

ALIAS = "mistersmith-prod"


def arm(talked: Listening) -> None:
    talked.answer("arm", f"Type {ALIAS} to arm")
    talked.answer(ALIAS, "armed: all phases", "armed>")


def test_it_opens_with_where_we_are_and_a_numbered_menu() -> None:
    with listening() as talked:
        said = talked.hear("1. status", "read-only", "BACK OUT, YES", "running 1/3")
    assert "account 123456789012" in said
    assert "LIVE" in said


def test_nothing_but_lines_is_ever_written() -> None:
    """No cursor is placed, no colour set, nothing hidden: hostile text stays text."""
    with listening(FakeFeed([hostile_update()]), plan=hostile_plan()) as talked:
        for line in (
            "status",
            "list",
            "list 9",
            "show traffic-10",
            "constraints",
            "journal",
            "metrics",
            "map",
            "way-back",
            "verify",
            "roles",
            "help",
        ):
            talked.answer(line, "cutover>")
    said = talked.said.getvalue()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said)


def test_ascii_is_ascii() -> None:
    with listening(ascii_words=True) as talked:
        for line in ("status", "list 9", "show traffic-10", "metrics", "help", "constraints C-04"):
            talked.answer(line, "cutover>")
    assert talked.said.getvalue().isascii()


def test_a_number_means_what_was_listed_last() -> None:
    with listening() as talked:
        talked.answer("2", "3. phase 9 Cutover")
        said = talked.answer("3", "2. traffic-10: running 3:12", "4. freeze-writes: no return")
        assert "cutover-checkpoint" in said
        talked.answer("2", "10 % of traffic to AWS", "route53:ChangeResourceRecordSets", "way back")
        talked.answer("7", "nothing is numbered 7")


def test_looking_needs_no_arming() -> None:
    with listening() as talked:
        talked.answer(
            "metrics",
            "read 10 s ago",
            "p95 latency: 360 ms, breached, bound <= 400",
            "newest point 1 min old",
        )
        talked.answer("metrics lag", "replica lag: no value, no data")
        talked.answer("constraints", "1. C-04 critical")
        talked.answer("constraints C-04", "nothing can be exposed safely")
        talked.answer("journal 2", "1842 01:25:10Z traffic-10: step outcome")
        talked.answer("filter frozen", "0 matches")
        talked.answer("status", "as oncall/kim")
        talked.answer(":zone", "local time")
        talked.answer("gate", "this plan has no gate")
        talked.answer("note hold on", "noted")
        assert talked.desk.asked == [("note", "hold on")]


def test_nothing_that_acts_is_asked_for_while_it_is_read_only() -> None:
    with listening() as talked:
        for line in ("run traffic-25", "rollback all", "pause", "resume", "cancel"):
            talked.answer(line, "read-only: arm to act")
        talked.answer("arm 9", f"Type {ALIAS}")
        talked.answer("", "still read-only")
        talked.desk.error = "typed `prod`, the account is another"
        talked.answer("arm", f"Type {ALIAS}")
        talked.answer("prod", "the account is another", "cutover>")
        assert talked.desk.asked == []


def test_a_rollback_shows_everything_and_wants_a_whole_word() -> None:
    desk = FakeDesk()
    with listening(desk=desk) as talked:
        arm(talked)
        talked.answer(
            "rollback traffic-10", "loses", "route53:ChangeResourceRecordSets", "warning", "to roll back"
        )
        talked.answer("y", "nothing was done")
        talked.answer("rollback traffic-10", "Type yes to roll back")
        talked.answer("yes", "Reason")
        talked.answer("errors rise", "asked for: ", "following")
        assert desk.asked[1:] == [("rollback", "traffic-10", "errors rise")]
        talked.answer("", "the run goes on")


def test_what_cannot_be_undone_wants_its_own_name() -> None:
    with listening() as talked:
        arm(talked)
        talked.answer("run freeze-writes", "Type freeze-writes to run")
        talked.answer("yes", "nothing was done")
        talked.answer("run freeze-writes", "Type freeze-writes to run")
        talked.answer("freeze-writes", "Reason")
        talked.answer("", "following")
        assert talked.desk.asked[-1] == ("run", "freeze-writes", "")


def test_what_is_refused_asks_nothing() -> None:
    desk = FakeDesk(refused="the change window closes in 4 minutes")
    with listening(desk=desk) as talked:
        arm(talked)
        said = talked.answer("run traffic-25", "the change window closes in 4 minutes", "nothing was done")
        assert "Type" not in said


def test_a_phase_that_is_not_armed_is_refused() -> None:
    with listening() as talked:
        talked.answer("arm 6", f"Type {ALIAS}")
        talked.answer(ALIAS, "armed: phase 6")
        talked.answer("run traffic-25", "phase 9 is not armed")
        talked.answer("run nonsense", "no operation `nonsense`")


def test_short_credentials_arm_for_the_way_back_only() -> None:
    desk = FakeDesk(armable=ArmPreview(("armed for the way back only",), way_back_only=True))
    with listening(desk=desk) as talked:
        arm(talked)
        talked.answer("run traffic-25", "armed for the way back only, the credentials are too short")
        talked.answer("rollback traffic-10", "Type yes")
        talked.answer("no", "nothing was done")


@pytest.mark.parametrize(("word", "asked"), [("pause", "pause"), ("cancel", "cancel"), ("resume", "resume")])
def test_a_run_is_stopped_with_a_whole_word(word: str, asked: str) -> None:
    with listening() as talked:
        arm(talked)
        talked.answer(word, f"Type yes to {word}")
        talked.answer("yes", f"{word} asked for")
        assert talked.desk.asked[-1] == (asked,)


def test_a_followed_run_says_each_event_and_how_it_ended() -> None:
    with listening() as talked:
        talked.answer("follow", "following")
        entry = TimelineEntry(1843, at(1), "runner@bastion", "operation.succeeded", "traffic-10", "")
        done = {"traffic-10": replace(a_status().operations["traffic-10"], state=OperationState.SUCCEEDED)}
        status = replace(a_status(a_run(RunState.SUCCEEDED)), seq=1843, operations=done)
        talked.feed.pending.append(replace(an_update(), status=status, entries=(entry,), runner_alive=False))
        talked.hear("01:25:11Z traffic-10: operation succeeded", "the run succeeded", "cutover>")


def test_what_is_urgent_is_said_at_once_and_the_rest_at_the_next_line() -> None:
    with listening() as talked:
        quiet = TimelineEntry(1843, at(1), "r", "operation.started", "traffic-25", "")
        loud = TimelineEntry(1844, at(0), "r", str(Kind.TRIGGER_FIRED), "traffic-25", "error rate 9 > 5")
        talked.feed.pending.append(replace(an_update(), entries=(quiet, loud)))
        said = talked.hear("trigger fired, error rate 9 > 5")
        assert "operation started" not in said
        talked.answer("", "traffic-25: operation started")


def test_it_falls_back_to_read_only_when_nobody_is_there() -> None:
    with listening() as talked:
        arm(talked)
        talked.clock.pass_minutes(16)
        talked.hear("read-only: idle for 15 minutes", "cutover>")
        assert talked.desk.asked[-1] == ("disarm", "idle for 15 minutes")


def test_another_identity_disarms() -> None:
    with listening() as talked:
        arm(talked)
        talked.hear("armed>")
        talked.metrics.place = replace(talked.metrics.place, identity="arn:aws:iam::1:user/eve")
        talked.hear("read-only: another identity")


def test_the_end_of_the_input_leaves_and_says_that_the_run_goes_on() -> None:
    with listening() as talked:
        arm(talked)
    assert talked.desk.asked[-1] == ("disarm", "the console closed")
    assert talked.said.getvalue().endswith(
        "left: the input has ended; the run goes on without this console\n"
    )


def test_quitting_during_a_run_asks() -> None:
    with listening() as talked:
        talked.answer("quit", "A run is going", "Type yes to leave")
        talked.answer("no", "still here")
        talked.answer("q", "Type yes to leave")
        talked.answer("yes", "left: asked to quit")


def test_what_was_typed_before_a_question_does_not_answer_it() -> None:
    """On a terminal, that is: a program that sends lines knows what it will be asked."""
    with listening(terminal=True) as talked:
        talked.answer("arm", f"Type {ALIAS}")
        talked.answer(ALIAS, "armed>")
        talked.type("run traffic-25\nyes\nyes")
        talked.hear("Type yes to run")
        talked.answer("no", "nothing was done")
        assert [what[0] for what in talked.desk.asked] == ["arm"]


def test_every_command_with_a_word_is_here_or_says_why_not() -> None:
    """None needs a screen; a command of the table that is added must be added here as well."""
    words = {action.command for action in ACTIONS if action.command}
    with listening() as talked:
        talked.answer("theme light", "lines have no colours")
        talked.answer("thmee", "there is no command thmee; help lists them")
        talked.answer("pa", ":pa could be :pause or :pause-metrics; nothing was done")
        said = talked.answer("help", "the end of the input leaves", "cutover>")
    helped = {row.partition(":")[0].partition(" ")[0] for row in said.splitlines()}
    assert words - helped == WITHOUT.keys()


def test_ctrl_c_explains_and_answers_no_question() -> None:
    """Signals go to the main thread, so that one is sent to a process of its own in the end-to-end test."""
    reading, typing = os.pipe()
    source = LineSource(reading)
    with source.signals():
        signal.raise_signal(signal.SIGINT)
        assert source.next(5).came is Came.INTERRUPT
        signal.raise_signal(signal.SIGTERM)
        heard = source.next(5)
        assert (heard.came, heard.signal) == (Came.TOLD_TO_END, signal.SIGTERM)
    os.close(typing)
    assert source.next(5).came is Came.END
    source.close()
    os.close(reading)
