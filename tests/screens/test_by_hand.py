"""Answers by hand: what the dialog shows, that a reason is wanted, and that the desk gets exactly what was answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from screens.by_hand import HandScreen
from screens.by_hand_port import Bar, HandAct, HandPreview, Refusal
from screens.ports import DeskError
from tests.screens.driving import LARGE, SMALL, Driven, make, text_of, until

Compare = Callable[..., bool]
ALL = frozenset({"*"})
MARK = HandPreview(
    HandAct.MARK_DONE,
    "traffic-10",
    "Mark traffic-10 done by hand",
    ("You have done it yourself: it counts as done, and what depends on it may start.",),
    "later needed by: traffic-25, traffic-50",
    ("route53:ListResourceRecordSets: pass",),
)
DOUBT = replace(
    MARK,
    act=HandAct.RESOLVE,
    title="Resolve traffic-10",
    seen=("why: nobody saw the answer", "proposal: not-done"),
    choices=("done", "not-done"),
)


@dataclass
class FakeHands:
    """Takes answers; `preview` is what a look brings."""

    preview: HandPreview = MARK
    error: str | None = None
    looked: list[tuple[HandAct, str]] = field(default_factory=list)
    answered: list[tuple[HandAct, str, str | None]] = field(default_factory=list)

    def look(self, act: HandAct, operation: str) -> HandPreview:
        self.looked.append((act, operation))
        if self.error is not None:
            raise DeskError(self.error)
        return self.preview

    def answer(self, preview: HandPreview, reason: str, choice: str | None = None) -> str:
        self.answered.append((preview.act, reason, choice))
        return f"asked to {preview.act} {preview.operation} in event 7"


def _driven(hands: FakeHands) -> Driven:
    driven = make()
    driven.app.ports = replace(driven.app.ports, hands=hands)
    return driven


async def _open(driven: Driven, pilot: Pilot[int], command: str = "mark-done traffic-10") -> None:
    await driven.settle(pilot)
    driven.app.armed = ALL
    driven.app.run_command(command)
    await driven.dialog(pilot)


async def test_a_reason_is_wanted_and_cancel_has_the_focus() -> None:
    hands = FakeHands()
    driven = _driven(hands)
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await _open(driven, pilot)
        assert hands.looked == [(HandAct.MARK_DONE, "traffic-10")]
        assert isinstance(driven.app.focused, Button)
        assert "route53:ListResourceRecordSets: pass" in text_of(driven.app)
        await pilot.press("y", "tab", "enter")
        assert isinstance(driven.app.screen, HandScreen)
        assert driven.app.screen.query_one("#reason", Input).has_class("-wrong")
        assert hands.answered == []
        await pilot.press(*"me", "enter")
        await until(pilot, lambda: bool(hands.answered))
        assert hands.answered == [(HandAct.MARK_DONE, "me", None)]


async def test_an_answer_is_one_of_those_there_are() -> None:
    hands = FakeHands(DOUBT)
    driven = _driven(hands)
    async with driven.app.run_test(size=SMALL) as pilot:
        await _open(driven, pilot, "resolve traffic-10")
        await pilot.press("tab", *"maybe", "enter")
        assert driven.app.screen.query_one("#choice", Input).has_class("-wrong")
        driven.app.screen.query_one("#choice", Input).value = "not-done"
        await pilot.press("enter", *"seen", "enter")
        await until(pilot, lambda: bool(hands.answered))
        assert hands.answered == [(HandAct.RESOLVE, "seen", "not-done")]


async def test_what_is_refused_only_closes_and_nothing_is_asked_read_only() -> None:
    hands = FakeHands(replace(MARK, refused=Refusal(Bar.EVIDENCE, "ec2:DescribeVpcs: fail: none there")))
    driven = _driven(hands)
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        driven.app.run_command("skip traffic-10")
        await pilot.pause()
        assert hands.looked == []
        await _open(driven, pilot)
        assert "none there" in text_of(driven.app)
        assert not driven.app.screen.query("#reason")
        await pilot.press("enter")
        await until(pilot, lambda: driven.app.screen is driven.app.main)
        assert hands.answered == []
        hands.error = "the account cannot be looked at"
        driven.app.run_command("orphan traffic-10")
        await until(pilot, lambda: "cannot be looked at" in text_of(driven.app))


@pytest.mark.parametrize(
    ("size", "preview"), [(SMALL, MARK), (LARGE, MARK), (SMALL, DOUBT)], ids=["80x24", "120x40", "doubt"]
)
def test_the_dialog(snap_compare: Compare, size: tuple[int, int], preview: HandPreview) -> None:
    driven = _driven(FakeHands(preview))

    async def steps(pilot: Pilot[int]) -> None:
        await _open(driven, pilot, f"{preview.act} traffic-10")

    assert snap_compare(driven.app, terminal_size=size, run_before=steps)
