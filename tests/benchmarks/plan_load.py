"""Loading the reference plan, and the checks that every command makes before it acts: graph and schedule."""

from collections.abc import Sequence

from operations.plan.graph import PlanGraph
from operations.plan.loader import load_plan
from tests.benchmarks.measure import Line, best, seconds

TIMES = 7


def measure() -> Sequence[Line]:
    loaded = load_plan("reference")
    return [
        best(
            "reference plan loaded and validated",
            [seconds(lambda: load_plan("reference")) for _ in range(TIMES)],
        ),
        best(
            "graph and schedule",
            [seconds(lambda: PlanGraph.of(loaded.plan).schedule()) for _ in range(TIMES)],
        ),
    ]
