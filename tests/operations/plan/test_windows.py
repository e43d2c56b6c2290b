"""Change windows on the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.plan.models import OperationKind, Plan
from operations.plan.windows import is_bound, next_for, open_for, outside_windows

DATA = OperationKind.DATA


def plan(*windows: dict[str, object]) -> Plan:
    """A plan with windows and nothing else."""
    whole = [{"title": "t", "allows": ["data"], **window} for window in windows]
    return Plan.model_validate(
        {
            "plan": "p",
            "title": "P",
            "account": "123456789012",
            "region": "us-east-1",
            "phases": [{"id": "1", "title": "One"}],
            "windows": whole,
        }
    )


NIGHT = {"id": "night", "opens": "22:00", "closes": "02:00", "days": ["fri"]}
FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [(21.99, False), (22, True), (25.99, True), (26, False), (22 - 24, False), (22 + 24, False)],
)
def test_a_window_over_midnight_belongs_to_the_day_it_opens(hours: float, is_open: bool) -> None:
    opening = open_for(plan(NIGHT), DATA, FRIDAY + timedelta(hours=hours))
    assert (opening is not None) is is_open
    if opening:
        assert opening.closes == FRIDAY + timedelta(hours=26)


def test_the_next_opening_may_be_a_week_away() -> None:
    opening = next_for(plan(NIGHT), DATA, FRIDAY + timedelta(hours=22))
    assert opening is not None
    assert opening.opens == FRIDAY + timedelta(days=7, hours=22)


def test_of_two_open_windows_the_later_end_counts() -> None:
    two = plan(
        {"id": "a", "opens": "00:00", "closes": "04:00"}, {"id": "b", "opens": "02:00", "closes": "06:00"}
    )
    opening = open_for(two, DATA, FRIDAY + timedelta(hours=3))
    assert opening is not None
    assert opening.window.id == "b"


def test_a_kind_without_a_window_is_not_bound() -> None:
    assert not is_bound(plan(NIGHT), OperationKind.COMPUTE)
    assert open_for(plan(NIGHT), OperationKind.COMPUTE, FRIDAY) is None
    assert next_for(plan(NIGHT), OperationKind.COMPUTE, FRIDAY) is None


@given(st.floats(-2000, 2000))
def test_it_is_either_open_or_opens_later(hours: float) -> None:
    now = FRIDAY + timedelta(hours=hours)
    made = plan(NIGHT)
    opening, coming = open_for(made, DATA, now), next_for(made, DATA, now)
    assert coming is not None
    assert coming.opens > now
    assert opening is None or opening.opens <= now < opening.closes < coming.opens


def test_what_would_run_outside_of_its_windows_is_named_once_a_kind() -> None:
    operations = [
        {"id": key, "title": key, "kind": "data", "irreversible": "r", "forward": [{"manual": "do it"}]}
        for key in ("one", "two")
    ]
    made = plan(NIGHT).model_copy()
    made = Plan.model_validate(
        {
            **made.model_dump(exclude={"phases"}, exclude_defaults=True),
            "phases": [
                {
                    "id": "1",
                    "title": "One",
                    "subphases": [{"id": "1.1", "title": "S", "operations": operations}],
                }
            ],
        }
    )
    expected = ("outside every change window for data operations; night opens Fri 22:00Z",)
    assert outside_windows(made, made.operations, FRIDAY) == expected
    assert outside_windows(made, made.operations, FRIDAY + timedelta(hours=23)) == ()
