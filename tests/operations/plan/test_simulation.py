"""The schedule against independent computations: networkx for the paths, plain bounds for slots and caps."""

from __future__ import annotations

import json
from collections import Counter

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.plan.graph import PlanGraph
from operations.plan.loader import load_plan
from operations.plan.models import Limits, Operation, OperationKind, Plan
from operations.plan.registers import Group
from operations.plan.simulation import Simulated, duration, group_figures, simulate


@pytest.fixture(scope="module")
def reference() -> Plan:
    return load_plan("reference").plan


def as_graph(plan: Plan) -> nx.DiGraph:
    """The dependencies as networkx has them: an edge weighs the minutes of where it starts."""
    graph = nx.DiGraph()
    graph.add_nodes_from(plan.operations)
    for key, operation in plan.operations.items():
        graph.add_weighted_edges_from(
            (need, key, plan.operations[need].estimate) for need in operation.depends_on
        )
    return graph


def test_waves_and_critical_path_agree_with_networkx(reference: Plan) -> None:
    from console.commands.schedule import schedule

    answer = CliRunner().invoke(schedule, ["reference", "--format", "json"], standalone_mode=False)
    said = json.loads(answer.stdout)
    graph = as_graph(reference)
    assert [set(wave) for wave in said["waves"]] == [
        set(layer) for layer in nx.topological_generations(graph)
    ]
    path = nx.dag_longest_path(_with_end(graph, reference))[:-1]
    assert sum(reference.operations[key].estimate for key in path) == said["minutes"]["critical_path"]
    assert nx.is_path(graph, said["critical_path"])
    assert (
        sum(reference.operations[key].estimate for key in said["critical_path"])
        == said["minutes"]["critical_path"]
    )
    assert said["minutes"]["sequential"] == sum(each.estimate for each in reference.operations.values())


def _with_end(graph: nx.DiGraph, plan: Plan) -> nx.DiGraph:
    whole = graph.copy()
    whole.add_weighted_edges_from((key, "the end", plan.operations[key].estimate) for key in plan.operations)
    return whole


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of a dozen operations in two groups, one of them with a cap."""
    size = draw(st.integers(1, 12))
    ids = [f"o{number}" for number in range(size)]
    operations = {
        key: Operation.model_construct(
            id=key,
            title=key,
            kind=OperationKind.DATA,
            group=draw(st.sampled_from(["free", "capped"])),
            depends_on=tuple(draw(st.lists(st.sampled_from(ids[:rank]), unique=True, max_size=3)))
            if rank
            else (),
            estimate=draw(st.integers(0, 9)),
            checkpoint=(),
            forward=(),
            verify=(),
        )
        for rank, key in enumerate(ids)
    }
    groups = (
        Group(id="free", title="free"),
        Group(id="capped", title="capped", max_parallel=draw(st.integers(1, 3))),
    )
    plan = Plan.model_construct(plan="p", limits=Limits(), groups=groups, phases=())
    plan.__dict__["operations"] = operations
    return plan


@given(plans(), st.integers(1, 5))
@settings(max_examples=60)
def test_slots_caps_and_dependencies_are_kept(plan: Plan, slots: int) -> None:
    simulated = simulate(plan, PlanGraph.of(plan), slots)
    assert simulated.start.keys() == plan.operations.keys()
    for key, operation in plan.operations.items():
        assert all(simulated.end[need] <= simulated.start[key] for need in operation.depends_on)
    cap = plan.groups[1].max_parallel
    for moment in set(simulated.start.values()):
        busy = [key for key in plan.operations if simulated.start[key] <= moment < simulated.end[key]]
        assert len(busy) <= slots
        assert Counter(plan.operations[key].group for key in busy)["capped"] <= (cap or 0)
    _stays_within_its_bounds(plan, simulated, slots)


def _stays_within_its_bounds(plan: Plan, simulated: Simulated, slots: int) -> None:
    schedule = PlanGraph.of(plan).schedule()
    assert max(schedule.total, schedule.sequential / slots) <= simulated.total <= schedule.sequential


@given(plans())
@settings(max_examples=30)
def test_slots_without_end_leave_the_critical_path(plan: Plan) -> None:
    free = plan.model_copy(update={"groups": ()})
    free.__dict__["operations"] = plan.operations
    graph = PlanGraph.of(free)
    assert simulate(free, graph, 99).total == graph.schedule().total
    assert simulate(free, graph, 1).total == graph.schedule().sequential


def test_a_rate_limit_stretches_an_operation(reference: Plan) -> None:
    subnets = reference.operations["subnets"]
    assert duration(subnets, {"ec2": 1000}) == subnets.estimate
    assert duration(subnets, {"ec2": 0.001}) > subnets.estimate


def test_a_group_shows_what_was_claimed_beside_what_it_adds_up_to(reference: Plan) -> None:
    figures = {each.id: each for each in group_figures(reference)}
    assert set(figures) == {operation.group for operation in reference.operations.values()}
    assert figures["G3"].planned == 15
    assert figures["G3"].worked == 27
    assert sum(each.summed for each in figures.values()) == 449
