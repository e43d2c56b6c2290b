"""Where a gate stands as JSON, as Markdown, and as the payload of its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from operations.checks.gate import CategoryScore, Rule, Sample, exact, judge
from operations.checks.gate_standing import GateStanding, gate_of, need_text
from operations.checks.reports import cell
from operations.plan.models import Plan
from operations.plan.registers import Conditional
from state.gate_events import CategoryRecord, GateDecision, GateVerdict, RuleRecord, SampleRecord
from state.projections.gate import TakenVerdict


def payload(plan: Plan, standing: GateStanding, digest: str) -> GateVerdict:
    """The verdict with everything that it rests on: it can be worked out again from the event alone."""
    gate = gate_of(plan, standing.gate)
    conditional = gate.conditional.model_dump(mode="json", by_alias=True) if gate.conditional else None
    return GateVerdict(
        gate=standing.gate,
        decision=standing.decision,
        digest=digest,
        rule=RuleRecord(thresholds=dict(gate.thresholds), conditional=conditional),
        categories=tuple(_category(each) for each in standing.categories),
        overall=_category(standing.overall) if standing.overall else None,
        samples=tuple(_sample(each) for each in standing.samples),
        open=standing.open,
        blockers=standing.blockers,
    )


def decided_again(data: Mapping[str, Any]) -> GateDecision:
    """The decision worked out anew from the data of a `gate.verdict` alone: from its samples by its rule.

    Raises:
        ValidationError: the data is not that of a verdict.
    """
    told = GateVerdict.model_validate(data)
    band = told.rule.conditional
    conditional = Conditional.model_validate(band) if band is not None else None
    rule = Rule(tuple((key, exact(value)) for key, value in told.rule.thresholds.items()), conditional)
    samples = [Sample(title="", **each.model_dump()) for each in told.samples]
    return judge(rule, samples).decision


def as_object(standing: GateStanding, now: datetime, event: int | None = None) -> dict[str, object]:
    """The JSON shape of `gate`; ages are seconds before `now`, `event` is the journal's number of the verdict."""
    return {
        "gate": standing.gate,
        "verdict": standing.decision.value,
        "open": standing.open,
        "blockers": list(standing.blockers),
        "categories": [_score(each) for each in standing.categories],
        "overall": _score(standing.overall) if standing.overall else None,
        "samples": [_row(each, now) for each in standing.samples],
        "needs": [
            {**asdict(need), "least": list(need.least), "of": list(need.of)} for need in standing.needs
        ],
        "waivers": [
            {
                **asdict(each),
                "state": each.state.value,
                "missing": list(each.missing),
                "signed": [asdict(one) for one in each.signed],
            }
            for each in standing.waivers
        ],
        "sign_offs": [
            {
                **asdict(each),
                "state": each.state.value,
                "decision": each.decision.value if each.decision else None,
            }
            for each in standing.sign_offs
        ],
        "conditions": list(standing.conditions),
        "event": event,
        "last": _taken(standing.last),
    }


def as_markdown(title: str, at: str, standing: GateStanding) -> str:
    """A report to paste into a ticket: the verdict, the scores, every sample, what is missing, who signed."""
    lines = [f"# {cell(standing.gate)}: {standing.decision}", "", f"{cell(title)}, {at}", ""]
    lines += [f"- not open: {cell(each)}" for each in standing.blockers] or ["- open"]
    lines += [
        "",
        "## Scores",
        "",
        "| category | score | threshold | verdict | why |",
        "|---|---|---|---|---|",
    ]
    for each in (*standing.categories, *([standing.overall] if standing.overall else [])):
        bound = "-" if each.threshold is None else f"{each.threshold:g}"
        lines.append(f"| {cell(each.id)} | {each.score:g} | {bound} | {each.decision} | {cell(each.why)} |")
    lines += ["", "## Samples", "", "| criterion | verdict | made | what was seen |", "|---|---|---|---|"]
    lines += [
        f"| {cell(each.id)} | {cell(verdict_word(each))} | {each.at or '-'} | {cell(seen(each))} |"
        for each in standing.samples
    ]
    if standing.needs:
        lines += ["", "## What would make it GO", ""]
        lines += [f"- {cell(need_text(need, standing.samples))}" for need in standing.needs]
    lines += _signed_markdown(standing)
    return "\n".join(lines) + "\n"


def _signed_markdown(standing: GateStanding) -> list[str]:
    lines: list[str] = []
    if standing.waivers:
        lines += [
            "",
            "## Waivers",
            "",
            "| criterion | state | owner | until | why |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {cell(each.criterion)} | {each.state} | {cell(each.owner)} | {each.until} | {cell(each.reason)} |"
            for each in standing.waivers
        ]
    if standing.sign_offs:
        lines += ["", "## Sign-offs", "", "| role | state | who | when |", "|---|---|---|---|"]
        lines += [
            f"| {cell(each.role)} | {each.state} | {cell(each.actor or '-')} | {each.at or '-'} |"
            for each in standing.sign_offs
        ]
    return lines


def verdict_word(sample: Sample) -> str:
    """A sample's verdict, and what became of it at the gate."""
    word = sample.verdict.value if sample.verdict else "never made"
    if sample.problem:
        word += " (does not count)"
    return f"{word}, waived" if sample.waived and not sample.passes else word


def seen(sample: Sample) -> str:
    """What was seen, why it does not count, who attested it, and in whose place a sandbox made it."""
    parts = [sample.message or sample.title]
    parts += [sample.problem] if sample.problem else []
    parts += [f"attested by {sample.by}"] if sample.by else []
    parts += [f"stands for {sample.stands_for}"] if sample.stands_for else []
    return "; ".join(parts)


def _score(score: CategoryScore) -> dict[str, object]:
    return {
        "id": score.id,
        "score": score.score,
        "threshold": score.threshold,
        "verdict": score.decision.value,
        "waived_score": score.waived_score,
        "why": score.why,
    }


def _row(sample: Sample, now: datetime) -> dict[str, object]:
    age = None if sample.at is None else round((now - datetime.fromisoformat(sample.at)).total_seconds())
    return {
        **asdict(sample),
        "verdict": sample.verdict.value if sample.verdict else None,
        "passes": sample.passes,
        "age_seconds": age,
    }


def _taken(taken: TakenVerdict | None) -> dict[str, object] | None:
    if taken is None:
        return None
    return {"seq": taken.seq, "at": taken.at, "by": taken.actor, "verdict": taken.decision.value}


def _category(score: CategoryScore) -> CategoryRecord:
    return CategoryRecord(
        id=score.id,
        score=score.score,
        waived_score=score.waived_score,
        threshold=score.threshold,
        decision=score.decision,
    )


def _sample(sample: Sample) -> SampleRecord:
    values = asdict(sample)
    values.pop("title")
    return SampleRecord(**values)
