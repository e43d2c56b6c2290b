"""The `status` object of the command line, which programs rely on."""

from __future__ import annotations

from typing import Any

from operations.engine.way_back import standing, way_back
from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from state.projections.states import PlanStatus, RunState


def status_object(plan: Plan, status: PlanStatus, *, read_only: bool) -> dict[str, Any]:
    """The object that `status`, `run`, `rollback` and `resume` print."""
    run = status.run
    back = way_back(plan, PlanGraph.of(plan), status, standing(plan, status))
    return {
        "plan": plan.plan,
        "run": run.id if run else None,
        "state": (run.state if run else RunState.NONE).value,
        "read_only": read_only,
        "identity": run.identity if run else None,
        "head": {"seq": status.seq, "hash": status.hash},
        "operations": {key: _operation(plan, status, key) for key in plan.operations},
        "rollback": {
            "possible": back.possible and bool(back.operations),
            "blocked_by": list(back.blocked_by),
            "minutes_p95": round(back.minutes, 1),
        },
        "setting": run.setting if run else None,
        "endpoint": run.endpoint if run else None,
        "why": run.why if run else None,
    }


def _operation(plan: Plan, status: PlanStatus, key: str) -> dict[str, Any]:
    operation = status.of(key)
    return {
        "state": operation.state.value,
        "phase": plan.place[key][1].id,
        "started_at": operation.started_at,
        "ended_at": operation.ended_at,
        "why": operation.why,
    }
