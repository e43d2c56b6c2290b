"""The dependency graph: order, waves, closures, schedule and circles, on random graphs."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.plan.audit.knots import knots, shortest_cycle
from operations.plan.graph import CyclicPlanError, PlanGraph
from operations.plan.loader import load_plan
from operations.plan.models import Operation, OperationKind

Needs = dict[str, tuple[str, ...]]
QUICK = settings(max_examples=50)


def operations(needs: Needs, minutes: dict[str, float] | None = None) -> dict[str, Operation]:
    return {
        key: Operation.model_construct(
            id=key,
            title=key,
            kind=OperationKind.DATA,
            depends_on=depends_on,
            estimate=(minutes or {}).get(key, 1),
        )
        for key, depends_on in needs.items()
    }


@st.composite
def dags(draw: st.DrawFn) -> Needs:
    """Dependencies that point back in some order; the dictionary has another order."""
    size = draw(st.integers(1, 12))
    ids = [f"o{number}" for number in range(size)]
    needs = {
        key: tuple(draw(st.lists(st.sampled_from(ids[:rank]), unique=True, max_size=4))) if rank else ()
        for rank, key in enumerate(ids)
    }
    return {key: needs[key] for key in draw(st.permutations(ids))}


@st.composite
def estimated_dags(draw: st.DrawFn) -> tuple[Needs, dict[str, float]]:
    needs = draw(dags())
    return needs, {key: draw(st.integers(0, 40).map(float)) for key in needs}


@st.composite
def cyclic_graphs(draw: st.DrawFn) -> Needs:
    """A graph without circles, and then a circle through some of its nodes."""
    needs = draw(dags())
    circle = draw(st.lists(st.sampled_from(sorted(needs)), min_size=1, max_size=5, unique=True))
    for key, following in zip(circle, [*circle[1:], circle[0]], strict=True):
        needs[key] = tuple(dict.fromkeys((*needs[key], following)))
    return needs


@QUICK
@given(dags())
def test_waves_hold_every_operation_once_and_after_its_needs(needs: Needs) -> None:
    graph = PlanGraph(operations(needs))
    waves = graph.waves()
    wave_of = {key: number for number, wave in enumerate(waves) for key in wave}
    assert sorted(key for wave in waves for key in wave) == sorted(needs)
    for key in needs:
        assert wave_of[key] == max((wave_of[need] + 1 for need in needs[key]), default=0)
    ranks = list(needs)
    assert all(list(wave) == sorted(wave, key=ranks.index) for wave in waves)


@QUICK
@given(dags(), st.data())
def test_the_order_puts_needs_first(needs: Needs, data: st.DataObject) -> None:
    graph = PlanGraph(operations(needs))
    assert sorted(graph.order) == sorted(needs)
    some = data.draw(st.sets(st.sampled_from(sorted(needs))))
    order = graph.in_order(some)
    assert set(order) == some
    for key in some:
        assert all(order.index(need) < order.index(key) for need in needs[key] if need in some)


@QUICK
@given(dags(), st.data())
def test_ancestors_and_descendants_mirror_each_other(needs: Needs, data: st.DataObject) -> None:
    @cache
    def above(key: str) -> frozenset[str]:
        return frozenset(needs[key]).union(*(above(need) for need in needs[key]))

    graph = PlanGraph(operations(needs))
    for key in needs:
        assert graph.ancestors([key]) == above(key)
        assert graph.descendants([key]) == {other for other in needs if key in above(other)}
        assert graph.needs(key) == needs[key]
        assert set(graph.needed_by(key)) == {other for other in needs if key in needs[other]}
    some = data.draw(st.sets(st.sampled_from(sorted(needs))))
    assert graph.ancestors(some) == frozenset().union(*(above(key) for key in some)) - some


@QUICK
@given(estimated_dags())
def test_the_schedule_is_the_longest_path(plan: tuple[Needs, dict[str, float]]) -> None:
    needs, minutes = plan

    @cache
    def longest_to(key: str) -> float:
        return minutes[key] + max((longest_to(need) for need in needs[key]), default=0)

    @cache
    def longest_from(key: str) -> float:
        after = (longest_from(other) for other in needs if key in needs[other])
        return minutes[key] + max(after, default=0)

    schedule = PlanGraph(operations(needs, minutes)).schedule()
    assert schedule.total == max(map(longest_to, needs))
    assert schedule.sequential == sum(minutes.values())
    for key in needs:
        assert schedule.start[key] == longest_to(key) - minutes[key]
        through = longest_to(key) + longest_from(key) - minutes[key]
        assert schedule.slack[key] == schedule.total - through >= 0
    path = schedule.critical_path
    assert sum(minutes[key] for key in path) == schedule.total
    assert all(schedule.slack[key] == 0 for key in path)
    assert all(first in needs[second] for first, second in pairwise(path))


@QUICK
@given(cyclic_graphs())
def test_a_circle_is_always_reported_and_is_one(needs: Needs) -> None:
    with pytest.raises(CyclicPlanError) as caught:
        PlanGraph(operations(needs))
    cycle = caught.value.cycle
    assert cycle[0] == cycle[-1]
    assert len(set(cycle)) == len(cycle) - 1
    assert all(second in needs[first] for first, second in pairwise(cycle))


@QUICK
@given(cyclic_graphs())
def test_knots_are_the_operations_that_reach_each_other(needs: Needs) -> None:
    def reach(key: str) -> set[str]:
        seen: set[str] = set()
        stack = [key]
        while stack:
            new = set(needs[stack.pop()]) - seen
            seen |= new
            stack.extend(new)
        return seen

    reached = {key: reach(key) for key in needs}
    expected = {
        frozenset(
            other for other in needs if other == key or (other in reached[key] and key in reached[other])
        )
        for key in needs
    }
    found = knots(needs)
    assert {frozenset(knot) for knot in found} == {knot for knot in expected if len(knot) > 1}
    for knot in found:
        circle = shortest_cycle(needs, knot)
        assert circle[0] == circle[-1] == knot[0]
        assert set(circle) <= set(knot)
        assert all(second in needs[first] for first, second in pairwise(circle))


@QUICK
@given(dags())
def test_a_graph_without_circles_has_no_knots(needs: Needs) -> None:
    assert knots(needs) == []


def test_a_long_chain_needs_no_deep_stack() -> None:
    size = 5000
    needs = {f"o{n}": (f"o{n - 1}",) if n else () for n in range(size)}
    graph = PlanGraph(operations(needs))
    assert graph.schedule().total == size
    assert len(graph.ancestors([f"o{size - 1}"])) == size - 1
    assert knots(needs | {"o0": (f"o{size - 1}",)}) == [tuple(needs)]


def test_the_bundled_plan_has_a_schedule() -> None:
    plan = load_plan("reference").plan
    schedule = PlanGraph.of(plan).schedule()
    assert {key for wave in schedule.waves for key in wave} == set(plan.operations)
    assert 0 < schedule.total < schedule.sequential
