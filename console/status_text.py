"""Where a plan stands, as text for one screen."""

from __future__ import annotations

from collections import Counter

from console.output import clean
from operations.engine.way_back import standing, way_back
from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from state.projections.states import OperationState, PlanStatus

TROUBLE = (
    OperationState.FAILED,
    OperationState.IN_DOUBT,
    OperationState.HELD,
    OperationState.BLOCKED,
    OperationState.SKIPPED,
)


def status_text(plan: Plan, status: PlanStatus) -> str:
    """One screen: run, phases with counts, what needs a person, the way back, the journal's head."""
    lines = [*_run(plan, status), *_phases(plan, status), *_trouble(plan, status), *_back(plan, status)]
    return "\n".join(clean(line) for line in lines)


def _run(plan: Plan, status: PlanStatus) -> list[str]:
    run = status.run
    if run is None:
        return [f"{plan.plan}  nothing has been run"]
    where = f"{run.setting}  {run.account}  {run.region}  {run.endpoint or ''}".rstrip()
    why = f": {run.why}" if run.why else ""
    return [f"{plan.plan}  run {run.id}  {run.direction.value}  {run.state.value}{why}", where]


def _phases(plan: Plan, status: PlanStatus) -> list[str]:
    lines = []
    for phase in plan.phases:
        if not phase.operations:
            lines.append(f"  {phase.id:<3} {phase.title:<34} claimed {phase.claim.percent:g} %, no proof")
            continue
        counts = Counter(status.of(operation.id).state.value for operation in phase.operations)
        words = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in counts.most_common())
        lines.append(f"  {phase.id:<3} {phase.title:<34} {words}")
    return lines


def _trouble(plan: Plan, status: PlanStatus) -> list[str]:
    return [
        f"  {key}: {current.state.value.replace('_', ' ')}: {current.why or ''}".rstrip(": ")
        for key in plan.operations
        if (current := status.of(key)).state in TROUBLE
    ]


def _back(plan: Plan, status: PlanStatus) -> list[str]:
    back = way_back(plan, PlanGraph.of(plan), status, standing(plan, status))
    if not back.operations:
        way = "way back: nothing stands"
    elif back.possible:
        way = (
            f"way back: {len(back.operations)} operations, about {back.minutes:g} min by the plan's estimates"
        )
    else:
        way = f"way back: blocked by {', '.join(back.blocked_by)}"
    return [way, f"journal head #{status.seq} {status.hash[:12]}"]
