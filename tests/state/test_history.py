"""A fold at any row is the fold of everything up to it, in whatever order it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from state.events import Event
from state.operation_events import OperationSucceeded
from state.projections.history import History
from state.projections.samples import journaled_samples
from state.projections.states import PlanStatus
from state.projections.status import fold
from tests.state.eventful import histories, made

ALL = 3000


def folded_sum(events: Sequence[Event], before: int) -> int:
    return before + sum(event.seq for event in events)


def a_history(count: int, most: int) -> History[int]:
    events = made([(OperationSucceeded(seconds=1), "vpc", "A")] * count)
    return History(0, folded_sum, lambda after, limit: events[after : after + limit], most)


@given(asked=st.lists(st.integers(1, ALL), min_size=1, max_size=12), most=st.integers(2, 9))
@settings(max_examples=15, deadline=None)
def test_any_row_in_any_order(asked: list[int], most: int) -> None:
    history = a_history(ALL, most)
    for seq in asked:
        assert history.at(seq) == seq * (seq + 1) // 2
        assert history.checkpoints <= most + 1
    history.build(ALL)
    assert [history.at(seq) for seq in asked] == [seq * (seq + 1) // 2 for seq in asked]


@given(events=histories, cut=st.integers(0, 40))
@settings(max_examples=15, deadline=None)
def test_the_plans_status_too(events: list[Event], cut: int) -> None:
    history = History(PlanStatus(), fold, lambda after, limit: events[after : after + limit])
    seq = min(cut, len(events))
    assert history.at(len(events)) == fold(events)
    assert history.at(seq) == fold(events[:seq])


def test_a_row_beyond_the_end_is_the_end() -> None:
    assert a_history(700, 9).at(5000) == 700 * 701 // 2


def test_samples_of_metrics() -> None:
    event = made([(OperationSucceeded(seconds=1), "vpc", "A")])[0]

    def sample(message: str) -> Event:
        return Event(1, "2026-11-20T00:00:10.000000Z", None, "trigger.sample", "vpc", "a@b", None,
                     {"message": message}, "", "")  # fmt: skip

    found = journaled_samples(
        [
            event,
            sample("errors is 0.21 at 00:00:05Z, rings at > 5"),
            sample("errors is 0.21 at 00:00:05Z, rings at > 9"),
            sample("lag is -3e-05 at 23:59:58Z, rings at > 5"),
            sample("lag has no data"),
            sample("[/x] is 7 at 00:00:05Z, rings at"),
        ]
    )
    assert [(each.metric, each.value) for each in found] == [("errors", 0.21), ("lag", -3e-05)]
    assert [f"{each.at:%d %H:%M:%S}" for each in found] == ["20 00:00:05", "19 23:59:58"]
