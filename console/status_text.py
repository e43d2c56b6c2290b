"""Where a plan stands, as text for one screen."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from console.journal.told import Told
from console.output import clean, table
from operations.checks.gate_standing import stand
from operations.engine.way_back import standing, way_back
from operations.plan.audit.words import plural
from operations.plan.backing import backing_of_group, uncovered
from operations.plan.graph import PlanGraph
from operations.plan.models import Claim, ClaimStatus, Phase, Plan
from operations.plan.proofs import Standing
from screens.proof_words import WORD, whole_text
from screens.times import age_of, aged
from state.projections.gate import GateHistory
from state.projections.states import OperationState, PlanStatus

DONE = (OperationState.SUCCEEDED, OperationState.MARKED_DONE)
TROUBLE = (
    OperationState.FAILED,
    OperationState.IN_DOUBT,
    OperationState.HELD,
    OperationState.BLOCKED,
    OperationState.SKIPPED,
)


def status_text(plan: Plan, told: Told, now: datetime) -> str:
    """One screen: run, phases with claims and evidence, what needs a person, the way back, the journal's head."""
    status = told.status
    lines = [*_run(plan, status), *_phases(plan, told, now), *_trouble(plan, status), *_back(plan, status)]
    lines[-1:-1] = [_proofs(plan, told, now), whole_text(told.whole(plan), now), *_gates(plan, told, now)]
    return "\n".join(clean(line) for line in lines)


def _run(plan: Plan, status: PlanStatus) -> list[str]:
    run = status.run
    if run is None:
        return [f"{plan.plan}  nothing has been run"]
    where = f"{run.setting}  {run.account}  {run.region}  {run.endpoint or ''}".rstrip()
    why = f": {run.why}" if run.why else ""
    return [f"{plan.plan}  run {run.id}  {run.direction.value}  {run.state.value}{why}", where]


def _phases(plan: Plan, told: Told, now: datetime) -> list[str]:
    """A line a phase: how its operations are, what is claimed, what checks bear out."""
    rows = [
        (f"{phase.id} {phase.title}", _done(phase, told.status), _claim(phase.claim), _rest(phase, told, now))
        for phase in plan.phases
    ]
    return table(rows, ("phase", "done", "claim", "evidence")).split("\n")


def _done(phase: Phase, status: PlanStatus) -> str:
    """How many of the operations are done."""
    done = sum(status.of(operation.id).state in DONE for operation in phase.operations)
    return f"{done}/{len(phase.operations)}" if phase.operations else "-"


def _claim(claim: Claim) -> str:
    """What somebody says: a share, and a word where it is neither complete nor not begun."""
    plain = claim.status in (ClaimStatus.NOT_STARTED, ClaimStatus.COMPLETE)
    return f"{claim.percent:g} %" + ("" if plain else f" {claim.status.value.replace('_', ' ')}")


def _rest(phase: Phase, told: Told, now: datetime) -> str:
    """What checks say, how old the newest of them is, sub-phases that none is about; then operations under way or undone."""
    backing = backing_of_group(phase, told.evidence)
    evidence = f"{backing.passed} of {backing.total}" if backing.total else "none"
    age = f", {age_of(backing.newest, now)} old" if backing.newest else ""
    bare = uncovered(phase) if backing.total else ()
    states = Counter(told.status.of(operation.id).state for operation in phase.operations)
    other = [
        f"{count} {state.value.replace('_', ' ')}"
        for state, count in states.most_common()
        if state not in (*DONE, OperationState.PENDING, OperationState.READY)
    ]
    return "; ".join([evidence + age, *([f"not {' '.join(bare)}"] if bare else []), *other])


def _proofs(plan: Plan, told: Told, now: datetime) -> str:
    """How many ways back are proven in the sandbox as the plan is now, and how old the oldest proof is."""
    proofs = told.proofs(plan).values()
    counts = Counter(WORD[proof.standing] for proof in proofs)
    words = ", ".join(f"{count} {word}" for word, count in counts.most_common())
    times = [each.badge.at for each in proofs if each.badge and each.standing is Standing.PROVEN]
    oldest = f"; oldest proof {aged(min(times), now)}" if times else ""
    return f"ways back: {words}{oldest}"


def _gates(plan: Plan, told: Told, now: datetime) -> list[str]:
    """A line for each gate: the newest verdict, its age, and whether it is open now."""
    lines = []
    for gate in plan.gate:
        history = told.gates.get(gate.id, GateHistory())
        if history.last is None:
            lines.append(f"gate {gate.id}: never decided")
            continue
        standing = stand(plan, gate.id, told.evidence, history, "", now)
        word = "open" if standing.open else f"not open: {standing.blockers[0]}"
        was = f"{history.last.decision} {age_of(history.last.at, now)} ago"
        changed = "" if standing.decision is history.last.decision else f", now {standing.decision}"
        lines.append(f"gate {gate.id}: {was}{changed}; {word}")
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
        way = f"way back: {plural(len(back.operations), 'operation')}, about {back.minutes:g} min by the plan's estimates"
    else:
        way = f"way back: blocked by {', '.join(back.blocked_by)}"
    return [way, f"journal head #{status.seq} {status.hash[:12]}" if status.seq else "no journal yet"]
