"""The `status` object of the command line, which programs rely on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from console.journal.told import Told
from operations.engine.way_back import standing, way_back
from operations.plan.backing import backing_of_group
from operations.plan.graph import PlanGraph
from operations.plan.models import Phase, Plan, SubPhase
from operations.plan.proofs import WayBackProof
from screens.times import seconds_since
from state.projections.evidence import Evidence
from state.projections.gate import GateHistory
from state.projections.states import PlanStatus, RunState


def status_object(plan: Plan, told: Told, now: datetime, *, read_only: bool) -> dict[str, Any]:
    """The object that `status`, `run`, `rollback` and `resume` print; ages are seconds before `now`."""
    status = told.status
    run = status.run
    proofs = told.proofs(plan)
    back = way_back(plan, PlanGraph.of(plan), status, standing(plan, status))
    return {
        "plan": plan.plan,
        "run": run.id if run else None,
        "state": (run.state if run else RunState.NONE).value,
        "read_only": read_only,
        "identity": run.identity if run else None,
        "head": {"seq": status.seq, "hash": status.hash},
        "operations": {
            key: {**_operation(plan, status, key), "badge": _badge(proofs[key], now)}
            for key in plan.operations
        },
        "phases": {phase.id: _phase(phase, told.evidence, now) for phase in plan.phases},
        "whole_plan": _badge(told.whole(plan), now),
        "gates": {gate.id: _gate(told.gates.get(gate.id), now) for gate in plan.gate},
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
        "phase": plan.place[key][0].id,
        "subphase": plan.place[key][1].id,
        "started_at": operation.started_at,
        "ended_at": operation.ended_at,
        "why": operation.why,
    }


def _badge(proof: WayBackProof, now: datetime) -> dict[str, Any]:
    """What is proven of a way back: `standing` as it is now, the rest of the last rehearsal."""
    badge = proof.badge
    return {
        "standing": proof.standing.value,
        "at": badge.at if badge else None,
        "age_seconds": _age(badge.at if badge else None, now),
        "proofs": badge.proofs if badge else 0,
        "p95_seconds": badge.p95 if badge else None,
        "why": proof.why,
    }


def _gate(history: GateHistory | None, now: datetime) -> dict[str, Any] | None:
    """The newest verdict of a gate in the journal, None where there is none; `cutover gate` says whether it still holds."""
    last = history.last if history else None
    if last is None:
        return None
    age = _age(last.at, now)
    return {"verdict": last.decision.value, "seq": last.seq, "at": last.at, "age_seconds": age}


def _phase(phase: Phase, evidence: Evidence, now: datetime) -> dict[str, Any]:
    return {
        **_claim_and_evidence(phase, evidence, now),
        "subphases": {sub.id: _claim_and_evidence(sub, evidence, now) for sub in phase.subphases},
    }


def _claim_and_evidence(group: Phase | SubPhase, evidence: Evidence, now: datetime) -> dict[str, Any]:
    """What is claimed beside what checks bear out; no check is no evidence, whatever is claimed."""
    claim, backing = group.claim, backing_of_group(group, evidence)
    return {
        "claim": {"status": claim.status.value, "percent": claim.percent, "by": claim.by},
        "evidence": {
            "passed": backing.passed,
            "made": backing.made,
            "total": backing.total,
            "newest": backing.newest,
            "oldest": backing.oldest,
            "newest_age_seconds": _age(backing.newest, now),
        },
    }


def _age(at: str | None, now: datetime) -> float | None:
    seconds = seconds_since(at, now)
    return None if seconds is None else round(seconds)
