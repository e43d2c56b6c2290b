"""What people sign and settle in lines: everything is said first, every field is asked for, a whole word says yes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.console.plain.piped import Listening, listening
from tests.screens.fakes import NOW, FakeFeed, an_update
from tests.screens.furnished import a_full_plan
from tests.screens.test_by_hand import DOUBT, MARK, FakeHands
from tests.screens.test_constraints import FakeSignatory
from tests.screens.test_drill_room import FakeDrill
from tests.screens.test_gate import FakeGate, evidence, history
from tests.screens.test_roles import FakeWatch, watch
from tests.screens.test_verify import FakeMaker

from console.ports import Ports  # isort: skip
from operations.checks.library import CheckedItem, LibraryCheck  # isort: skip
from screens.by_hand_port import Bar, HandAct, Refusal  # isort: skip
from screens.ports import DeskError  # isort: skip
from state.events import Verdict  # isort: skip

ALIAS = "mistersmith-prod"
YES = "anything else does nothing"


@contextmanager
def deciding(ports: Ports) -> Iterator[Listening]:
    """A console in lines at a gate with a verdict, an offer of the watch, and these ports."""
    update = replace(an_update(), evidence=evidence(), gates={"go-no-go": history()}, watch=watch())
    with listening(FakeFeed([update]), plan=a_full_plan(), ports=ports) as talked:
        yield talked


def fill(talked: Listening, *answers: tuple[str, str]) -> None:
    """Answer questions, each known by a word of it."""
    for question, answer in answers:
        talked.hear(question)
        talked.type(answer)


def test_a_verdict_is_signed_in_the_role_that_is_missing() -> None:
    gate = FakeGate()
    with deciding(Ports(gate=gate)) as talked:
        talked.answer("sign", "You sign as sam@desk", "LIVE", "takes migration_manager")
        fill(talked, ("role", ""), ("reason", ""))
        talked.hear("reason is needed; nothing was done")
        talked.type("sign")
        fill(talked, ("role", ""), ("reason", "seen"), (YES, "y"))
        talked.hear("nothing was done")
        assert not gate.asked
        talked.type("sign")
        fill(talked, ("role", ""), ("reason", "seen"), ("Type yes to sign", "yes"))
        talked.hear("signed as migration_manager")
    assert gate.asked == [("sign", "go-no-go", "migration_manager", "seen")]


def test_a_criterion_is_attested_and_waived_and_the_verdict_taken() -> None:
    gate = FakeGate()
    gate.go.set()
    with deciding(Ports(gate=gate)) as talked:
        talked.answer("attest T1.1 pass I say so", "T1.1 is read, not attested")
        talked.answer("gate T3.2", "It bears the load")
        talked.type("attest")
        fill(talked, ("verdict", "perhaps"), ("evidence", "the report"), ("role", ""), (YES, "yes"))
        talked.hear("the verdict is pass or fail")
        talked.type("attest T3.2 pass the report of 01:00Z")
        fill(talked, ("takes pass", ""), ("takes the report", ""), ("takes tech_lead", ""), (YES, "yes"))
        talked.hear("T3.2 attested: pass")
        talked.type("waive T3.2 until 4h only ten percent")
        fill(talked, ("until", ""), ("owner", "Performance"), ("role", ""), ("reason", ""), (YES, "yes"))
        talked.hear("waiver of T3.2 signed")
        talked.answer("take", "making every criterion, reads only", "NO-GO (event 1720)", "cutover>")
    attest, waive, take = gate.asked
    assert attest == ("attest", "T3.2", Verdict.PASS, "the report of 01:00Z", "tech_lead")
    assert waive == (
        "waive", "go-no-go", "T3.2", "migration_manager", "Performance", NOW + timedelta(hours=4), "only ten percent",
    )  # fmt: skip
    assert take == ("take", "go-no-go")


def test_a_constraint_is_waived_by_one_of_two() -> None:
    signatory = FakeSignatory()
    with deciding(Ports(signatory=signatory)) as talked:
        talked.answer("waive", ":waive ID until TIME reason")
        talked.answer("waive C-99", "nothing called C-99 to waive")
        talked.type("waive C-04 until yesterday behind the list")
        fill(talked, ("until", ""), ("owner", ""), ("role", ""), ("reason", ""), (YES, "yes"))
        talked.hear("is no time")
        talked.answer(
            "waive C-04 until 4h behind the list", "It keeps from starting", "two people have signed"
        )
        fill(talked, ("until", ""), ("owner", ""), ("role", ""), ("reason", ""), (YES, "yes"))
        talked.hear("waiver of C-04 signed; two people must")
    assert signatory.signed == [("C-04", None, "Security", NOW + timedelta(hours=4), "behind the list")]


def test_the_wire_changes_after_a_whole_word() -> None:
    drill = FakeDrill()
    with deciding(Ports(drill=drill)) as talked:
        talked.answer("inject", "which one?")
        talked.answer("inject nonsense", "there is no fault or scenario nonsense")
        talked.answer("inject throttled", "too many calls", "Type yes to inject")
        talked.answer("i", "nothing was done")
        assert not drill.asked
        talked.answer("inject throttled", "Type yes to inject")
        talked.answer("yes", "injected")
        talked.answer("clear-faults", "Type yes to clear them")
        talked.answer("yes", "no faults any more")
    assert drill.asked == ["scenario throttled", "clear"]


def test_the_watch_is_offered_and_accepted() -> None:
    desk = FakeWatch()
    with deciding(Ports(watch=desk)) as talked:
        talked.answer("arm", f"Type {ALIAS}")
        talked.answer(ALIAS, "armed>")
        talked.type("handover lee@desk")
        fill(talked, ("takes lee@desk", ""), ("summary", ""), ("Type yes to offer", "yes"))
        talked.hear("Read this out to lee@desk", "lusab-babad-gutih-tugad", "cutover>")
        assert talked.desk.asked[-1] == ("disarm", "the watch was offered to lee@desk")
        talked.type("accept")
        fill(talked, ("phrase", "x-y"), (YES, "yes"))
        talked.hear("not the phrase of row 1840")
        talked.type("accept")
        fill(talked, ("phrase", "a-b-c-d"), (YES, "yes"))
        talked.hear("you have the watch; runner 4711")
    assert desk.asked[0][:2] == ("offer", "lee@desk")
    assert "running 1/3" in str(desk.asked[0][2])
    assert desk.asked[1:] == [("accept", 1841, "a-b-c-d")]


@pytest.mark.parametrize("act", list(HandAct))
def test_an_answer_by_hand_wants_arming_a_reason_and_a_whole_word(act: HandAct) -> None:
    hands = FakeHands(replace(DOUBT if act is HandAct.RESOLVE else MARK, act=act))
    settles = act is HandAct.RESOLVE
    with deciding(Ports(hands=hands)) as talked:
        talked.answer(f"{act.value} traffic-10", "read-only: arm to act")
        talked.answer("arm 9", f"Type {ALIAS}")
        talked.answer(ALIAS, "armed: phase 9")
        talked.answer(act.value, "choose one operation, or name it")
        talked.answer(f"{act.value} vpc", "phase 6 is not armed")
        assert not hands.looked
        talked.answer("show traffic-10", "armed>")
        for reason, word, said in (("", None, "reason is needed"), ("why", "y", "nothing was done")):
            talked.type(act.value)
            fill(talked, *([("answer, done or not-done", "done")] if settles else []), ("reason", reason))
            fill(talked, *([] if word is None else [(f"Type yes to {act.value}", word)]))
            talked.hear(said)
        assert not hands.answered
        talked.type(act.value)
        fill(talked, *([("answer, done or not-done", "done")] if settles else []), ("reason", "seen it"))
        fill(talked, (f"Type yes to {act.value}", "yes"))
        talked.hear("in event 7")
    assert hands.answered == [(act, "seen it", "done" if settles else None)]


def test_a_refused_answer_asks_nothing() -> None:
    hands = FakeHands(replace(MARK, refused=Refusal(Bar.EVIDENCE, "its verification does not pass")))
    with deciding(Ports(hands=hands)) as talked:
        talked.answer("arm", f"Type {ALIAS}")
        talked.answer(ALIAS, "armed>")
        said = talked.answer("mark-done traffic-10", "its verification does not pass", "nothing was done")
        assert "Type" not in said
        hands.error = "the account cannot be looked at"
        talked.answer("mark-done traffic-10", "the account cannot be looked at")
    assert not hands.answered


def test_checks_are_made_one_by_one_and_can_be_stopped() -> None:
    maker = FakeMaker()
    with deciding(Ports(checks=maker)) as talked:
        talked.answer("make nothing-like-it", "no such checks; all, shown, an id, or of: ")
        talked.answer("verify subnets.1", "Six subnets", "cutover>")
        talked.type("make")
        maker.next.release()
        talked.hear("making 1 check, reads only", "subnets.1: pass", "1 pass; 0 not made")
        talked.type("make all")
        maker.next.release()
        talked.hear(": pass")
        talked.answer("zone", "")
        talked.answer("", "1 made so far")
        talked.type("stop")
        talked.hear("no more are begun")
        maker.next.release(10)
        talked.hear("not made", "times are in local time")


class Endless(FakeMaker):
    """Makes checks until it is stopped."""

    def make(
        self,
        checks: Sequence[LibraryCheck],
        told: Callable[[CheckedItem], None],
        stopped: Callable[[], bool],
    ) -> str:
        while not stopped():
            threading.Event().wait(0.01)
        return super().make(checks[:0], told, stopped)


def test_the_end_of_the_input_ends_a_making() -> None:
    with deciding(Ports(checks=Endless())) as talked:
        talked.answer("make all", "stop begins no more")
    assert "left: the input has ended" in talked.said.getvalue()


def test_a_refusal_is_said_in_a_line() -> None:
    class Refusing(FakeGate):
        def sign(self, *what: object) -> object:
            raise DeskError("read-only: this console signs nothing")

    with deciding(Ports(gate=Refusing())) as talked:
        talked.type("sign")
        fill(talked, ("role", ""), ("reason", "seen"), (YES, "yes"))
        talked.hear("read-only: this console signs nothing", "cutover>")
