"""Where a gate stands at a moment: the rule over the newest evidence, waivers and sign-offs, and what is in the way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import rfc8785

from operations.checks.gate import CategoryScore, Judgement, Need, Sample, judge, needs, rule_of
from operations.checks.gate_papers import (
    PaperState,
    SignOffStanding,
    WaiverStanding,
    sign_offs_at,
    waivers_at,
)
from operations.plan.models import Plan
from operations.plan.registers import Criterion, Gate
from state.gate_events import GateDecision
from state.projections.evidence import Evidence, LastVerdict
from state.projections.gate import GateHistory, TakenVerdict


@dataclass(frozen=True, slots=True)
class GateStanding:
    """Everything that is known of a gate at one moment.

    Attributes:
        gate: its id.
        decision: what the samples come to now.
        open: whether one may pass: decided for, signed, and for a conditional go every shortfall waived.
        blockers: why it is not open, a line each.
        categories: scores in the plan's order.
        overall: the mean of all, None without a threshold for it.
        samples: every criterion in the plan's order.
        needs: what would make it GO.
        waivers: what was signed for criteria, whether it counts or not.
        sign_offs: one for each approver that the plan names.
        conditions: what a conditional go demands besides, in the plan's words.
        history: verdicts in the journal, oldest first.
    """

    gate: str
    decision: GateDecision
    open: bool
    blockers: tuple[str, ...]
    categories: tuple[CategoryScore, ...]
    overall: CategoryScore | None
    samples: tuple[Sample, ...]
    needs: tuple[Need, ...]
    waivers: tuple[WaiverStanding, ...]
    sign_offs: tuple[SignOffStanding, ...]
    conditions: tuple[str, ...]
    history: tuple[TakenVerdict, ...]

    @property
    def last(self) -> TakenVerdict | None:
        """The newest verdict in the journal."""
        return self.history[-1] if self.history else None


def stand(
    plan: Plan,
    gate_id: str,
    evidence: Evidence,
    history: GateHistory,
    digest: str,
    now: datetime,
) -> GateStanding:
    """Where a gate stands.

    Args:
        plan: the plan.
        gate_id: which of its gates.
        evidence: the last verdicts of the criteria's checks.
        history: what was written about this gate.
        digest: the plan's digest, which sign-offs are about; empty: do not compare.
        now: the moment; evidence, waivers and sign-offs grow old.

    Raises:
        KeyError: the plan has no such gate.
    """
    gate = gate_of(plan, gate_id)
    waivers = waivers_at(gate, history, criterion_digests(plan), now)
    waived = {each.criterion for each in waivers if each.state is PaperState.VALID}
    samples = tuple(
        _sample(criterion, evidence, criterion.id in waived, gate.valid_hours, now)
        for criterion in plan.criteria
    )
    rule = rule_of(gate)
    judged = judge(rule, samples)
    signed = sign_offs_at(gate, history, judged.decision, digest, now)
    blockers = _blockers(judged, samples, signed)
    conditional = gate.conditional
    return GateStanding(
        gate=gate.id,
        decision=judged.decision,
        open=not blockers,
        blockers=blockers,
        categories=judged.categories,
        overall=judged.overall,
        samples=samples,
        needs=needs(rule, samples),
        waivers=waivers,
        sign_offs=signed,
        conditions=conditional.conditions if conditional else (),
        history=history.verdicts,
    )


def gate_of(plan: Plan, gate_id: str) -> Gate:
    """A gate of a plan by its id.

    Raises:
        KeyError: there is none.
    """
    return {gate.id: gate for gate in plan.gate}[gate_id]


def criterion_digest(criterion: Criterion) -> str:
    """The SHA-256 of a criterion's RFC 8785 form: a waiver is about exactly this."""
    return hashlib.sha256(rfc8785.dumps(criterion.model_dump(mode="json"))).hexdigest()


def criterion_digests(plan: Plan) -> Mapping[str, str]:
    """The digest of every criterion."""
    return {criterion.id: criterion_digest(criterion) for criterion in plan.criteria}


def need_text(need: Need, samples: Sequence[Sample]) -> str:
    """One line: which criteria would do, and how they stand now."""
    head = f"{need.category} {need.score:g} of {need.threshold:g}"
    if not need.least:
        return f"{head}: no criterion can bring it there; the plan must change"
    by_id = {each.id: each for each in samples}
    words = ", ".join(f"{key} ({_stand_word(by_id[key])})" for key in need.least)
    others = len(need.of) - len(need.least)
    choice = f"; {others} more do not pass there" if others else ""
    return f"{head}: {words} must pass{choice}"


def _stand_word(sample: Sample) -> str:
    if sample.verdict is None:
        return "never made"
    return sample.problem or sample.verdict.value


def _sample(
    criterion: Criterion, evidence: Evidence, waived: bool, valid_hours: float, now: datetime
) -> Sample:
    last = evidence.checks.get(criterion.id)
    bare = Sample(criterion.id, criterion.category, criterion.title, criterion.weight, waived=waived)
    if last is None:
        return bare
    return Sample(
        criterion.id,
        criterion.category,
        criterion.title,
        criterion.weight,
        last.verdict,
        last.at,
        last.seq or None,
        last.message,
        last.stands_for,
        last.by,
        _problem(last, evidence, valid_hours, now),
        waived,
    )


def _problem(last: LastVerdict, evidence: Evidence, valid_hours: float, now: datetime) -> str | None:
    if last.seq and last.seq < evidence.undone:
        return f"made before event {evidence.undone} began a way back"
    if now - datetime.fromisoformat(last.at) > timedelta(hours=valid_hours):
        return f"older than {valid_hours:g} h"
    return None


def _blockers(
    judged: Judgement, samples: Sequence[Sample], signed: Sequence[SignOffStanding]
) -> tuple[str, ...]:
    if judged.decision is GateDecision.NO_GO:
        lines = [*judged.categories, *([judged.overall] if judged.overall else [])]
        found = [f"{each.id}: {each.why}" for each in lines if each.decision is GateDecision.NO_GO]
        return tuple(found) or ("there is nothing to decide by: no criteria",)
    found = []
    if judged.decision is GateDecision.CONDITIONAL:
        bare = [each.id for each in samples if not each.counts]
        if bare:
            found.append(
                f"conditional: nobody answers for {', '.join(bare)}: waive it, with an owner and a date"
            )
    found += [f"sign-off of {each.role}: {each.why}" for each in signed if each.state is not PaperState.VALID]
    return tuple(found)
