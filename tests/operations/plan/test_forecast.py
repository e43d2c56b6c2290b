"""How long the rest takes: the longest chain or the slots, and the pace of what is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from operations.plan.forecast import Forecast, forecast, forecast_back, paces
from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from screens.glyphs import ASCII, UNICODE
from screens.progress import Counted, bar, forecast_source, forecast_text
from state.projections.states import OperationState, OperationStatus, PlanStatus

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def a_plan(needs: dict[str, list[str]]) -> Plan:
    step = {"api": "ssm:PutParameter", "params": {}}
    operations = [
        {
            "id": key, "title": key, "kind": "configuration", "estimate": 10, "depends_on": wanted,
            "forward": [step], "inverse": [step],
        }
        for key, wanted in needs.items()
    ]  # fmt: skip
    sub = {"id": "1.1", "title": "one", "operations": operations}
    return Plan.model_validate(
        {
            "plan": "p", "title": "p", "account": "123456789012", "region": "us-east-1",
            "phases": [{"id": "1", "title": "one", "subphases": [sub]}],
        }
    )  # fmt: skip


def at(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


def status_of(done: dict[str, float], running: dict[str, float] | None = None) -> PlanStatus:
    """Operations that took so many minutes, and others that have run for so many."""
    states = {
        key: OperationStatus(key, OperationState.SUCCEEDED, started_at=at(-100), ended_at=at(-100 + took))
        for key, took in done.items()
    }
    for key, minutes in (running or {}).items():
        states[key] = OperationStatus(key, OperationState.RUNNING, started_at=at(-minutes))
    return PlanStatus(operations=states)


CHAIN = {"a": [], "b": ["a"], "c": ["b"], "d": ["c"], "e": ["d"]}
WIDE = {key: [] for key in "abcde"}


@pytest.mark.parametrize(
    ("needs", "slots", "minutes"), [(CHAIN, 4, 50), (WIDE, 5, 10), (WIDE, 1, 50), (WIDE, 2, 25)]
)
def test_the_longest_chain_or_the_slots(needs: dict[str, list[str]], slots: int, minutes: float) -> None:
    plan = a_plan(needs)
    found = forecast(plan, PlanGraph.of(plan), PlanStatus(), plan.operations, slots, NOW)
    assert found == Forecast(minutes, 5)
    assert "too little" in forecast_source(found)
    assert forecast_text(found) == f"~{minutes} min left"


def test_what_is_done_counts_no_more_and_what_runs_counts_with_its_rest() -> None:
    plan = a_plan(CHAIN)
    status = status_of({"a": 10, "b": 10}, running={"c": 4})
    assert forecast(plan, PlanGraph.of(plan), status, plan.operations, 4, NOW).estimated == 26
    late = status_of({"a": 10, "b": 10}, running={"c": 40})
    assert forecast(plan, PlanGraph.of(plan), late, plan.operations, 4, NOW).estimated == 20


def test_the_pace_of_three_says_how_well_estimates_hold() -> None:
    plan = a_plan(CHAIN)
    status = status_of({"a": 5, "b": 10, "c": 30})
    assert paces(plan, status) == (0.5, 1, 3)
    found = forecast(plan, PlanGraph.of(plan), status, plan.operations, 4, NOW)
    assert (found.estimated, found.p50, found.p95) == (20, 20, 60)
    assert forecast_text(found) == "~20 min left, p95 1 h"


def test_a_rollback_goes_the_other_way_round() -> None:
    """Dependents first; what is undone counts no more, and what is being undone with its rest."""
    plan = a_plan(CHAIN)
    graph, minutes = PlanGraph.of(plan), {"a": 10.0, "b": 20.0, "c": 30.0}
    states = {key: OperationStatus(key, OperationState.SUCCEEDED) for key in "ab"}
    states["c"] = OperationStatus("c", OperationState.ROLLING_BACK, started_at=at(-12))
    status = PlanStatus(operations=states)
    assert forecast_back(graph, status, plan.operations, minutes, 4, NOW) == Forecast(48, 3)
    wide = a_plan(WIDE)
    even = dict.fromkeys(WIDE, 10.0)
    assert forecast_back(PlanGraph.of(wide), PlanStatus(), WIDE, even, 2, NOW).estimated == 25


def test_a_bar_is_full_only_when_all_is_done() -> None:
    assert bar(999, 1000, 8, UNICODE) == "███████░"
    assert bar(1000, 1000, 8, UNICODE) == "████████"
    assert bar(0, 4, 4, ASCII) == "...."
    assert bar(2, 4, 4, ASCII) == "##.."
    assert Counted(0, 5, 3).text() == "0/5 0:03"
    assert Counted(2, 6, 10).text() == "2/6 0:10, about 0:20 left"
