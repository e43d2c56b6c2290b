"""The bell: few events ring, none of the past, not twice within seconds."""

from datetime import timedelta

import pytest

from console.notices import Urgency, loudest, notice_of, notices
from console.terminal.bell import QUIET_SECONDS, Bell
from screens.ports import Banner
from state.kinds import Kind
from state.projections.timeline import TimelineEntry
from tests.screens.fakes import HOSTILE, NOW

LOUD = {
    Kind.OPERATION_FAILED,
    Kind.OPERATION_IN_DOUBT,
    Kind.OPERATION_HELD,
    Kind.TRIGGER_FIRED,
    Kind.APPROVAL_EXPIRED,
    Kind.LEASE_LOST,
    Kind.RUN_PAUSED,
    Kind.RUN_INTERRUPTED,
    Kind.RUN_FINISHED,
}


def entry(kind: str, seq: int = 5, text: str = "why", operation: str | None = "traffic-10") -> TimelineEntry:
    return TimelineEntry(seq, "2026-11-22T01:25:12Z", "kim@bastion", kind, operation, text)


class Room:
    """A bell and what it sends."""

    def __init__(
        self, environment: dict[str, str] | None = None, *, rings: bool = True, notifies: bool = True
    ) -> None:
        self.sent: list[str] = []
        self.now = 100.0
        self.bell = Bell(environment or {}, self.sent.append, lambda: self.now, rings, notifies)
        self.bell.hear(4, [])


@pytest.mark.parametrize("kind", Kind)
def test_only_the_few_events_that_deserve_it_ring(kind: Kind) -> None:
    room = Room()
    room.bell.hear(5, [entry(kind.value)])
    assert bool(room.sent) == (kind in LOUD)


def test_what_happened_before_the_console_opened_rings_nobody() -> None:
    sent: list[str] = []
    bell = Bell({}, sent.append, lambda: 1.0)
    bell.hear(9, [entry("operation.failed", 8)])
    bell.hear(9, [entry("operation.failed", 8)])
    assert not sent
    bell.hear(10, [entry("operation.failed", 10)])
    assert len(sent) == 1


def test_it_rings_and_asks_for_a_notification_unless_told_otherwise() -> None:
    both, ring, told, none = (
        Room(),
        Room(notifies=False),
        Room(rings=False),
        Room(rings=False, notifies=False),
    )
    for room in (both, ring, told, none):
        room.bell.hear(5, [entry("operation.failed")])
    assert both.sent == ["\x07\x1b]9;cutover: traffic-10 failed: why\x07"]
    assert ring.sent == ["\x07"]
    assert told.sent == ["\x1b]9;cutover: traffic-10 failed: why\x07"]
    assert none.sent == []


def test_several_at_once_are_one_call_for_the_worst_of_them() -> None:
    room = Room()
    room.bell.hear(
        8,
        [
            entry("operation.in_doubt", 5),
            entry("operation.held", 6),
            entry("run.finished", 7, "forward  held", None),
        ],
    )
    assert len(room.sent) == 1
    assert "the run ended: forward  held (and 2 more)" in room.sent[0]


def test_no_second_call_within_seconds_but_it_comes_later() -> None:
    room = Room()
    room.bell.hear(5, [entry("operation.failed", 5)])
    room.now += QUIET_SECONDS - 1
    room.bell.hear(6, [entry("trigger.fired", 6)])
    room.bell.ring()
    assert len(room.sent) == 1
    room.now += 1
    room.bell.ring()
    room.bell.ring()
    assert len(room.sent) == 2
    assert "breached" in room.sent[1]


def test_a_login_that_is_due_rings_once() -> None:
    room = Room()
    banner = Banner("p", "LIVE", "1", None, "r", "arn", login_by=NOW + timedelta(minutes=9))
    for _ in range(3):
        room.now += 60
        room.bell.mind_login(banner, NOW)
    assert len(room.sent) == 1
    assert "log in: the credentials end in 9 min" in room.sent[0]
    late = Banner("p", "LIVE", "1", None, "r", "arn", login_by=NOW + timedelta(hours=2))
    room.bell.mind_login(late, NOW)
    assert len(room.sent) == 1


def test_tmux_hands_the_notification_on_and_the_kernels_console_gets_none() -> None:
    tmux, console = Room({"TMUX": "x"}), Room({"TERM": "linux"})
    for room in (tmux, console):
        room.bell.hear(5, [entry("operation.failed")])
    assert tmux.sent == ["\x07\x1bPtmux;\x1b\x1b]9;cutover: traffic-10 failed: why\x07\x1b\\"]
    assert console.sent == ["\x07"]


def test_hostile_text_stays_text() -> None:
    room = Room()
    room.bell.hear(5, [entry("operation.failed", text=HOSTILE, operation=HOSTILE)])
    assert room.sent[0].count("\x1b") == 1
    assert room.sent[0].count("\x07") == 2


def test_a_run_that_ended_well_is_good_news() -> None:
    good, bad = (
        entry("run.finished", text="forward  succeeded"),
        entry("run.finished", text="forward  failed"),
    )
    assert [notice.urgency for notice in notices([good, bad])] == [Urgency.SUCCESS, Urgency.FAILURE]
    assert loudest([]) is None
    assert notice_of(entry("step.intent")) is None
